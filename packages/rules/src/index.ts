export { jobLastRunSucceeded } from './rules/job-last-run-succeeded.js'
export { jobSuccessRate } from './rules/job-success-rate.js'

export { jobSuccessRate } from './rules/job-success-rate.js'

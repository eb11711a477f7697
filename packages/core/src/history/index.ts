export { type CapacitySample, type CapacitySource, capacitySamples } from './capacity.js'
export { type Drill, type DrillSource, drills } from './drill.js'
export {
  hasEnded,
  hasSucceeded,
  JOB_STATUSES,
  type JobRun,
  type JobSource,
  type JobStatus,
  jobRuns,
} from './job-run.js'
export { type ProofReport, proofReports } from './proof-report.js'
export { type RecoveryPoint, type RecoveryPointSource, recoveryPoints } from './recovery-point.js'

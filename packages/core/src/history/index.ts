export { auditReports, EARLIER_ROWS, type EarlierAudit, type EarlierRow, type EarlierRule } from './audit-report.js'
export { type CapacitySample, type CapacitySource, capacitySamples } from './capacity.js'
export { type Drill, type DrillSource, drills } from './drill.js'
export { readIsoTime } from './iso-time.js'
export {
  hasEnded,
  hasSucceeded,
  JOB_STATUSES,
  type JobRun,
  type JobSource,
  type JobStatus,
  jobRuns,
} from './job-run.js'
export { HISTORY_SCHEMA } from './line-header.js'
export type { HistoryLinesOptions } from './line-source.js'
export { capacityLines, drillLines, jobLines, recoveryPointLines } from './line-sources.js'
export type { WriteHistoryOptions, WrittenHistory } from './line-writer.js'
export { writeCapacityLines, writeDrillLines, writeJobLines, writeRecoveryPointLines } from './line-writers.js'
export { type ProofReport, proofReports } from './proof-report.js'
export { type RecoveryPoint, type RecoveryPointSource, recoveryPoints } from './recovery-point.js'
export { type PointDetails, type RecoveryPointsOfOptions, recoveryPointsOf } from './recovery-points-of.js'
export { type ReportFilesOptions, reportFiles } from './report-files.js'
export { historySchema } from './row-schema.js'

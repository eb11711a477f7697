import type { CapacitySource } from './capacity.js'
import type { DrillSource } from './drill.js'
import type { JobSource } from './job-run.js'
import { type HistoryLinesOptions, lineSource } from './line-source.js'
import type { RecoveryPointSource } from './recovery-point.js'
import { capacityRow, drillRow, jobRunRow, recoveryPointRow } from './rows.js'

/** Runs of jobs from JSON lines. */
export const jobLines = (options: HistoryLinesOptions): JobSource => lineSource('jobLines', jobRunRow, options)

/** Recovery points from JSON lines. */
export const recoveryPointLines = (options: HistoryLinesOptions): RecoveryPointSource =>
  lineSource('recoveryPointLines', recoveryPointRow, options)

/** Restore tests from JSON lines. */
export const drillLines = (options: HistoryLinesOptions): DrillSource => lineSource('drillLines', drillRow, options)

/** How full stores were, from JSON lines. */
export const capacityLines = (options: HistoryLinesOptions): CapacitySource =>
  lineSource('capacityLines', capacityRow, options)

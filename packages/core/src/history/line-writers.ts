import type { CapacitySample } from './capacity.js'
import type { Drill } from './drill.js'
import type { JobRun } from './job-run.js'
import { type WriteHistoryOptions, type WrittenHistory, writeLines } from './line-writer.js'
import type { RecoveryPoint } from './recovery-point.js'
import { capacityRow, drillRow, jobRunRow, recoveryPointRow } from './rows.js'

/** Writes runs of jobs as JSON lines, for `jobLines`. */
export const writeJobLines = (options: WriteHistoryOptions<JobRun>): Promise<WrittenHistory> =>
  writeLines('writeJobLines', jobRunRow, options)

/** Writes recovery points as JSON lines. */
export const writeRecoveryPointLines = (options: WriteHistoryOptions<RecoveryPoint>): Promise<WrittenHistory> =>
  writeLines('writeRecoveryPointLines', recoveryPointRow, options)

/** Writes restore tests as JSON lines. */
export const writeDrillLines = (options: WriteHistoryOptions<Drill>): Promise<WrittenHistory> =>
  writeLines('writeDrillLines', drillRow, options)

/** Writes samples of how full stores were as JSON lines. */
export const writeCapacityLines = (options: WriteHistoryOptions<CapacitySample>): Promise<WrittenHistory> =>
  writeLines('writeCapacityLines', capacityRow, options)

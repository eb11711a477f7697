import type { HistorySource, HistoryToken } from '../audit/history.js'

/**
 * How a run ended, over all backup systems. `unknown`: the system does not say, or says something that we do not know; never folded
 * into another. `warning`: all is backed up, something is to be looked at. `partial`: something was not backed up.
 */
export type JobStatus = 'success' | 'warning' | 'failed' | 'running' | 'cancelled' | 'skipped' | 'partial' | 'unknown'

export const JOB_STATUSES: readonly JobStatus[] = [
  'success',
  'warning',
  'failed',
  'running',
  'cancelled',
  'skipped',
  'partial',
  'unknown',
]

/**
 * One run of a backup job for one asset. What is `null` or left out a system cannot say, which is not the same as none. Times are
 * milliseconds since 1970, sizes bytes.
 */
export interface JobRun {
  /** Unique among the runs of the asset. */
  readonly id: string
  readonly asset: string
  /** Id of the plan in the policy. */
  readonly plan?: string | null | undefined
  /** For example `veeam`, `aws-backup`, `restic`. */
  readonly system?: string | null | undefined
  /** Name of the job in that system. */
  readonly job?: string | null | undefined
  readonly start: number
  /** Absent while it runs. */
  readonly end?: number | null | undefined
  readonly status: JobStatus
  /** As the system writes it. */
  readonly rawStatus?: string | null | undefined
  readonly kind?: 'full' | 'incremental' | 'differential' | 'log' | 'copy' | null | undefined
  /** Read from the source, before compression and deduplication. */
  readonly bytesProcessed?: number | null | undefined
  /** Sent to the store. */
  readonly bytesTransferred?: number | null | undefined
  /** Files, tables, mailboxes ... in the backup. */
  readonly items?: number | null | undefined
  /** Of `items`, those that differ from the run before. */
  readonly changedItems?: number | null | undefined
  /** Items that should have been backed up and were not: unread, locked, excluded by an error. */
  readonly skippedItems?: { readonly count: number; readonly paths?: readonly string[] | undefined } | null | undefined
  /** Bits per byte of the backed up data, 0 to 8, sampled before compression and encryption. */
  readonly entropy?: number | null | undefined
  readonly error?: { readonly code?: string | null | undefined; readonly message: string } | null | undefined
  readonly recoveryPoint?: string | null | undefined
  readonly destination?: string | null | undefined
  readonly encrypted?: boolean | null | undefined
  readonly immutable?: boolean | null | undefined
  /** Highest load of the source's processors during the run, percent. */
  readonly sourceCpuPercent?: number | null | undefined
  /** When somebody was told that it failed. */
  readonly alertedAt?: number | null | undefined
}

/** Runs of jobs by asset. */
export const jobRuns: HistoryToken<JobRun> = {
  name: 'job.runs',
  description: 'runs of backup jobs',
  target: 'asset',
  targetOf: ({ asset }) => asset,
  timeOf: ({ start }) => start,
  idOf: ({ id }) => id,
  precedenceOf: ({ end }) => end ?? 0,
  badnessOf: ({ status }) => ['partial', 'cancelled', 'failed'].indexOf(status),
}

export type JobSource = HistorySource<JobRun>

/** Whether it came to an end that says something: not `running`, not `skipped` on purpose. */
export const hasEnded = ({ status }: JobRun): boolean => status !== 'running' && status !== 'skipped'

/** Whether everything was backed up. */
export const hasSucceeded = ({ status }: JobRun): boolean => status === 'success' || status === 'warning'

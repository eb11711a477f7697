import type { FoldContext } from '@backproof/core/audit'
import type { JobRun, JobStatus } from '@backproof/core/history'
import { isRunAhead, windowStart } from './runs.js'
import { type Ring, ring } from './statistics/index.js'
import { days } from './time.js'

/** What is kept of a run. */
export interface RecentRun {
  readonly id: string
  readonly plan: string | null
  readonly start: number
  /** `null`: it is still going, or nobody says when it ended. */
  readonly end: number | null
  readonly status: JobStatus
  readonly sourceCpuPercent: number | null
}

/** The runs of a window, whatever they came to. Skipped ones never ran. */
export interface RecentRuns {
  /** The newest {@link RUN_LIMIT}. */
  readonly kept: Ring<RecentRun>
  /** One that lies after the clock of the audit. */
  ahead?: JobRun
}

/** Runs that are kept: one every five minutes for a month. */
export const RUN_LIMIT = 10_000

export const noRuns = (): RecentRuns => ({ kept: ring(RUN_LIMIT) })

/** Keeps a run that started or ended within the last days, or is still going. */
export const keepRecent = (
  state: RecentRuns,
  run: JobRun,
  context: FoldContext<{ windowDays: number }>,
): RecentRuns => {
  const { id, plan = null, start, end = null, status, sourceCpuPercent = null } = run
  if (isRunAhead(run, context.now)) state.ahead = run
  else if (status !== 'skipped') {
    const begin = windowStart(context, days(context.options.windowDays))
    if (Math.max(start, end ?? start) >= begin || status === 'running')
      state.kept.push({ id, plan, start, end, status, sourceCpuPercent })
  }
  return state
}

/**
 * How long a run was certainly under way: to its end, or to `until` while it is going. `undefined`: nobody says when it ended, or
 * it ended before it began.
 */
export const knownEnd = ({ start, end, status }: RecentRun, until: number): number | undefined => {
  if (end === null) return status === 'running' ? Math.max(start, until) : undefined
  return end < start ? undefined : end
}

/** Where more runs were seen than kept, only the newest are judged: a sample, in runs. */
export const sampleOf = ({ kept }: RecentRuns): { readonly sampled?: { taken: number; of: number } } =>
  kept.pushed > RUN_LIMIT ? { sampled: { taken: RUN_LIMIT, of: kept.pushed } } : {}

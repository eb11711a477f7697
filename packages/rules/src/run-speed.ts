import type { FoldContext } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import {
  type BaselineOptions,
  type Comparison,
  lastAgainstBaseline,
  newestAgainstOldest,
  runningAgainstBaseline,
} from './baseline.js'
import type { Measures, RunSeries } from './run-series.js'

/** How long a run took (milliseconds), what it moved (bytes), and how fast (bytes a second). */
export type Speed = 'duration' | 'read' | 'sent' | 'readRate' | 'sentRate'

export const speedOf = ({ start, end, bytesProcessed, bytesTransferred }: JobRun): Measures<Speed> => {
  const duration = end === undefined || end === null || end < start ? null : end - start
  const rate = (bytes: number | null): number | null =>
    bytes === null || duration === null || duration === 0 ? null : (bytes * 1_000) / duration
  const [read, sent] = [bytesProcessed ?? null, bytesTransferred ?? null]
  return { duration, read, sent, readRate: rate(read), sentRate: rate(sent) }
}

/** One way of comparing, for a measure. */
export type Compare = (measure: Speed) => Comparison<Speed> | undefined

export const lastRun =
  (series: RunSeries<Speed>, options: BaselineOptions): Compare =>
  (measure) =>
    lastAgainstBaseline(series, measure, options)

export const newestRuns =
  (series: RunSeries<Speed>, options: BaselineOptions): Compare =>
  (measure) =>
    newestAgainstOldest(series, measure, options)

/** How long the run that is still going has taken so far. */
export const runningSoFar = (
  series: RunSeries<Speed>,
  options: BaselineOptions,
  { now, observedAt }: Pick<FoldContext, 'now' | 'observedAt'>,
): Comparison<Speed> | undefined => {
  const { running } = series
  if (running === undefined) return undefined
  const { id, start } = running
  const measures = speedOf({ ...running, end: Math.max(start, Math.min(now, observedAt)) })
  return runningAgainstBaseline<Speed>(series, { id, start, measures }, 'duration', options)
}

/**
 * Throughput where it says something: of runs that moved at least half of what is usual. What moves little is busy with looking
 * around. What was read from the source counts; where that is not told, what was sent to the store.
 */
export const comparableThroughput = (
  compare: Compare,
): { readonly known: boolean; readonly rate?: Comparison<Speed> } => {
  for (const [moved, speed] of [
    ['read', 'readRate'],
    ['sent', 'sentRate'],
  ] as const) {
    const [bytes, rate] = [compare(moved), compare(speed)]
    if (bytes === undefined || rate === undefined) continue
    return bytes.value * 2 >= bytes.median ? { known: true, rate } : { known: true }
  }
  return { known: false }
}

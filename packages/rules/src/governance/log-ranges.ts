import type { Review } from '@backproof/core/audit'
import { days } from '../time.js'

/** What a review says it looked at. Both ends inclusive, milliseconds since 1970. */
export interface LogRange {
  readonly from: number
  readonly to: number
  readonly review: Review
}

/** Logs that no review looked at, between two that did. */
export interface Hole {
  /** Last moment that was looked at before. */
  readonly after: number
  /** First moment that was looked at again. */
  readonly before: number
  readonly left: Review
  readonly right: Review
}

/** Days end a millisecond before the next, times that are written by hand a second. */
const SEAM = 1_000

/** The range of a review; `undefined` where it tells none, or one that ends before it begins. Nobody looks at logs of days after the review. */
export const logRange = (review: Review): LogRange | undefined => {
  const { from, to, at } = review
  if (from === undefined || to === undefined) return undefined
  const end = Math.min(to, at + days(1) - 1)
  return end >= from ? { from, to: end, review } : undefined
}

/** What lies between ranges, in order of time. */
export const holesIn = (ranges: readonly LogRange[]): readonly Hole[] => {
  const holes: Hole[] = []
  let last: LogRange | undefined
  for (const range of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (last !== undefined && range.from - last.to > SEAM)
      holes.push({ after: last.to, before: range.from, left: last.review, right: range.review })
    if (last === undefined || range.to > last.to) last = range
  }
  return holes
}

/** The range that reaches furthest; of several the one that was looked at first: to look again is no progress. */
export const furthest = (ranges: readonly LogRange[]): LogRange | undefined =>
  ranges.reduce<LogRange | undefined>(
    (best, range) =>
      best === undefined || range.to > best.to || (range.to === best.to && range.review.at < best.review.at)
        ? range
        : best,
    undefined,
  )

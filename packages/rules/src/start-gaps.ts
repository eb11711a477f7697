import { days } from './time.js'

/** Starts that are expected in a range, `from` inclusive, `to` exclusive; ascending. */
export type StartsOf = (range: { readonly from: number; readonly to: number }) => Iterable<number>

/** The time between two neighbouring starts, or between one and an end of the range: then it may be longer. Milliseconds since 1970. */
export interface StartGap {
  readonly from: number
  readonly to: number
}

export interface StartGaps {
  /** Starts that were looked at. */
  readonly starts: number
  readonly longest: StartGap
  /** Gaps that are longer than the limit, by up to an hour. */
  readonly slightly: number
  /** Gaps that are longer than that. */
  readonly over: number
}

const HOUR = 3_600_000
/** Starts that are asked for at once: what is asked again for another asset is remembered by parts. */
const PART = days(5)
/** One every five minutes for a year, and some. Where there are more, the rest is looked at in steps. */
const MOST = 110_000

/**
 * Gaps between the starts of all sources together. Of more starts than {@link MOST} the rest is only shown to have no gap that is longer
 * than the limit: `longest` is then that of the first.
 */
export const startGaps = (
  sources: readonly StartsOf[],
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): StartGaps => {
  let starts = 0
  let slightly = 0
  let over = 0
  let longest: StartGap = { from, to: from }
  let last = from
  const reach = (start: number): void => {
    const length = start - last
    if (length > longest.to - longest.from) longest = { from: last, to: start }
    if (length > limit + HOUR) over += 1
    else if (length > limit) slightly += 1
    last = start
  }
  for (let begin = from; begin < to; begin += PART) {
    if (starts > MOST) {
      walkDense(sources, { last: () => last, reach, to, limit })
      break
    }
    const part = sources.flatMap((source) => [...source({ from: begin, to: Math.min(begin + PART, to) })])
    if (sources.length > 1) part.sort((a, b) => a - b)
    starts += part.length
    for (const start of part) reach(start)
  }
  reach(to)
  return { starts, longest, slightly, over }
}

/** Goes from a start to one that is at most the limit later: what lies between is no longer gap than that. */
const walkDense = (
  sources: readonly StartsOf[],
  { last, reach, to, limit }: { last: () => number; reach: (start: number) => void; to: number; limit: number },
): void => {
  const first = (from: number, until: number): number | undefined => {
    let earliest: number | undefined
    for (const source of sources)
      for (const start of source({ from, to: Math.min(until, to) })) {
        if (earliest === undefined || start < earliest) earliest = start
        break
      }
    return earliest
  }
  while (last() < to) {
    const at = last()
    const half = Math.ceil(limit / 2)
    const next =
      first(at + half, at + limit + 1) ?? lastBetween(sources, at + 1, Math.min(at + half, to)) ?? first(at + 1, to)
    if (next === undefined) return
    reach(next)
  }
}

const lastBetween = (sources: readonly StartsOf[], from: number, to: number): number | undefined => {
  let latest: number | undefined
  if (from < to)
    for (const source of sources)
      for (const start of source({ from, to })) if (latest === undefined || start > latest) latest = start
  return latest
}

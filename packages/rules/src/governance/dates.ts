import { isAhead } from '../time.js'

/** Whether something happened within `maxAge` milliseconds. What is dated after the clock of the audit has not happened yet. */
export const isCurrent = (at: number | undefined, now: number, maxAge: number): boolean =>
  at !== undefined && at >= now - maxAge && !isAhead(at, now)

/** The newest of some times that are not after the clock of the audit. */
export const newestOf = (times: readonly (number | undefined)[], now: number): number | undefined =>
  times.reduce(
    (newest, at) => (at === undefined || isAhead(at, now) || (newest !== undefined && newest >= at) ? newest : at),
    undefined,
  )

import { isAhead, lastOf } from '../time.js'

/**
 * Whether something happened within `maxAge` milliseconds. A date stands for its whole day: what was done on it may have been done at
 * its end. What is dated after the clock of the audit has not happened yet.
 */
export const isCurrent = (at: number | undefined, now: number, maxAge: number): boolean =>
  at !== undefined && lastOf(at) >= now - maxAge && !isAhead(at, now)

/** Milliseconds since something happened, as {@link isCurrent} counts them; never below 0. */
export const ageOf = (at: number, now: number): number => Math.max(0, now - lastOf(at))

/** The newest of some times that are not after the clock of the audit. */
export const newestOf = (times: readonly (number | undefined)[], now: number): number | undefined =>
  times.reduce(
    (newest, at) => (at === undefined || isAhead(at, now) || (newest !== undefined && newest >= at) ? newest : at),
    undefined,
  )

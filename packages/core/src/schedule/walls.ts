/** Local times at which something is meant to start: milliseconds as if they were UTC, so that no clock jumps. */
export interface Walls {
  /** Ascending, `from` inclusive, `to` exclusive. */
  between(from: number, to: number): Iterable<number>
  /** Meant at times of day, not every so often: once where a local time comes twice. */
  readonly fixed: boolean
  /** Whether one that clocks skip is moved to when they have jumped; else it does not happen. */
  readonly moved: boolean
  /** Nothing starts after this moment (UTC). */
  readonly until?: number | undefined
}

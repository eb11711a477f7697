/** The time of a server, which tests may move. */
export interface Clock {
  /** Milliseconds by which it is ahead of the real time. */
  offsetMs: number
  /** Milliseconds since 1970. */
  now(): number
}

export const createClock = (): Clock => {
  const clock: Clock = { offsetMs: 0, now: () => Date.now() + clock.offsetMs }
  return clock
}

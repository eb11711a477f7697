import { CLOCK_SKEW } from './time.js'

export interface StartQuestion {
  /** Expected starts, ascending; called again for a second look. From {@link LEAD} before `begin` to past `horizon`. */
  readonly expected: () => Iterable<number>
  /** Starts of runs, ascending. */
  readonly began: readonly number[]
  /** Starts from `begin` on, and before `end`, are judged. */
  readonly begin: number
  readonly end: number
  /** Milliseconds that a start may be late. */
  readonly tolerance: number
}

export interface StartAnswer {
  /** Starts that were judged. */
  readonly expected: number
  /** Those that no run answered, ascending. */
  readonly missed: readonly number[]
}

/** How long before the first start that is judged others are looked at: they take the runs that are theirs. */
export const LEAD: number = 2 * CLOCK_SKEW

/**
 * Which expected starts no run answered. One run answers one start.
 *
 * The first run between a start and the next one answers it, if it is in time. What else runs there answers an earlier start that is
 * still open, the oldest first, as when a scheduler catches up. A start never takes the run of a later one, however long the
 * tolerance is: else one that is missing would be hidden by all that follow.
 *
 * Clocks may be apart, so runs may seem to begin a little before their start. Just before a start nobody knows whether a run is early
 * for that or late for the one before: of both readings the one with fewer missing starts counts.
 */
export const missedStarts = (question: StartQuestion): StartAnswer => {
  const early = answerStarts(question, CLOCK_SKEW)
  if (early.missed.length === 0) return early
  const exact = answerStarts(question, 0)
  return exact.missed.length < early.missed.length ? exact : early
}

const answerStarts = (question: StartQuestion, skew: number): StartAnswer => {
  const { began, begin, end, tolerance } = question
  const missed: number[] = []
  const open: number[] = []
  let expected = 0
  let at = 0
  /** Closes what no run from `time` on can answer. */
  const close = (time: number): void => {
    while (open.length > 0 && open[0]! + tolerance < time) missed.push(open.shift()!)
  }
  for (const { start, from, to } of slots(question.expected(), skew)) {
    let isAnswered = false
    for (; at < began.length && began[at]! < to; at++) {
      const run = began[at]!
      if (run < from) continue
      if (!isAnswered && run <= start + tolerance) isAnswered = true
      else {
        close(run)
        open.shift()
      }
    }
    if (start < begin || start >= end) continue
    expected += 1
    if (!isAnswered) open.push(start)
  }
  close(Number.POSITIVE_INFINITY)
  return { expected, missed }
}

interface Slot {
  readonly start: number
  /** Runs from `from` on, and before `to`, are its own. */
  readonly from: number
  readonly to: number
}

function* slots(expected: Iterable<number>, skew: number): Generator<Slot> {
  let start: number | undefined
  let from = 0
  for (const next of expected) {
    const to = next - Math.min(skew, start === undefined ? skew : (next - start) / 2)
    if (start !== undefined) yield { start, from, to }
    start = next
    from = to
  }
  if (start !== undefined) yield { start, from, to: Number.POSITIVE_INFINITY }
}

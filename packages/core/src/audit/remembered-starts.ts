import type { Schedule } from './policy.js'

type StartsOf = (
  schedules: readonly Schedule[],
  range: { readonly from: number; readonly to: number },
) => Iterable<number>

/** Starts that are remembered at once: 4 MB of numbers. */
const MOST = 500_000
/** A range with more of them is worked out each time. */
const MOST_OF_ONE = 10_000
/** What a name takes, in numbers: ranges without a start take room, too. */
const NAME = 50

/**
 * Starts of schedules, worked out once for all assets that share them: that takes longer than most rules do. What was walked only in
 * part is not remembered.
 */
export const rememberedStarts = (startsOf: StartsOf): StartsOf => {
  const known = new Map<string, readonly number[]>()
  let held = 0
  const remember = (name: string, starts: readonly number[]): void => {
    if (held + starts.length + NAME > MOST) {
      known.clear()
      held = 0
    }
    known.set(name, starts)
    held += starts.length + NAME
  }
  return (schedules, range) => {
    const name = `${range.from} ${range.to} ${JSON.stringify(schedules)}`
    return known.get(name) ?? noted(startsOf(schedules, range), (starts) => remember(name, starts))
  }
}

function* noted(starts: Iterable<number>, atEnd: (starts: readonly number[]) => void): Generator<number> {
  const seen: number[] = []
  for (const start of starts) {
    if (seen.length <= MOST_OF_ONE) seen.push(start)
    yield start
  }
  if (seen.length <= MOST_OF_ONE) atEnd(seen)
}

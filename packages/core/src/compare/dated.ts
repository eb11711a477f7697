import type { ObjectFinding } from '../report/finding.js'
import type { Judgement } from './judge.js'
import type { ProveContext } from './prove-context.js'
import type { Pair, RowWork } from './row-state.js'
import { type PairParty, pairSides, sidesOf } from './side-evidence.js'

/** What is said of a pair of which one side is a list that is older than policy permits: nothing that counts. */
export const judgeStale = (present: readonly PairParty[]): NonNullable<Judgement> => ({
  outcome: 'unverifiable',
  reason: 'stale',
  method: 'none',
  sides: present.length === 2 ? pairSides(present[0]!, present[1]!) : sidesOf(present),
})

/** Outcomes that a change after the list was made explains as well as damage does. */
const EXPLAINED: ReadonlySet<string> = new Set(['mismatch', 'missing', 'extra'])

/**
 * Adds to a judgement how old its lists are. An object that changed after a list was made is no damage because the list has
 * another one, or none: that nothing is known of it is told instead.
 */
export const withDates = (
  judgement: NonNullable<Judgement>,
  work: RowWork,
  pair: Pair,
  { parties }: ProveContext,
): NonNullable<Judgement> => {
  // Most places are no lists, and this runs for every finding.
  if (parties[0]!.traits.asOf === undefined && parties[pair.subject]!.traits.asOf === undefined) return judgement
  const places = [0, pair.subject] as const
  const isNewer = places.some((place, i) => {
    const { asOf } = parties[places[1 - i]!]!.traits
    const modified = work.row.entries[place]?.entry.modified
    return asOf !== undefined && modified !== undefined && modified > asOf
  })
  const dated = { ...judgement, sides: datedSides(judgement.sides, places, parties) }
  if (!isNewer || !EXPLAINED.has(judgement.outcome)) return dated
  const { grade: _grade, rotten: _rotten, rottenBy: _by, firstDifference: _first, ...rest } = dated
  return { ...rest, outcome: 'unverifiable', reason: 'newer-than-list' }
}

const datedSides = (
  sides: ObjectFinding['sides'] = {},
  places: readonly [number, number],
  parties: ProveContext['parties'],
): ObjectFinding['sides'] => {
  const dated = { ...sides }
  for (const place of places) {
    const { name, traits } = parties[place]!
    if (traits.asOf !== undefined) dated[name] = { ...sides[name], asOf: traits.asOf }
  }
  return dated
}

import type { Reason } from '../report/finding.js'
import type { Judgement } from './judge.js'
import type { ProveContext } from './prove-context.js'
import { partiesRead } from './row-needs.js'
import { entryOf, type Pair, partyOf, type RowWork } from './row-state.js'
import { pairSides, sidesOf } from './side-evidence.js'
import type { Refusal, Spending } from './spending.js'

/**
 * Gives up the reads of a row that may not be spent, and says so of the pairs that waited for them. What a pair needs is spent
 * together or not at all.
 */
export const refuseReads = (work: RowWork, spending: Spending, context: ProveContext): void => {
  const granted = new Set<number>()
  const spend = (sides: readonly number[]): Refusal | undefined => {
    const more = sides.filter((side) => work.needs[side] !== undefined && !granted.has(side))
    const refusal = more.length === 0 ? undefined : spending.read(more.map((side) => [side, entryOf(work, side)]))
    if (refusal === undefined) for (const side of more) granted.add(side)
    return refusal
  }
  const givenUp = new Set<number>()
  for (const pair of work.pairs) {
    if (pair.judgement !== undefined) continue
    const sides = neededBy(pair, context)
    const refusal = spend(sides)
    if (refusal === undefined) continue
    // What was found stays found: only the rotten side stays without a name.
    pair.judgement = pair.differing?.judgement ?? unspent(refusal, work, pair, context)
    for (const side of sides) givenUp.add(side)
  }
  work.needs.forEach((need, side) => {
    if (need === undefined || granted.has(side)) return
    // Pairs that are decided have something measured; the rest was for those that are given up.
    if (givenUp.has(side) || spend([side]) !== undefined) work.needs[side] = undefined
  })
}

/** The sides that a pair waits for. */
const neededBy = ({ subject, differing, plan, next }: Pair, { fixity }: ProveContext): readonly number[] => {
  if (fixity) return [subject]
  const proof = differing?.proof ?? plan?.proofs[next]
  return partiesRead(proof, subject)
}

const unspent = (
  reason: Refusal & Reason,
  work: RowWork,
  pair: Pair,
  context: ProveContext,
): NonNullable<Judgement> => {
  const subject = partyOf(work, pair.subject, context)
  const own = context.policy.ownDigests === true
  const sides = own ? sidesOf([subject]) : pairSides(partyOf(work, 0, context), subject)
  return { outcome: 'unverifiable', reason, method: 'none', sides }
}

import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Measure } from '../digest/digest.js'
import type { Proof } from '../evidence/planner.js'
import { canRead } from '../evidence/read-proofs.js'
import type { ProveContext } from './prove-context.js'
import { entryOf, type Pair, type RowWork, type SideNeed } from './row-state.js'

/** Has the entropy of the subject measured, where it is asked for or where the baseline recorded one to compare with. */
export const measureEntropy = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const wanted = context.entropy || (context.drift && entryOf(work, 0).entropy !== undefined)
  if (!wanted || !canRead(context.parties[pair.subject]!.traits.readCost)) return
  needOf(work, pair.subject, context).algorithms.add('entropy')
}

/** The parties whose bytes a proof reads. */
export const partiesRead = (proof: Proof | undefined, subject: number): readonly number[] => {
  switch (proof?.method) {
    case 'one-sided-read':
      return [proof.read === 'reference' ? 0 : subject]
    case 'two-sided-read':
    case 'bytes':
      return [0, subject]
    default:
      return []
  }
}

/** What is to be read of a side; with that, that it is read at all. */
export const needOf = (work: RowWork, side: number, context: ProveContext): SideNeed => {
  work.needs[side] ??= { algorithms: new Set<Measure>(context.record), compare: false }
  return work.needs[side]
}

/** Notes what must be read for a proof; `false` when all of it was read before. */
export const register = (work: RowWork, pair: Pair, proof: Proof, context: ProveContext): boolean => {
  const { subject } = pair
  switch (proof.method) {
    case 'bytes':
      if (work.observed[subject]?.equal !== undefined) return false
      needOf(work, 0, context)
      needOf(work, subject, context).compare = true
      return true
    case 'two-sided-read': {
      // What tells of one side tells something of the other too: that its bytes have that digest.
      const more = [...proof.telling.reference, ...proof.telling.subject]
      const sides = [0, subject].filter((side) => need(work, side, [proof.algorithm], more, context))
      return sides.length > 0
    }
    case 'one-sided-read': {
      if (proof.read === 'subject') return need(work, subject, proof.measures, [], context)
      return need(work, 0, proof.measures, proof.trusted ? [] : toldWhenAsked(subject, context), context)
    }
    default:
      return false
  }
}

/** Notes what is to be read again of sides that differ so that the rotten one can be named; `false` when nothing is. */
export const registerTelling = (work: RowWork, pair: Pair, proof: Proof, context: ProveContext): boolean => {
  if (proof.method !== 'two-sided-read') return false
  const { reference, subject } = proof.telling
  const sides = [need(work, 0, reference, [], context), need(work, pair.subject, subject, [], context)]
  return sides.includes(true)
}

/**
 * Notes measures of a side that were not computed yet; where that makes it be read, `more` of it in the same pass.
 *
 * @returns Whether it is to be read.
 */
const need = (
  work: RowWork,
  side: number,
  measures: readonly Measure[],
  more: readonly Measure[],
  context: ProveContext,
): boolean => {
  const known = work.observed[side]?.digests ?? {}
  const isMissing = (measure: Measure): boolean => !(measure in known)
  if (!measures.some(isMissing)) return false
  for (const measure of [...measures, ...more].filter(isMissing)) needOf(work, side, context).algorithms.add(measure)
  return true
}

/**
 * Digests that a place may tell when it is asked, because the one from its listing differs and that proves nothing: they are
 * computed in the same pass, so that the reference is read once.
 */
const toldWhenAsked = (subject: number, { parties }: ProveContext): readonly Measure[] =>
  parties[subject]!.traits.statDigests.map(({ algorithm }) => algorithm).filter(isKnownAlgorithm)

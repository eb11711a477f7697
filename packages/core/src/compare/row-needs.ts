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

/** What is to be read of a side; with that, that it is read at all. */
export const needOf = (work: RowWork, side: number, context: ProveContext): SideNeed => {
  work.needs[side] ??= { algorithms: new Set<Measure>(context.record), compare: false }
  return work.needs[side]
}

/** Notes what must be read for a proof; `false` when all of it was read before. */
export const register = (work: RowWork, pair: Pair, proof: Proof, context: ProveContext): boolean => {
  const measure = (side: number, measures: readonly Measure[]): boolean => {
    const known = work.observed[side]?.digests ?? {}
    const missing = measures.filter((one) => !(one in known))
    for (const one of missing) needOf(work, side, context).algorithms.add(one)
    return missing.length > 0
  }
  switch (proof.method) {
    case 'bytes':
      if (work.observed[pair.subject]?.equal !== undefined) return false
      needOf(work, 0, context)
      needOf(work, pair.subject, context).compare = true
      return true
    case 'two-sided-read': {
      const measures = [proof.algorithm, ...proof.telling]
      return [0, pair.subject].filter((side) => measure(side, measures)).length > 0
    }
    case 'one-sided-read':
      return measure(proof.read === 'reference' ? 0 : pair.subject, proof.measures)
    default:
      return false
  }
}

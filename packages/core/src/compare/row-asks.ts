import { mayTell } from '../evidence/asking.js'
import { choose } from '../evidence/choice.js'
import type { ProveContext } from './prove-context.js'
import { type Pair, type RowWork, sideFacts } from './row-state.js'

/** Whether sides of a pair are to be asked for more digests before the proofs that are left are tried; notes which. */
export const asksFirst = (work: RowWork, pair: Pair, context: ProveContext): boolean => {
  const [reference, subject] = [sideFacts(work, 0, context), sideFacts(work, pair.subject, context)]
  const { ask, readsInstead } = choose(reference, subject, work.policy, pair.next)
  if (readsInstead) context.meter.readInstead()
  for (const side of ask) work.ask.add(side === 'reference' ? 0 : pair.subject)
  return ask.length > 0
}

/** Whether the sides of a pair have more to tell, whatever asking costs; notes which. */
export const askOf = (work: RowWork, pair: Pair, context: ProveContext): boolean => {
  const sides = [0, pair.subject].filter((side) => mayTell(sideFacts(work, side, context), work.policy))
  for (const side of sides) work.ask.add(side)
  return sides.length > 0
}

import type { ProofPlan } from '../evidence/planner.js'
import { canRead } from '../evidence/read-proofs.js'
import { fixityProofs, judgeFixity } from './fixity.js'
import type { ProveContext } from './prove-context.js'
import { askOf } from './row-asks.js'
import { measureEntropy, needOf, register } from './row-needs.js'
import { entryOf, type Pair, partyOf, type RowWork } from './row-state.js'
import { withKnownParts } from './stat-digests.js'
import { checkedDigests } from './told-entry.js'
import { undecided } from './undecided.js'

/**
 * A verification reads every object once and checks every digest it can, whatever policy accepts. What has no digest is
 * read all the same where it can be: damage that the device reports is found, and digests are recorded when asked for.
 */
export const needFixity = (work: RowWork, pair: Pair, plan: ProofPlan, context: ProveContext): void => {
  const proofs = fixityProofs(plan)
  const wasRead = work.observed[pair.subject] !== undefined
  if (!wasRead) measureEntropy(work, pair, context)
  const registered = proofs.filter((proof) => proof.method === 'one-sided-read' && register(work, pair, proof, context))
  if (registered.length > 0) return
  if (wasRead) {
    const [reference, subject] = [partyOf(work, 0, context), partyOf(work, pair.subject, context)]
    const judgement = judgeFixity(proofs, plan, reference, subject, context)
    if (judgement.outcome !== 'unverifiable' || !askOf(work, pair, context)) pair.judgement = judgement
    return
  }
  const archived = entryOf(work, pair.subject).archived === true
  if (canRead(context.parties[pair.subject]!.traits.readCost) && !archived) needOf(work, pair.subject, context)
  else pair.judgement = undecided(work, pair, context)
}

/**
 * The digests that came with the bytes of a fixity check are those of the version that was read. How its parts were cut does
 * not come with them: that is kept where the same digest was asked about.
 */
export const takeTold = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const told = work.observed[pair.subject]?.told
  const side = work.row.entries[pair.subject]
  if (told === undefined || side === undefined || context.policy.ownDigests !== true) return
  const digests = checkedDigests(told).map((digest) => withKnownParts(digest, side.entry.digests ?? []))
  const entry = { ...side, entry: { ...side.entry, digests } }
  work.row = { ...work.row, entries: work.row.entries.map(() => entry) }
}

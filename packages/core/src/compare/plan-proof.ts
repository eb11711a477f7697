import { type AskableFacts, afterAsking } from '../evidence/asking.js'
import type { Choice } from '../evidence/choice.js'
import type { ProofMethod } from '../evidence/evidence.js'
import { methodOfDigests, type PlanPolicy, type Proof, planProofs } from '../evidence/planner.js'
import type { Reason } from '../report/finding.js'
import { fixityProofs } from './fixity.js'
import type { PlanContext } from './prove-context.js'
import type { Row } from './row.js'
import { listedFacts } from './side-facts.js'
import type { FirstChoice } from './stat-digests.js'

/** The proof that decides once sides were asked: the same as in `choice`, but for what is held against its own digests. */
export const expectedProof = (
  row: Row,
  subject: number,
  { ask, choice }: FirstChoice,
  policy: PlanPolicy,
  context: PlanContext,
): Proof | undefined => {
  if (choice === undefined) return undefined
  if (!context.fixity) return unlessContradicted(choice)
  const told = (party: number): AskableFacts => {
    const facts = listedFacts(row, row.entries[party]!.entry, party, context)
    return ask.includes(party) ? afterAsking(facts, policy) : facts
  }
  if (policy.ownDigests !== true) return fixityProofs({ ...planProofs(told(0), told(subject), policy), weak: [] })[0]
  const listed = told(subject)
  // Its own digests come with the bytes, where its listing tells none.
  const own = ask.length > 0 || listed.digests.length > 0 ? listed : afterAsking(listed, policy)
  return planProofs({ ...told(0), digests: own.digests }, own, policy).proofs[0]
}

/** As the finding says it. */
export const reasonOf = (row: Row, subject: number, { choice }: FirstChoice, { policy }: PlanContext): Reason => {
  const sides = policy.ownDigests === true ? [subject] : [0, subject]
  if (sides.some((side) => row.entries[side]?.entry.archived === true)) return 'archived'
  // Listed digests that are the same for equal objects are not, and nothing else is left.
  if (choice?.plan.proofs.some(({ method }) => method === 'digest') === true) return 'claim-differs'
  return choice?.plan.reason ?? 'no-common-digest'
}

/** Sizes cannot outweigh listed digests that differ. */
const unlessContradicted = ({ proof, plan: { proofs } }: Choice): Proof | undefined =>
  proof?.method === 'size' && proofs.some(({ method }) => method === 'digest')
    ? proofs.find(({ method }) => method !== 'digest' && method !== 'size')
    : proof

/** How a finding would say that the pair was decided. */
export const methodOf = (proof: Proof): ProofMethod => {
  if (proof.method === 'digest') return methodOfDigests(proof.reference, proof.subject)
  // The other side was read before it was joined.
  return proof.method === 'one-sided-read' && proof.stored.provenance === 'computed' ? 'two-sided-read' : proof.method
}

/** Whether nothing more can come of a pair than is expected: digests that accuse where they differ, bytes, or nothing at all. */
export const isCertain = (proof: Proof | undefined, { ask }: FirstChoice): boolean => {
  if (ask.length > 0) return false
  switch (proof?.method) {
    case 'digest':
      return proof.trusted || proof.reference.value === proof.subject.value
    case 'one-sided-read':
      return proof.trusted
    default:
      return true
  }
}

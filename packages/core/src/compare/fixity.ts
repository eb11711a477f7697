import type { Proof, ProofPlan } from '../evidence/planner.js'
import { type Judgement, judgeRead, judgeStored } from './judge.js'
import type { ProveContext } from './prove-context.js'
import { type PairParty, pairSides } from './side-evidence.js'

export type FixityProof = Proof & { readonly method: 'one-sided-read' | 'digest' }

/** Every digest that reading the subject can check or has checked, those that policy accepts first. */
export const fixityProofs = (plan: ProofPlan): readonly FixityProof[] =>
  [...plan.proofs, ...plan.weak].filter((proof): proof is FixityProof =>
    proof.method === 'digest'
      ? proof.subject.provenance === 'computed'
      : proof.method === 'one-sided-read' && proof.read === 'subject',
  )

/**
 * Judges one object that was read against every digest that vouches for it. Any that differs is a mismatch, which names
 * the digest (and so whether it was a claim); else the strongest that policy accepts is the proof.
 */
export const judgeFixity = (
  proofs: readonly FixityProof[],
  plan: ProofPlan,
  reference: PairParty,
  subject: PairParty,
  { record, policy }: Pick<ProveContext, 'record' | 'policy'>,
): NonNullable<Judgement> => {
  const own = policy.ownDigests === true
  let best: { judgement: NonNullable<Judgement>; accepted: boolean } | undefined
  let differing = false
  for (const proof of proofs) {
    const judgement =
      proof.method === 'digest'
        ? judgeStored(proof, reference, subject, record)
        : judgeRead(proof, reference, subject, record)
    if (judgement === undefined) {
      differing = true
      continue
    }
    // The strongest come first: a differing digest of the service is named before a differing claim.
    if (judgement.outcome === 'mismatch') {
      // A claim may be what is wrong; a digest of the service or a record accuses the bytes.
      const against = proof.method === 'digest' ? proof.reference : proof.stored
      if (against.provenance === 'claimed') return judgement
      return { ...judgement, rotten: subject.name, rottenBy: own ? 'own-digest' : 'record' }
    }
    const accepted = plan.proofs.includes(proof)
    if (best === undefined || (accepted && !best.accepted)) best = { judgement, accepted }
  }
  if (best?.accepted === true) return best.judgement
  return {
    outcome: 'unverifiable',
    reason:
      best === undefined
        ? differing
          ? 'claim-differs'
          : (plan.reason ?? 'no-digest')
        : (plan.reason ?? 'below-required-grade'),
    method: 'one-sided-read',
    sides: best?.judgement.sides ?? pairSides(reference, subject, {}, { record }),
  }
}

import { EVIDENCE_LIMIT, type Evidence, matchesPattern, type Policy, type Review } from '@backproof/core/audit'
import { isAhead, isoTime } from '../time.js'
import { isWritten } from './names.js'

/** Reviews of a kind that were done and signed, the newest first. One that is dated in the future was not done yet. */
export const signedReviews = ({ reviews }: Policy, kind: string, now: number): readonly Review[] =>
  reviews
    .filter((review) => review.kind === kind && isWritten(review.by) && !isAhead(review.at, now))
    .sort((a, b) => b.at - a.at)

/**
 * When something was last reviewed by somebody who signed it; for the kind `policy` the policy itself says it too (`reviewed`). Dates
 * that are yet to come do not count. `undefined`: never.
 */
export const lastReview = (kind: string, policy: Policy, now: number): number | undefined => {
  const signed = signedReviews(policy, kind, now)[0]?.at
  const { reviewed } = policy
  if (kind !== 'policy' || reviewed === undefined || isAhead(reviewed, now)) return signed
  return Math.max(reviewed, signed ?? reviewed)
}

/** The stores that a review has to reach, each once. */
export const storeIds = ({ stores }: Policy): readonly string[] => [...new Set(stores.map(({ id }) => id))]

/** Whether a review looked at a store: its scope is left out, or names the store, with `*` for any characters, in a list with commas or semicolons. */
export const coversStore = ({ scope }: Review, store: string): boolean =>
  scope === undefined || [scope, ...scope.split(/[,;]/)].some((one) => matchesPattern(one.trim(), store))

export const reviewEvidence = ({ kind, at, by, scope, from, to }: Review): Evidence => ({
  kind: 'review',
  id: `${kind} ${isoTime(at).slice(0, 10)}`,
  at: isoTime(at),
  data: {
    by,
    scope: scope ?? null,
    from: from === undefined ? null : isoTime(from),
    to: to === undefined ? null : isoTime(to),
  },
})

/** Evidence of many reviews, for verdicts of which there may be many: the first of them, and a count of the rest. */
export const firstReviews = (
  reviews: readonly Review[],
): { readonly evidence: readonly Evidence[]; readonly evidenceOmitted: number } => {
  const evidence = reviews.slice(0, EVIDENCE_LIMIT).map(reviewEvidence)
  return { evidence, evidenceOmitted: reviews.length - evidence.length }
}

/** For a failure that rests on there being no review: how many records were looked through. */
export const noReviewEvidence = ({ reviews }: Policy, kind: string): Evidence => ({
  kind: 'policy',
  id: 'reviews',
  data: { reviews: reviews.length, ofKind: reviews.filter((review) => review.kind === kind).length },
})

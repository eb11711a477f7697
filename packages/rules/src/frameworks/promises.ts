import type { Asset, Policy, RetentionClass } from '@backproof/core/audit'
import { keptDays } from '../recovery-points/kept-days.js'
import { days, isAhead } from '../time.js'
import type { Quantity } from './demands.js'

/** What a policy promises of one asset, in days; `undefined`: it states none, or not for all plans. */
export const promisedDays = (quantity: Quantity, asset: Asset, policy: Policy): number | undefined => {
  switch (quantity) {
    case 'rpo':
      return inDays(asset.rpo)
    case 'rto':
      return inDays(asset.rto)
    case 'restoreEvery':
      return inDays(asset.restoreEvery)
    case 'minRetention':
      return worst(asset, policy, keptDays, Math.min)
    case 'maxRetention':
      return worst(asset, policy, ({ maxDays }) => maxDays, Math.max)
    default:
      return undefined
  }
}

/** Kind of the reviews that a quantity is about; `undefined`: it is about assets. */
export const reviewKind = (quantity: Quantity): string | undefined => REVIEWS[quantity]

const REVIEWS: Readonly<Partial<Record<Quantity, string>>> = {
  policyReview: 'policy',
  accessReview: 'access',
  accessLogReview: 'access-log',
}

/** When something was last reviewed; dates that are yet to come do not count. `undefined`: never. */
export const lastReview = (kind: string, { reviews, reviewed }: Policy, now: number): number | undefined => {
  const times = reviews.flatMap((review) => (review.kind === kind ? [review.at] : []))
  if (kind === 'policy' && reviewed !== undefined) times.push(reviewed)
  return times.reduce<number | undefined>(
    (newest, at) => (isAhead(at, now) || (newest !== undefined && newest >= at) ? newest : at),
    undefined,
  )
}

const inDays = (span: number | undefined): number | undefined => (span === undefined ? undefined : span / days(1))

/** Of each plan what its own class says, else that of the asset; the worst of all plans. */
const worst = (
  { plans, retention }: Asset,
  policy: Policy,
  read: (kept: RetentionClass) => number | undefined,
  choose: (...all: number[]) => number,
): number | undefined => {
  const ofAsset = retention && read(retention)
  const ofPlans = plans.map((plan) => {
    const own = policy.retention.find(({ id }) => id === plan.retention)
    return (own && read(own)) ?? ofAsset
  })
  const all = plans.length === 0 ? [ofAsset] : ofPlans
  const stated = all.flatMap((one) => one ?? [])
  return stated.length < all.length ? undefined : choose(...stated)
}

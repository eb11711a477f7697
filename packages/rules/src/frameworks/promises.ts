import type { Asset, BackupPlan, Policy } from '@backproof/core/audit'
import { isObjective } from '../governance/policy-parts.js'
import { keptDays } from '../recovery-points/kept-days.js'
import { maxRetentionOf } from '../recovery-points/limits.js'
import { classOf } from '../retention/class-of.js'
import { days } from '../time.js'
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
      return worst(
        asset,
        (plan) => {
          const retention = classOf(plan, asset, policy)
          return retention && keptDays(retention)
        },
        (one, other) => one < other,
      )
    case 'maxRetention':
      return worst(
        asset,
        (plan) => maxRetentionOf(plan, asset, policy)?.days,
        (one, other) => one > other,
      )
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

/** A span that is no objective, such as none at all, states nothing. */
const inDays = (span: number | undefined): number | undefined =>
  span !== undefined && isObjective(span) ? span / days(1) : undefined

/** Of each plan what binds it; the worst of all plans. `undefined`: of one of them nobody says. */
const worst = (
  asset: Asset,
  read: (plan: BackupPlan | undefined) => number | undefined,
  isWorse: (one: number, other: number) => boolean,
): number | undefined => {
  const plans = asset.plans.length === 0 ? [undefined] : asset.plans
  let found: number | undefined
  for (const plan of plans) {
    const stated = read(plan)
    if (stated === undefined) return undefined
    if (found === undefined || isWorse(stated, found)) found = stated
  }
  return found
}

import type { Asset, Policy } from '@backproof/core/audit'
import { keptDays } from './kept-days.js'

/** Source: AWS Backup Audit Manager, minimum retention of recovery points. */
export const DEFAULT_DAYS = 35

/** Days that are promised: between two numbers, where it is not known which of several plans made a recovery point. */
export interface RetentionPromise {
  readonly least: number
  readonly most: number
}

/** What the policy promises of the recovery points of a plan: its own class, else that of the asset, else {@link DEFAULT_DAYS}. */
export const promiseOf = (
  plan: string | undefined,
  asset: Asset | undefined,
  policy: Policy | undefined,
): RetentionPromise => {
  const ofAsset = (asset?.retention && keptDays(asset.retention)) ?? DEFAULT_DAYS
  const ofPlan = (retention: string | undefined): number => {
    const known = policy?.retention.find(({ id }) => id === retention)
    return (known && keptDays(known)) ?? ofAsset
  }
  const plans = asset?.plans ?? []
  const one = plans.find(({ id }) => id === plan)
  const promised = (one === undefined ? plans : [one]).map(({ retention }) => ofPlan(retention))
  if (promised.length === 0) return { least: ofAsset, most: ofAsset }
  // Not spread: an asset may have more plans than a call takes arguments.
  return { least: promised.reduce((a, b) => Math.min(a, b)), most: promised.reduce((a, b) => Math.max(a, b)) }
}

/** `35 days`, `7 to 35 days`. */
export const promisePhrase = (promises: readonly RetentionPromise[]): string => {
  const least = Math.min(...promises.map((promise) => promise.least))
  const most = Math.max(...promises.map((promise) => promise.most))
  return least === most ? `${least} days` : `${least} to ${most} days`
}

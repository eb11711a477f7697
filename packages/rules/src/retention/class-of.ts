import type { Asset, BackupPlan, Policy, RetentionClass } from '@backproof/core/audit'

/**
 * The retention class of a plan: its own, else that of its asset. `undefined`: there is none, or the policy does not have the one that
 * the plan names.
 */
export const classOf = (
  plan: BackupPlan | undefined,
  asset: Asset | undefined,
  policy: Policy | undefined,
): RetentionClass | undefined => {
  const own = plan?.retention
  return own === undefined ? asset?.retention : policy?.retention.find(({ id }) => id === own)
}

/** Id of a retention class that a plan of the asset names, and the policy does not have. */
export const missingClass = (asset: Asset | undefined, policy: Policy | undefined): string | undefined =>
  asset?.plans.find((plan) => plan.retention !== undefined && classOf(plan, asset, policy) === undefined)?.retention

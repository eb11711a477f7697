import type { Asset, BackupPlan, Policy, RetentionClass } from '@backproof/core/audit'
import { classOf } from '../retention/class-of.js'

/** When recovery points have to be gone, and who says so. */
export interface MaxRetention {
  /** Days after their creation. */
  readonly days: number
  /** The class that says so; absent where an option does. */
  readonly retention?: RetentionClass | undefined
}

/** The retention classes that bind recovery points of a plan: its own, else that of its asset, and those for the data in the asset. */
const bindingClasses = (
  plan: BackupPlan | undefined,
  asset: Asset | undefined,
  policy: Policy | undefined,
): readonly RetentionClass[] => {
  const own = classOf(plan, asset, policy)
  const data = asset?.dataClasses ?? []
  const others = policy?.retention.filter(({ dataClasses = [] }) => dataClasses.some((one) => data.includes(one))) ?? []
  return own === undefined ? others : [own, ...others]
}

/** The shortest maximum of the classes that bind; of several the first. `undefined`: none of them says. */
export const maxRetentionOf = (
  plan: BackupPlan | undefined,
  asset: Asset | undefined,
  policy: Policy | undefined,
): MaxRetention | undefined => {
  let least: MaxRetention | undefined
  for (const retention of bindingClasses(plan, asset, policy)) {
    const { maxDays } = retention
    if (maxDays !== undefined && (least === undefined || maxDays < least.days)) least = { days: maxDays, retention }
  }
  return least
}

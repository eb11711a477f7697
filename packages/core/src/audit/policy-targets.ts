import type { Asset, Policy, Store } from './policy.js'
import type { AttributeValue, AuditTarget } from './target.js'

/** The assets, plans and stores of a policy as targets, with what it says of them as attributes. Tags are `tag:<name>`. */
export const policyTargets = (policy: Policy): readonly AuditTarget[] => {
  const { assets, plans, stores, declared = {} } = policy
  const at = (pointer: string): Pick<AuditTarget, 'declaredAt'> => {
    const declaredAt = declared[pointer]
    return declaredAt === undefined ? {} : { declaredAt }
  }
  return [
    ...assets.map((asset, i) => ({ ...assetTarget(asset), ...at(`/assets/${i}`) })),
    ...plans.map(({ id, system }, i) => ({ kind: 'plan', id, attributes: given({ system }), ...at(`/plans/${i}`) })),
    ...stores.map((store, i) => ({ ...storeTarget(store), ...at(`/stores/${i}`) })),
  ]
}

const assetTarget = ({ id, name, criticality, owner, dataClasses, active, tags = {} }: Asset): AuditTarget => ({
  kind: 'asset',
  id,
  ...(name !== undefined && { name }),
  attributes: given({
    criticality,
    owner,
    dataClasses,
    active: active ?? true,
    ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`tag:${tag}`, value])),
  }),
})

const storeTarget = ({ id, platform, region, account, provider }: Store): AuditTarget => ({
  kind: 'store',
  id,
  attributes: given({ platform, region, account, provider }),
})

const given = (
  attributes: Readonly<Record<string, AttributeValue | undefined>>,
): Readonly<Record<string, AttributeValue>> =>
  Object.fromEntries(Object.entries(attributes).filter((one): one is [string, AttributeValue] => one[1] !== undefined))

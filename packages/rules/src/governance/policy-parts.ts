import type { Asset, Policy, RetentionClass } from '@backproof/core/audit'
import { isWritten } from './names.js'

/** What a policy has to say, by the names that options use. */
export const POLICY_PARTS = ['scope', 'owner', 'rpo', 'rto', 'retention', 'disposal', 'escalation'] as const

export type PolicyPart = (typeof POLICY_PARTS)[number]

/** A part that a policy does not have in full. */
export interface PartGap {
  readonly part: PolicyPart
  /** Ids of the assets that lack it; none where the policy itself does, or names no asset that could have it. */
  readonly assets: readonly string[]
}

/** The parts that are missing: of the policy as a whole, or of some of its assets. */
export const missingParts = (policy: Policy, required: readonly PolicyPart[]): readonly PartGap[] =>
  POLICY_PARTS.filter((part) => required.includes(part)).flatMap((part): readonly PartGap[] => {
    if (part === 'scope') return policy.assets.length === 0 ? [{ part, assets: [] }] : []
    if (part === 'owner' || part === 'disposal') return isWritten(policy[part]) ? [] : [{ part, assets: [] }]
    const lacking = policy.assets.filter((asset) => !HAS[part](asset, policy)).map(({ id }) => id)
    // Of no asset nothing is said at all.
    return lacking.length > 0 || policy.assets.length === 0 ? [{ part, assets: lacking }] : []
  })

/** Whether a span is an objective: above zero, as in policy files. */
export const isObjective = (span: number | undefined): boolean =>
  span !== undefined && Number.isFinite(span) && span > 0

const HAS: Readonly<Record<'rpo' | 'rto' | 'retention' | 'escalation', (asset: Asset, policy: Policy) => boolean>> = {
  rpo: ({ rpo }) => isObjective(rpo),
  rto: ({ rto }) => isObjective(rto),
  retention: ({ retention, plans }, policy) => {
    const ofPlan = (id: string | undefined): boolean =>
      policy.retention.some((known) => known.id === id && isRetention(known))
    if (retention !== undefined && isRetention(retention)) return true
    return plans.length > 0 && plans.every((plan) => ofPlan(plan.retention))
  },
  escalation: ({ escalation }, policy) => policy.escalation.some(({ id }) => id === escalation),
}

/** A class that names no number promises nothing. */
const isRetention = ({ minDays, maxDays, gfs = {} }: RetentionClass): boolean =>
  minDays !== undefined || maxDays !== undefined || Object.values(gfs).some((slots) => slots > 0)

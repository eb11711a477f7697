import {
  assetPolicy,
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  policyFact,
  type RetentionClass,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { MOST_DAYS } from '../recovery-points/kept.js'
import { longestDays } from '../recovery-points/kept-days.js'
import { DEFAULT_DAYS } from '../recovery-points/promise.js'
import { classOf } from '../retention/class-of.js'

/** How long the policy promises to keep what a plan makes. */
export const planMinRetention = defineRule({
  id: 'plan-min-retention',
  title: 'Plans keep recovery points long enough',
  description: [
    'For each plan of the asset: how long its retention class keeps recovery points. That is its own class, else that of the asset. It keeps them for `minDays`; with a rotation (grandfather, father, son) those of the longest tier, where that is more: the days of the daily tier; 7 for each week, 28 for each month, 365 for each year, less one of them, as the recovery point that stays is made at the end of its period.',
    'It judges the promise. Whether recovery points are kept like that is for `recovery-point-min-retention` and `retention-schedule-complete`; whether they are kept for too long, or for ever, for `retention-max`.',
    'A plan whose retention nobody states is `unknown`.',
  ],
  rationale:
    'Damage is found weeks later. A plan that keeps a week has nothing left from before it, although each of its runs succeeded.',
  category: 'retention',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; SI-12; CIS 3.4; A.8.13', supporting: '316(b)(2)(i); PCI 10.5.1' }),
  remediation: {
    action: 'Lengthen the retention of the plan, in the policy and in the system that prunes',
    effort: 'small',
  },
  messages: {
    'long-enough': {
      status: 'pass',
      text: 'its retention class {class} keeps recovery points for {days} days; {minDays} are required',
    },
    'too-short': {
      status: 'fail',
      text: 'its retention class {class} keeps recovery points for {days} days; {minDays} are required',
    },
    'not-said': { status: 'unknown', text: 'the policy does not say for how long its recovery points are kept' },
    'no-plan': { status: 'not-applicable', text: 'the policy gives it no plan, which asset-has-plan judges' },
    'no-policy': { status: 'unknown', text: 'no policy says for how long its recovery points are kept' },
  },
  options: {
    minDays: numberOption({
      default: DEFAULT_DAYS,
      min: 1,
      max: MOST_DAYS,
      unit: 'days',
      stricter: 'higher',
      source: '35: AWS Backup Audit Manager (minimum retention of plans); Prowler asks for 30 of vaults, 7 of machines',
      description: 'Days for which the retention of each plan has to keep recovery points.',
    }),
  },
  needs: { asset: assetPolicy, policy: policyFact },
  evaluate: ({ facts, options: { minDays } }) => {
    const asset = factValue(facts.asset)
    if (asset === undefined) return { message: 'no-policy' }
    if (asset.plans.length === 0) return { message: 'no-plan' }
    return asset.plans.map((plan) => {
      const subject = plan.id
      const retention = classOf(plan, asset, factValue(facts.policy))
      const days = retention && longestDays(retention)
      if (retention === undefined || days === undefined) return { message: 'not-said', subject } as const
      const data = { class: retention.id, days, minDays }
      const message = days < minDays ? 'too-short' : 'long-enough'
      return { message, subject, data, evidence: [classEvidence(retention)] } as const
    })
  },
})

const classEvidence = ({ id, minDays, gfs = {} }: RetentionClass): Evidence => ({
  kind: 'retention-class',
  id,
  data: { minDays: minDays ?? null, ...gfs },
})

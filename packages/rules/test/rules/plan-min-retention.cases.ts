import type { Asset, RetentionClass } from '@backproof/core/audit'
import { RULE_NOW, type RuleTest } from '@backproof/core/testing'
import { planMinRetention } from '../../src/rules/plan-min-retention.js'
import { plan, policyOf } from '../job-run.js'

const week: RetentionClass = { id: 'week', minDays: 7 }
const quarter: RetentionClass = { id: 'quarter', minDays: 90 }
const asset: Asset = { id: 'shop', plans: [plan('nightly')], copies: [] }
const ask = (parts: Partial<Asset> = {}, retention: readonly RetentionClass[] = [week, quarter]) => ({
  facts: { asset: { ...asset, ...parts }, policy: policyOf({ retention }) },
})
const rotation = (gfs: NonNullable<RetentionClass['gfs']>, minDays?: number) =>
  ask({ retention: { id: 'rotation', gfs, minDays } })
const absent = { state: 'absent', source: 'policy', observedAt: RULE_NOW } as const

export default {
  rule: planMinRetention,
  cases: [
    {
      name: 'The class of the asset keeps 90 days',
      ...ask({ retention: quarter }),
      expect: { message: 'long-enough', subject: 'nightly', data: { class: 'quarter', days: 90, minDays: 35 } },
    },
    {
      name: 'The class of the plan keeps a week',
      ...ask({ retention: quarter, plans: [plan('nightly', { retention: 'week' })] }),
      expect: { message: 'too-short', subject: 'nightly', data: { class: 'week', days: 7 }, evidence: ['week'] },
    },
    {
      name: 'Each plan has its own class',
      ...ask({ plans: [plan('hourly', { retention: 'week' }), plan('nightly', { retention: 'quarter' })] }),
      expect: [
        { message: 'too-short', subject: 'hourly', data: { days: 7 } },
        { message: 'long-enough', subject: 'nightly', data: { days: 90 } },
      ],
    },
    {
      name: 'Seven days, four weeks and twelve months: the last of a month is kept for eleven',
      ...rotation({ daily: 7, weekly: 4, monthly: 12 }),
      expect: { message: 'long-enough', data: { days: 308 } },
    },
    {
      name: 'Seven days and four weeks: that of a Sunday is kept for three',
      ...rotation({ daily: 7, weekly: 4 }),
      expect: { message: 'too-short', data: { days: 21 }, evidence: ['rotation'] },
    },
    {
      name: 'The one of this year may be that of today',
      ...rotation({ daily: 7, yearly: 1 }),
      expect: { message: 'too-short', data: { days: 7 } },
    },
    {
      name: 'All are kept for 35 days, some of each month for longer',
      ...rotation({ monthly: 2 }, 35),
      expect: { message: 'long-enough', data: { days: 35 } },
    },
    {
      name: 'A class that only says when recovery points have to be gone',
      ...ask({ retention: { id: 'short', maxDays: 400 } }),
      expect: { message: 'not-said', subject: 'nightly' },
    },
    { name: 'No class', ...ask(), expect: { message: 'not-said', subject: 'nightly' } },
    {
      name: 'A class that the policy does not have',
      ...ask({ retention: quarter, plans: [plan('nightly', { retention: 'decade' })] }),
      expect: { message: 'not-said', subject: 'nightly' },
    },
    { name: 'No plan', ...ask({ plans: [] }), expect: { message: 'no-plan' } },
    {
      name: 'The policy does not name it',
      facts: { asset: absent, policy: absent },
      expect: { message: 'no-policy' },
    },
  ],
  absent: { asset: { message: 'no-policy' }, policy: { message: 'long-enough' } },
  boundaries: {
    minDays: {
      question: ask({ retention: { id: 'month', minDays: 30 } }),
      limit: 30,
      at: 'long-enough',
      stricter: 'too-short',
      laxer: 'long-enough',
    },
  },
} satisfies RuleTest

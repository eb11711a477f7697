import type { Asset } from '@backproof/core/audit'
import { RULE_NOW, type RuleTest } from '@backproof/core/testing'
import { assetHasPlan } from '../../src/rules/asset-has-plan.js'
import { plan, policyOf } from '../job-run.js'

const asset: Asset = { id: 'shop', plans: [], copies: [] }
const ask = (parts: Partial<Asset> = {}, options = {}) => ({
  facts: { asset: { ...asset, ...parts }, policy: policyOf() },
  options,
})
const absent = { state: 'absent', source: 'policy', observedAt: RULE_NOW } as const

export default {
  rule: assetHasPlan,
  cases: [
    {
      name: 'A plan backs it up',
      ...ask({ plans: [plan('nightly')] }),
      expect: { message: 'planned', data: { count: 1, plans: 'nightly' } },
    },
    {
      name: 'Two plans back it up',
      ...ask({ plans: [plan('weekly'), plan('nightly')] }),
      expect: { message: 'planned', data: { count: 2, plans: 'nightly, weekly' } },
    },
    {
      name: 'Nothing backs it up',
      ...ask({ criticality: 'critical' }),
      expect: { message: 'no-plan', evidence: ['shop'] },
    },
    {
      name: 'Nobody said how critical it is',
      ...ask(),
      expect: { message: 'no-plan', evidence: ['shop'] },
    },
    {
      name: 'It was found, and the policy does not name it',
      facts: { asset: absent, policy: policyOf() },
      expect: { message: 'not-in-policy', evidence: ['shop'] },
    },
    {
      name: 'There is no policy',
      facts: { asset: absent, policy: absent },
      expect: { message: 'no-policy' },
    },
    {
      name: 'It is of low criticality',
      ...ask({ criticality: 'low' }),
      expect: { message: 'not-critical', data: { criticality: 'low' } },
    },
    {
      name: 'It is of low criticality, and those count too',
      ...ask({ criticality: 'low' }, { criticality: ['critical', 'low'] }),
      expect: { message: 'no-plan', evidence: ['shop'] },
    },
    {
      name: 'It is switched off',
      ...ask({ active: false }),
      expect: { message: 'no-plan', evidence: ['shop'] },
    },
    {
      name: 'It is switched off, and such assets are left out',
      ...ask({ active: false }, { includeInactive: false }),
      expect: { message: 'inactive' },
    },
    {
      name: 'It runs, and what is switched off is left out',
      ...ask({ active: true }, { includeInactive: false }),
      expect: { message: 'no-plan', evidence: ['shop'] },
    },
    {
      name: 'A service of somebody else without a plan',
      ...ask({ thirdParty: { service: 'Example Mail' } }),
      expect: { message: 'third-party', data: { service: 'Example Mail' } },
    },
    {
      name: 'A service of somebody else that is exported by a plan',
      ...ask({ thirdParty: { service: 'Example Mail' }, plans: [plan('export')] }),
      expect: { message: 'planned' },
    },
  ],
  absent: { asset: { message: 'not-in-policy' }, policy: { message: 'planned' } },
} satisfies RuleTest

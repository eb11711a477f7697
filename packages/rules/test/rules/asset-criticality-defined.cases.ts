import type { Asset } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { assetCriticalityDefined } from '../../src/rules/asset-criticality-defined.js'
import { policyOf } from '../job-run.js'
import { ABSENT, MINUTE, shop } from '../restore-test.js'

const factsOf = (parts: Partial<Asset> = {}) => {
  const asset = shop({
    owner: 'Sales',
    criticality: 'high',
    dataClasses: ['personal', 'card'],
    rpo: 60 * MINUTE,
    rto: 240 * MINUTE,
    ...parts,
  })
  return { asset, policy: policyOf({ assets: [asset] }) }
}

export default {
  rule: assetCriticalityDefined,
  cases: [
    {
      name: 'All of it is said',
      facts: factsOf(),
      expect: {
        message: 'defined',
        data: { owner: 'Sales', criticality: 'high', dataClasses: 'personal, card', rpoMinutes: 60, rtoMinutes: 240 },
        evidence: ['shop'],
      },
    },
    {
      name: 'Nobody answers for it, and nobody said how soon it has to be back',
      facts: factsOf({ owner: undefined, rto: undefined }),
      expect: { message: 'incomplete', data: { missing: 'owner, rto' }, evidence: ['shop'] },
    },
    {
      name: 'Its list of data classes is empty',
      facts: factsOf({ dataClasses: [] }),
      expect: { message: 'incomplete', data: { missing: 'dataClasses' }, evidence: ['shop'] },
    },
    {
      name: 'What is written is blank',
      facts: factsOf({ owner: ' ', dataClasses: [''] }),
      expect: { message: 'incomplete', data: { missing: 'owner, dataClasses' }, evidence: ['shop'] },
    },
    {
      name: 'A program wrote values that mean nothing',
      facts: factsOf({ criticality: 'urgent' as never, rpo: 0, rto: Number.NaN }),
      expect: { message: 'incomplete', data: { missing: 'criticality, rpo, rto' }, evidence: ['shop'] },
    },
    {
      name: 'Nothing is said but its name',
      facts: { ...factsOf(), asset: shop() },
      expect: {
        message: 'incomplete',
        data: { missing: 'owner, dataClasses, criticality, rpo, rto' },
        evidence: ['shop'],
      },
    },
    {
      name: 'Histories tell of an asset that the policy does not name',
      facts: { ...factsOf(), asset: ABSENT },
      expect: { message: 'not-in-policy', evidence: ['shop'] },
    },
    { name: 'There is no policy', facts: { policy: ABSENT, asset: ABSENT }, expect: { message: 'no-policy' } },
  ],
  absent: { policy: { message: 'defined' }, asset: { message: 'not-in-policy' } },
} satisfies RuleTest

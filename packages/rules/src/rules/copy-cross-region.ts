import { assetPolicy, defineRule, factValue, policyFact, textsOption } from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { elsewhereMessages, elsewhereVerdict } from '../copies/elsewhere-verdict.js'
import { copyLimit, copyOptions } from '../copies/places.js'
import { pointsByStore } from '../copies/store-points.js'

/** A copy of each asset lies in another region. */
export const copyCrossRegion = defineRule({
  id: 'copy-cross-region',
  title: 'A copy lies in another region',
  description: [
    'At least one store in another region than production holds a usable recovery point that is no older than the RPO of the asset plus `maxLag`. Usable: complete, with a key that can be used, if it needs one.',
    'Regions are those that the policy declares, of `production` and of the stores, compared by name: give one place one name, whatever the provider. Where the policy does not say the region of production, that of the primary copy stands for it. What the policy does not say is `unknown`.',
  ],
  rationale: 'A fire, a flood or an outage of a region takes production and every copy in it.',
  category: 'copies',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-6(1); CP-9(5); CIS 11.4; NIS2 4.2.2(c)', supporting: 'A.8.14; A1.2' }),
  remediation: {
    action: 'Add a copy action to a store in another region, and give its recovery points to the next audit',
    effort: 'medium',
  },
  messages: elsewhereMessages('region'),
  options: {
    regions: textsOption({
      default: [],
      source: 'AWS Backup Audit Manager (crossRegionList), which has none either',
      description: 'Regions that count. None: every other region.',
    }),
    ...copyOptions,
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({ points: fold(recoveryPoints, pointsByStore) }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const asset = factValue(facts.asset)
    const limit = copyLimit(asset, options.maxLag)
    return elsewhereVerdict({ now, asset, policy: factValue(facts.policy), points, limit }, 'region', options.regions)
  },
})

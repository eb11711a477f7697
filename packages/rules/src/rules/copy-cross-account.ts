import { assetPolicy, defineRule, factValue, policyFact, textsOption } from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { elsewhereMessages, elsewhereVerdict } from '../copies/elsewhere-verdict.js'
import { copyLimit, copyOptions } from '../copies/places.js'
import { pointsByStore } from '../copies/store-points.js'

/** A copy of each asset belongs to another account. */
export const copyCrossAccount = defineRule({
  id: 'copy-cross-account',
  title: 'A copy belongs to another account',
  description: [
    'At least one store of another account, subscription, project or domain than that of production holds a usable recovery point that is no older than the RPO of the asset plus `maxLag`. Usable: complete, with a key that can be used, if it needs one.',
    'Accounts are those that the policy declares, of `production` and of the stores, compared by name. Where the policy does not say the account of production, that of the primary copy stands for it. What the policy does not say is `unknown`. Who else has rights in the other account is not known here.',
  ],
  rationale: 'Who takes over an account, or closes it, takes production and every copy in it.',
  category: 'copies',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CIS 11.4', supporting: 'CP-9(3); AC-5; DORA 12(3)' }),
  remediation: {
    action: 'Add a copy to a store of another account, and give its recovery points to the next audit',
    effort: 'medium',
  },
  messages: elsewhereMessages('account'),
  options: {
    accounts: textsOption({
      default: [],
      source: 'AWS Backup Audit Manager (crossAccountList), which has none either',
      description: 'Accounts that count. None: every other account.',
    }),
    ...copyOptions,
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({ points: fold(recoveryPoints, pointsByStore) }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const asset = factValue(facts.asset)
    const limit = copyLimit(asset, options.maxLag)
    return elsewhereVerdict({ now, asset, policy: factValue(facts.policy), points, limit }, 'account', options.accounts)
  },
})

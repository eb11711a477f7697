import {
  type Asset,
  assetPolicy,
  CRITICALITIES,
  defineRule,
  factValue,
  policyFact,
  type Scalar,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { isWritten } from '../governance/names.js'
import { isObjective } from '../governance/policy-parts.js'
import { inMinutes } from '../time.js'

/** Of each asset somebody has said what it is worth. */
export const assetCriticalityDefined = defineRule({
  id: 'asset-criticality-defined',
  title: 'Assets are classified',
  description: [
    'The policy says of the asset who answers for it (`owner`), which classes of data are in it (`dataClasses`, at least one), how much depends on it (`criticality`), how much work may be lost (`rpo`) and how long a restore may take (`rto`). Objectives are above zero.',
    'An asset that histories tell of, and that the policy does not name, fails.',
  ],
  rationale:
    'How often something is backed up, how long it is kept and how soon it has to be back follow from what it is worth. Where nobody has said that, defaults decide.',
  category: 'governance',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-2(8); 308(a)(7)(ii)(E)', supporting: 'CIS 11.1; A.5.9; GDPR 30' }),
  remediation: {
    action: 'Classify the asset: ask whoever answers for it what is in it, and what its loss would cost',
    effort: 'small',
  },
  messages: {
    defined: {
      status: 'pass',
      text: '{owner} answers for it; {criticality}, data: {dataClasses}, rpo {rpoMinutes} and rto {rtoMinutes} minutes',
    },
    incomplete: { status: 'fail', text: 'the policy does not say its {missing}' },
    'not-in-policy': { status: 'fail', text: 'the policy does not name the asset' },
    'no-policy': { status: 'unknown', text: 'no policy says what the asset is worth' },
  },
  needs: { policy: policyFact, asset: assetPolicy },
  evaluate: ({ target, facts }) => {
    const asset = factValue(facts.asset)
    if (asset === undefined) {
      const policy = factValue(facts.policy)
      if (policy === undefined) return { message: 'no-policy' }
      return {
        message: 'not-in-policy',
        evidence: [{ kind: 'asset', id: target.id, data: { assetsInPolicy: policy.assets.length } }],
      }
    }
    const said = saidOf(asset)
    const evidence = [{ kind: 'asset', id: asset.id, data: said }]
    const missing = Object.keys(said).filter((name) => said[name] === null)
    if (missing.length > 0)
      return {
        message: 'incomplete',
        data: { missing: missing.map((name) => NAMES[name] ?? name).join(', ') },
        evidence,
      }
    return { message: 'defined', data: said, evidence }
  },
})

/** As policies call them. */
const NAMES: Readonly<Record<string, string>> = { rpoMinutes: 'rpo', rtoMinutes: 'rto' }

/** What is `null` the policy does not say. */
const saidOf = ({ owner, dataClasses = [], criticality, rpo, rto }: Asset): Readonly<Record<string, Scalar>> => {
  const classes = dataClasses.filter(isWritten)
  return {
    owner: isWritten(owner) ? owner : null,
    dataClasses: classes.length > 0 ? classes.join(', ') : null,
    criticality: criticality !== undefined && CRITICALITIES.includes(criticality) ? criticality : null,
    rpoMinutes: rpo !== undefined && isObjective(rpo) ? inMinutes(rpo) : null,
    rtoMinutes: rto !== undefined && isObjective(rto) ? inMinutes(rto) : null,
  }
}

import {
  assetPolicy,
  CRITICALITIES,
  defineRule,
  factValue,
  flagOption,
  policyFact,
  textsOption,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'

/** Whether the policy gives each asset a plan that backs it up. */
export const assetHasPlan = defineRule({
  id: 'asset-has-plan',
  title: 'Every asset has a plan',
  description: [
    'Each asset that the policy names, and each that collectors discover, needs at least one plan. Assets of other criticalities than those of the option need none; one without a criticality needs one, as nobody said that it does not matter.',
    'Whether a plan runs often enough is for `plan-min-frequency`, and whether it does run for the rules about jobs. A service of somebody else (`thirdParty`) that has no plan is left to `third-party-service-protected`. Rules about jobs, recovery points and restore tests are asked about it all the same, and nobody can tell them anything: keep exports of it, or choose the targets of these rules with `select`. To leave an asset out on purpose, waive the row: a waiver has an owner and an end.',
  ],
  rationale:
    'What nobody planned to back up is not backed up. It is found out when somebody asks for it, and no other rule can tell: there are no runs that fail.',
  category: 'coverage',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-9; CIS 11.2; A.8.13; 308(a)(7)(ii)(A); DORA 12(1)',
    supporting: 'CP-2(8); A1.2; PCI 12.10.1',
  }),
  remediation: {
    action: 'Give the asset a plan, or record an exclusion with an owner as a waiver',
    effort: 'small',
  },
  messages: {
    planned: { status: 'pass', text: '{count} plans back it up: {plans}' },
    'no-plan': { status: 'fail', text: 'the policy gives it no plan: nothing is meant to back it up' },
    'not-in-policy': {
      status: 'fail',
      text: 'it exists, and the policy does not name it: nothing is meant to back it up',
    },
    'no-policy': { status: 'unknown', text: 'no policy says which plans back it up' },
    'third-party': {
      status: 'not-applicable',
      text: 'it is {service}, a service of somebody else: third-party-service-protected judges it',
    },
    'not-critical': { status: 'not-applicable', text: 'its criticality is {criticality}, which needs no plan' },
    inactive: { status: 'not-applicable', text: 'it is switched off, and such assets are left out' },
  },
  options: {
    criticality: textsOption({
      default: ['critical', 'high', 'medium'],
      pattern: `^(?:${CRITICALITIES.join('|')})$`,
      form: `of ${CRITICALITIES.join(', ')}`,
      source: 'audit catalogue',
      description: 'Assets of these criticalities need a plan, and those that have none told.',
    }),
    includeInactive: flagOption({
      default: true,
      source: 'own choice: AWS Backup Audit Manager leaves out what is stopped, and its data is not gone',
      description: 'Whether assets that are switched off need a plan too.',
    }),
  },
  needs: { asset: assetPolicy, policy: policyFact },
  evaluate: ({ target, facts, options: { criticality, includeInactive } }) => {
    const asset = factValue(facts.asset)
    if (asset === undefined) {
      if (facts.policy.state === 'absent') return { message: 'no-policy' }
      return { message: 'not-in-policy', evidence: [{ kind: 'asset', id: target.id, data: { inPolicy: false } }] }
    }
    const { plans } = asset
    if (plans.length > 0) {
      const ids = plans.map(({ id }) => id).sort()
      return { message: 'planned', data: { count: ids.length, plans: ids.slice(0, 5).join(', ') } }
    }
    if (asset.thirdParty !== undefined) return { message: 'third-party', data: { service: asset.thirdParty.service } }
    if (asset.criticality !== undefined && !criticality.includes(asset.criticality))
      return { message: 'not-critical', data: { criticality: asset.criticality } }
    if (asset.active === false && !includeInactive) return { message: 'inactive' }
    const said = { criticality: asset.criticality ?? null, owner: asset.owner ?? null, active: asset.active ?? true }
    return { message: 'no-plan', evidence: [{ kind: 'asset', id: asset.id, data: { plans: 0, ...said } }] }
  },
})

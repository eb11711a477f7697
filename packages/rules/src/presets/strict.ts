import { CATALOGUE } from './catalogue.js'
import { membershipOf } from './membership.js'
import { type Preset, type PresetNumber, presetOfRules } from './preset.js'

/** What is stricter here than the rules are by themselves. */
const NUMBERS: readonly PresetNumber[] = [
  {
    rule: 'audit-cadence',
    option: 'deepMaxDays',
    value: 31,
    source: 'seed: audits are monthly or quarterly; of the two the stricter',
  },
  {
    rule: 'capacity-utilization',
    option: 'failPercent',
    value: 80,
    source: 'seed: capacity above 80 % leads to action; here it is critical at once',
  },
]

/** `recommended`, the rules that are not for everybody, and some numbers tightened. */
export const strict = (): Preset => {
  const rules = CATALOGUE.filter(({ meta }) => membershipOf(meta.id) !== 'opt-in')
  const ids = new Set(rules.map(({ meta }) => meta.id))
  return presetOfRules(
    {
      id: 'strict',
      title: 'Strict',
      description: 'The recommended rules, those that are not for everybody, and some numbers tightened.',
    },
    rules,
    NUMBERS.filter(({ rule }) => ids.has(rule)),
  )
}

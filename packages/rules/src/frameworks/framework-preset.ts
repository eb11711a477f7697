import { FRAMEWORKS, type Framework, type OptionInputs, type RuleFactory } from '@backproof/core/audit'
import { CATALOGUE } from '../presets/catalogue.js'
import { type Preset, type PresetNumber, presetOfRules } from '../presets/preset.js'
import type { FrameworkDemands } from './demands.js'
import { FRAMEWORK_DEMANDS } from './numbers.js'
import { tightenings } from './tightenings.js'

/** The rule that holds the policy itself against the numbers. */
const POLICY_RULE = 'policy-meets-framework'

const presetFor = (framework: Framework, { numbers }: FrameworkDemands): Preset => {
  const speaks = ({ meta }: RuleFactory): boolean => meta.clauses.some((clause) => clause.framework === framework.id)
  const judgesPolicy = ({ meta }: RuleFactory): boolean => meta.id === POLICY_RULE && numbers.length > 0
  const rules = CATALOGUE.filter((rule) => speaks(rule) || judgesPolicy(rule))
  const tightened: readonly PresetNumber[] = tightenings(framework.id, rules)
    .filter(({ applied }) => applied)
    .map(({ rule, option, value, source }) => ({ rule, option, value, source }))
  const preset = presetOfRules(
    {
      id: framework.id,
      title: framework.title,
      description: `The rules that speak to clauses of ${framework.title} (${framework.version}), with its numbers where these are stricter. A working proposal, which an auditor has to review.`,
    },
    rules,
    tightened,
  )
  const named = CATALOGUE.find(({ meta }) => meta.id === POLICY_RULE)
  return {
    ...preset,
    rules: preset.rules.map((rule) =>
      rule.meta.id === POLICY_RULE && named !== undefined
        ? named({ frameworks: [framework.id] } as OptionInputs<never>)
        : rule,
    ),
  }
}

/** The presets of frameworks, by their ids, in the order of `FRAMEWORKS` of `@backproof/core/audit`. */
export const FRAMEWORK_PRESETS: Readonly<Record<string, () => Preset>> = Object.fromEntries(
  FRAMEWORKS.flatMap((framework) =>
    FRAMEWORK_DEMANDS.filter((demands) => demands.framework === framework.id).map((demands) => [
      framework.id,
      () => presetFor(framework, demands),
    ]),
  ),
)

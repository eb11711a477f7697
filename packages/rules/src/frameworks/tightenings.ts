import type { OptionDescriptor, RuleFactory } from '@backproof/core/audit'
import { days } from '../time.js'
import { QUANTITIES } from './demands.js'
import { frameworkNumbers } from './numbers.js'

/** What a number of a framework does to the option of a rule. */
export interface Tightening {
  readonly clause: string
  readonly rule: string
  readonly option: string
  /** As the option takes it; time spans in milliseconds. */
  readonly value: number
  /** `FRAMEWORK CLAUSE: what it asks for`. */
  readonly source: string
  /** Whether it is stricter than the default of the rule: only then a preset sets it. */
  readonly applied: boolean
  /** Why it is not set. */
  readonly why?: string | undefined
}

/** Numbers of a framework that are the same number as an option of one of these rules. */
export const tightenings = (framework: string, rules: readonly RuleFactory[]): readonly Tightening[] =>
  frameworkNumbers
    .filter((one) => one.framework === framework)
    .flatMap(({ clause, quantity, days: count, dataClasses, source }) => {
      const { option } = QUANTITIES[quantity]
      // One that binds only some assets must not be set for all.
      if (option === undefined || count === undefined || dataClasses !== undefined) return []
      const descriptor = rules.find(({ meta }) => meta.id === option.rule)?.meta.options[option.name]
      if (descriptor === undefined || (descriptor.kind !== 'number' && descriptor.kind !== 'duration')) return []
      const value = descriptor.kind === 'duration' ? days(count) : count
      const why = whyNot(descriptor, value)
      return [
        {
          clause,
          rule: option.rule,
          option: option.name,
          value,
          source: `${framework} ${clause}: ${source}`,
          applied: why === undefined,
          ...(why !== undefined && { why }),
        },
      ]
    })

const whyNot = (
  { default: own, stricter }: Extract<OptionDescriptor, { readonly kind: 'number' | 'duration' }>,
  value: number,
): string | undefined => {
  // Setting it would take the place of what the policy promises, which may be stricter.
  if (own === undefined)
    return 'the policy gives this number, asset by asset; `policy-meets-framework` holds it against the framework'
  return (stricter === 'lower' ? value < own : value > own) ? undefined : 'the rule itself is at least as strict'
}

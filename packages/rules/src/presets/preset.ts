import type { AuditRule, OptionInputs, RuleFactory } from '@backproof/core/audit'

/** A number that a preset sets, which is stricter than the rule's own. */
export interface PresetNumber {
  readonly rule: string
  readonly option: string
  /** As the option takes it; time spans in milliseconds. */
  readonly value: number
  /** Who asks for it. */
  readonly source: string
}

/** Rules that are asked together, configured. Give `rules` to `audit`. */
export interface Preset {
  readonly id: string
  readonly title: string
  readonly description: string
  /** In the order of ids. */
  readonly rules: readonly AuditRule[]
  /** What differs from the defaults of rules. */
  readonly numbers: readonly PresetNumber[]
}

/** A preset of rules, with numbers of its own. */
export const presetOfRules = (
  words: Pick<Preset, 'id' | 'title' | 'description'>,
  rules: readonly RuleFactory[],
  numbers: readonly PresetNumber[] = [],
): Preset => ({
  ...words,
  rules: rules.map((rule) => {
    const own = numbers.filter((one) => one.rule === rule.meta.id)
    return rule(Object.fromEntries(own.map(({ option, value }) => [option, value])) as OptionInputs<never>)
  }),
  numbers,
})

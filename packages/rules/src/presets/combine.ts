import type { AuditRule, OptionDescriptor, OptionInputs } from '@backproof/core/audit'
import { ruleOf } from './catalogue.js'
import type { Preset } from './preset.js'

/**
 * Several presets as one: every rule of any, once. Where they differ in an option: the stricter number; else what is not the default of
 * the rule, and of two lists of texts both. One preset comes back as it is.
 */
export const combinePresets = (presets: readonly Preset[]): Preset => {
  const [only] = presets
  if (only !== undefined && presets.length === 1) return only
  const ids = [...new Set(presets.flatMap(({ rules }) => rules.map(({ meta }) => meta.id)))].sort()
  const rules = ids.map((id) =>
    presets.flatMap((preset) => preset.rules.filter(({ meta }) => meta.id === id)).reduce(combineRules),
  )
  const numbers = presets.flatMap((preset) => preset.numbers)
  const byName = <T>(of: (preset: Preset) => T): readonly T[] => [...new Set(presets.map(of))].sort()
  return {
    id: byName(({ id }) => id).join('+'),
    title: byName(({ title }) => title).join(', '),
    description: byName(({ description }) => description).join(' '),
    rules,
    // Those that hold now, each once.
    numbers: rules.flatMap(({ meta, options }) =>
      Object.keys(options)
        .sort()
        .flatMap((option) => {
          const sources = numbers.filter((one) => one.rule === meta.id && one.option === option)
          const [first] = sources.filter(({ value }) => value === options[option])
          return first === undefined ? [] : [first]
        }),
    ),
  }
}

const combineRules = (a: AuditRule, b: AuditRule): AuditRule => {
  const rule = ruleOf(a.meta.id)
  if (rule === undefined) return a
  const options = Object.entries(rule.meta.options).map(([name, descriptor]) => [
    name,
    stricter(descriptor, a.options[name], b.options[name]),
  ])
  return rule(Object.fromEntries(options) as OptionInputs<never>)
}

const stricter = (descriptor: OptionDescriptor, a: unknown, b: unknown): unknown => {
  if (a === undefined || b === undefined) return a ?? b
  if (descriptor.kind === 'number' || descriptor.kind === 'duration')
    return Number(a) > Number(b) === (descriptor.stricter === 'higher') ? a : b
  const [first, second, own] = [a, b, descriptor.default].map((value) => JSON.stringify(value))
  if (first === own) return b
  if (second === own || descriptor.kind !== 'texts') return a
  return [...new Set([...(a as readonly string[]), ...(b as readonly string[])])].sort()
}

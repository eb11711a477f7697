import { expectedOption, readOption } from '../audit/option-values.js'
import type { RuleConfig, TargetSelect } from '../audit/rule.js'
import type { Waiver } from '../audit/waiver.js'
import { isBackupError } from '../errors.js'
import { nearest } from '../source/nearest.js'
import type { KnownRule, RuleUse } from './loaded.js'
import { shownText } from './located.js'
import type { ManifestRule } from './manifest-types.js'
import type { Part } from './part.js'
import { keyOf, type Reading, reportAt, reportKey } from './problem.js'

/** The rules that a policy chooses; of two files that name one, the one that extends the other wins. */
export const resolveRules = (
  parts: readonly Part[],
  known: readonly KnownRule[] | undefined,
  reading: Reading,
): readonly RuleUse[] => {
  const chosen = parts.flatMap(({ manifest: { rules } }) => (rules === undefined ? [] : [rules]))
  const last = new Map(chosen.flatMap((rules) => Object.keys(rules).map((name) => [name, rules])))
  return [...last].map(([name, rules]) => resolveRule(name, rules, known, reading))
}

const resolveRule = (
  name: string,
  rules: Readonly<Record<string, ManifestRule>>,
  known: readonly KnownRule[] | undefined,
  reading: Reading,
): RuleUse => {
  const given = rules[name]!
  const { rule = name, options = {}, severity, select } = given
  const config: RuleConfig = {
    ...(name !== rule && { as: name }),
    ...(severity !== undefined && { severity }),
    ...(select !== undefined && { select: resolveSelect(select) }),
  }
  const { file, line } = keyOf(reading, rules, name)
  const use: RuleUse = { rule, name, options, config, declared: { file, line } }
  if (known === undefined) return use
  const factory = known.find(({ meta }) => meta.id === rule)
  if (factory === undefined) {
    const named = name === rule ? '' : `, which ${JSON.stringify(name)} uses,`
    const ids = known.map(({ meta }) => meta.id)
    const message = notKnown(rule, named, ids)
    // A name of its own that says nothing else is the first thing that people write.
    const own = nearest(rule, ids) === undefined ? ', or say under `rule` which one has this name' : ''
    if (given.rule === undefined) reportKey(reading, rules, name, message + own)
    else reportAt(reading, given, 'rule', message)
    return use
  }
  if (!checkOptions(factory, options, reading)) return use
  try {
    return { ...use, configured: factory(options, config) }
  } catch (error) {
    if (!isBackupError(error)) throw error
    reportKey(reading, rules, name, error.message.replace(/\.$/, ''))
    return use
  }
}

const checkOptions = ({ meta }: KnownRule, options: Readonly<Record<string, unknown>>, reading: Reading): boolean => {
  let right = true
  for (const [name, value] of Object.entries(options)) {
    const descriptor = Object.hasOwn(meta.options, name) ? meta.options[name] : undefined
    if (descriptor !== undefined && readOption(descriptor, value) !== undefined) continue
    right = false
    if (descriptor !== undefined) {
      const found = typeof value === 'object' ? 'a list' : shownText(value as string | number | boolean)
      reportAt(reading, options, name, `${name} is ${found}; expected ${expectedOption(descriptor)}`)
      continue
    }
    const names = Object.keys(meta.options)
    const near = nearest(name, names)
    const hint =
      near !== undefined
        ? `did you mean ${JSON.stringify(near)}?`
        : names.length === 0
          ? 'it has none'
          : `it has ${names.join(', ')}`
    reportKey(reading, options, name, `the rule ${meta.id} has no option ${JSON.stringify(name)}; ${hint}`)
  }
  return right
}

const notKnown = (rule: string, named: string, names: readonly string[]): string => {
  const near = nearest(rule, names)
  const hint = near === undefined ? 'take one that `backproof rules` lists' : `did you mean ${JSON.stringify(near)}?`
  return `the rule ${JSON.stringify(rule)}${named} is not known; ${hint}`
}

/** A waiver of a rule that nobody knows would accept nothing, and its row would say only that it does not apply. */
export const checkWaivedRules = (
  waivers: readonly Waiver[],
  uses: readonly RuleUse[],
  known: readonly KnownRule[] | undefined,
  reading: Reading,
): void => {
  if (known === undefined) return
  const names = new Set([...known.map(({ meta }) => meta.id), ...uses.map(({ name }) => name)])
  for (const { select } of waivers) {
    // One without a select is reported already.
    const rule = select?.rule
    if (rule === undefined || names.has(rule)) continue
    reportAt(reading, select, 'rule', notKnown(rule, ', which the waiver is about,', [...names]))
  }
}

const resolveSelect = ({ ids, attributes }: NonNullable<ManifestRule['select']>): TargetSelect => ({
  ...(ids !== undefined && { ids }),
  ...(attributes !== undefined && {
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? value : [value]]),
    ),
  }),
})

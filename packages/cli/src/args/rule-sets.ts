import type { Framework } from '@backproof/core/audit'
import { nearest } from '@backproof/core/source'
import type { Preset } from '@backproof/rules/presets'
import { literal } from '../output/literal.js'
import type { Values } from './parse.js'
import { usageError } from './usage-error.js'
import { text, texts } from './values.js'

/** What `--preset` and `--framework` ask for. */
export interface RuleSets {
  /** All of them as one; `undefined`: none was named. */
  readonly preset: Preset | undefined
  /** Those named, each once: the report goes by their clauses too. */
  readonly frameworks: readonly Framework[]
  /** The same as a program: statements that import, and an expression that gives the rules. */
  readonly code: { readonly imports: readonly string[]; readonly rules: string } | undefined
}

/** @throws BackupError `invalid-config` for names that nobody knows; the nearest is suggested. */
export const ruleSets = async (values: Values): Promise<RuleSets> => {
  const name = text(values, 'preset')
  const ids = [...new Set(texts(values, 'framework'))]
  if (name === undefined && ids.length === 0) return { preset: undefined, frameworks: [], code: undefined }
  const [{ FRAMEWORKS }, { combinePresets, PRESETS }, { frameworkPreset }] = await Promise.all([
    import('@backproof/core/audit'),
    import('@backproof/rules/presets'),
    import('@backproof/rules/frameworks'),
  ])
  const known = FRAMEWORKS.map(({ id }) => id)
  const named = name === undefined ? [] : [presetNamed(name, PRESETS, known)]
  const presets = [...named, ...ids.map((id) => frameworkPreset(frameworkNamed(id, known)))]
  return {
    preset: combinePresets(presets),
    frameworks: FRAMEWORKS.filter(({ id }) => ids.includes(id)),
    code: codeOf(name, ids),
  }
}

const presetNamed = (
  name: string,
  presets: Readonly<Record<string, () => Preset>>,
  frameworks: readonly string[],
): Preset => {
  const known = Object.keys(presets)
  const make = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (make !== undefined) return make()
  if (frameworks.includes(name))
    throw usageError(`--preset ${name} is a framework`, `Use --framework ${name}, beside a preset or without.`)
  throw unknown('preset', name, known)
}

/** The id, which is one of them. */
export const frameworkNamed = (id: string, known: readonly string[]): string => {
  if (known.includes(id)) return id
  throw unknown('framework', id, known)
}

const unknown = (option: string, given: string, known: readonly string[]): Error => {
  const near = nearest(given, known)
  const hint = near === undefined ? '' : `Did you mean ${near}? `
  return usageError(`--${option} does not know ${JSON.stringify(given)}`, `${hint}Known: ${known.join(', ')}.`)
}

const codeOf = (preset: string | undefined, frameworks: readonly string[]): NonNullable<RuleSets['code']> => {
  const parts = [
    ...(preset === undefined ? [] : [`${preset}()`]),
    ...frameworks.map((id) => `frameworkPreset(${literal(id)})`),
  ]
  const several = parts.length > 1
  const names = [...(several ? ['combinePresets'] : []), ...(preset === undefined ? [] : [preset])]
  return {
    imports: [
      ...(frameworks.length === 0 ? [] : [`import { frameworkPreset } from '@backproof/rules/frameworks'`]),
      ...(names.length === 0 ? [] : [`import { ${names.toSorted().join(', ')} } from '@backproof/rules/presets'`]),
    ],
    rules: `${several ? `combinePresets([${parts.join(', ')}])` : parts.join('')}.rules`,
  }
}

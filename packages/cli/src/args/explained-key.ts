import type { Values } from './parse.js'
import type { PlainOptions } from './policy.js'
import { keyFromShown } from './shown-key.js'
import { usageError } from './usage-error.js'
import { text } from './values.js'

/** Options that choose other keys, or that leave no room for sentences. */
const EXCLUDED = ['from', 'to', 'shard', 'sample', 'quiet', 'code'] as const

/** The key that `--explain` names. */
export const explainedKey = (values: Values): string | undefined => {
  const given = text(values, 'explain')
  if (given === undefined) return undefined
  const other = EXCLUDED.find((name) => values[name] !== undefined)
  if (other !== undefined)
    throw usageError(`--explain and --${other} exclude each other`, `--explain looks at one key: leave --${other} out.`)
  return keyFromShown(given)
}

/** The same run, limited to the key that `--explain` names. */
export const limitedToExplained = async (options: PlainOptions, values: Values): Promise<PlainOptions> => {
  const key = explainedKey(values)
  if (key === undefined) return options
  const { normaliseKey } = await import('@backproof/core/compare')
  const from = normaliseKey(key, options.normalise ?? 'exact')
  // Nothing comes between a key and the same one with the least character behind it.
  return { ...options, range: { from, to: `${from}\u0000` } }
}

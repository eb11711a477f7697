import type { RuleFactory } from '@backproof/core/audit'
import { nearest } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'

/** Every rule of `@backproof/rules`, in the order of ids. */
export const knownRules = async (): Promise<readonly RuleFactory[]> => {
  const rules = await import('@backproof/rules')
  return Object.values<unknown>(rules)
    .filter(isRule)
    .toSorted((a, b) => (a.meta.id < b.meta.id ? -1 : 1))
}

const isRule = (value: unknown): value is RuleFactory => typeof value === 'function' && 'meta' in value

/** @throws BackupError `invalid-config` where there is no such rule; the nearest is suggested. */
export const findRule = (rules: readonly RuleFactory[], id: string): RuleFactory => {
  const found = rules.find(({ meta }) => meta.id === id)
  if (found !== undefined) return found
  const near = nearest(
    id,
    rules.map(({ meta }) => meta.id),
  )
  const hint = near === undefined ? '' : `Did you mean ${near}? `
  throw usageError(`there is no rule ${JSON.stringify(id)}`, `${hint}\`backproof rules\` lists all ${rules.length}.`)
}

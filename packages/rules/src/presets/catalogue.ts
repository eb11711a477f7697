import type { RuleFactory } from '@backproof/core/audit'
import * as rules from '../index.js'

/** Every rule of the package, in the order of ids. */
export const CATALOGUE: readonly RuleFactory[] = (Object.values(rules) as unknown as readonly RuleFactory[]).toSorted(
  (a, b) => (a.meta.id < b.meta.id ? -1 : 1),
)

/** A rule of the package. */
export const ruleOf = (id: string): RuleFactory | undefined => CATALOGUE.find(({ meta }) => meta.id === id)

import type { RuleTest } from '@backproof/core/testing'

/** A rule that is wrong on purpose. */
export interface WrongRule {
  readonly what: string
  readonly test: RuleTest
  /** Checks that find it; others may too. */
  readonly caught: readonly string[]
  /** What the first of them says. */
  readonly because: RegExp
  /** Of one that never ends: how long to wait. */
  readonly endMs?: number
}

import type { Fact, FactToken } from './fact.js'

/** What a rule concludes. `error` is set by the engine only. Public API. */
export type VerdictStatus = 'pass' | 'fail' | 'not-applicable' | 'unknown' | 'review'

export interface Verdict {
  readonly status: VerdictStatus
  /** One of the rule's message ids. */
  readonly message: string
  /** Values for the message, secret-free. */
  readonly data?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** What is audited: an estate, asset, plan, store, recovery point, key or principal. Kinds are open strings. */
export interface AuditTarget {
  readonly kind: string
  readonly id: string
}

export interface RuleMeta {
  /** Kebab-case, public: `job-success-rate`. */
  readonly id: string
  readonly description: string
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'info'
  /** Texts by message id, with `{name}` for values of `data`. */
  readonly messages: Readonly<Record<string, string>>
}

export interface RuleContext {
  readonly target: AuditTarget
  /** The clock of the run, milliseconds since 1970. Rules have no other. */
  readonly now: number
  /** A needed fact that is known or absent: the engine answers `unknown` itself. */
  fact<T>(token: FactToken<T>): Exclude<Fact<T>, { state: 'unknown' }>
}

/** A pure function from facts to verdicts: no I/O, no clock but the context's. An empty list is an error. */
export interface AuditRule {
  readonly specVersion: 'v1'
  readonly meta: RuleMeta
  readonly needs: readonly FactToken<unknown>[]
  evaluate(context: RuleContext): readonly Verdict[]
}

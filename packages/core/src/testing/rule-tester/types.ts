import type { Fact } from '../../audit/fact.js'
import type { RuleConfig, RuleFactory } from '../../audit/rule.js'
import type { AuditTarget } from '../../audit/target.js'
import type { Scalar } from '../../audit/verdict.js'

/** The clock of cases that name none: 2026-11-01T12:00:00Z. */
export const RULE_NOW: number = Date.UTC(2026, 10, 1, 12)

/** A verdict that a case expects. What is left out is not looked at, but for `evidence` of a `fail`, which has to be there. */
export interface ExpectedVerdict {
  /** A message id of the rule, or one of the engine's, for example `fact-unknown`. */
  readonly message: string
  readonly subject?: string | undefined
  /** These members of `data`, equal. */
  readonly data?: Readonly<Record<string, Scalar>> | undefined
  /** Ids of the evidence, in order. */
  readonly evidence?: readonly string[] | undefined
}

/** A history of a case: items, or items with what is known of the history. */
export type CaseHistory =
  | readonly unknown[]
  | {
      readonly items: readonly unknown[]
      readonly from?: number
      readonly observedAt?: number
      readonly partial?: boolean
    }

/** What a rule is asked. */
export interface RuleQuestion {
  /** Default: the kind of the rule's scope, id `shop`. */
  readonly target?: Partial<AuditTarget> | undefined
  readonly options?: Readonly<Record<string, unknown>> | undefined
  readonly config?: RuleConfig | undefined
  /** Milliseconds since 1970. Default {@link RULE_NOW}. */
  readonly now?: number | undefined
  /** By the name under which the rule needs it: a value, which is known, or a whole fact (`state` tells). */
  readonly facts?: Readonly<Record<string, unknown | Fact<unknown>>> | undefined
  /** By the name of the fold. */
  readonly histories?: Readonly<Record<string, CaseHistory>> | undefined
}

export interface RuleCase extends RuleQuestion {
  /** Unique; docs show it as the title of an example: "98 of 100 runs succeeded". */
  readonly name: string
  readonly expect: ExpectedVerdict | readonly ExpectedVerdict[]
}

/** What happens at the limit that a numeric option (number or duration) sets, one step to either side. */
export interface RuleBoundary {
  /** Its own value of the option is replaced. */
  readonly question: RuleQuestion
  /** The value of the option at which the question lies exactly on the limit. Durations: milliseconds. */
  readonly limit: number
  /** Message ids: at the limit, with the option one step stricter, and one step laxer. Not all three are the same. */
  readonly at: string
  readonly stricter: string
  readonly laxer: string
}

/** What the rule tester takes: the cases of one rule. Plain data, so that a child process can ask again. */
export interface RuleTest {
  readonly rule: RuleFactory<never> | RuleFactory
  /** At least one for each message of the rule. */
  readonly cases: readonly RuleCase[]
  /** By the name of a need: what comes out where that fact is absent, in the first case that passes. */
  readonly absent?: Readonly<Record<string, ExpectedVerdict | readonly ExpectedVerdict[]>> | undefined
  /** By the name of an option: one for each that is a number or a time span. */
  readonly boundaries?: Readonly<Record<string, RuleBoundary>> | undefined
}

/** One obligation of a rule, as a check. */
export interface RuleCheck {
  /** Stable; public API. */
  readonly name: string
  /** What must hold, for people. */
  readonly title: string
  /** Resolves when it holds. Rejects with a `BackupError` of code `contract` that says what was broken, in which case. */
  run(): Promise<void>
}

export interface RuleCheckResult {
  readonly name: string
  readonly title: string
  readonly outcome: 'passed' | 'failed'
  /** What was broken. */
  readonly reason?: string | undefined
}

export interface RuleTestReport {
  /** True when no check failed. */
  readonly ok: boolean
  readonly passed: number
  readonly failed: number
  /** One a check, in the order of `checks`. */
  readonly results: readonly RuleCheckResult[]
}

export interface RuleTesterOptions {
  /** Milliseconds within which the rule has to have answered all cases. Default 10,000. */
  readonly endMs?: number | undefined
}

export interface RuleTester {
  readonly test: RuleTest
  readonly checks: readonly RuleCheck[]
  /** Runs the checks one after the other, under no test runner. A failing check is in the report, not thrown. */
  run(): Promise<RuleTestReport>
}

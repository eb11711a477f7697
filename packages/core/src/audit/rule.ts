import type { FactToken, SettledFact } from './fact.js'
import type { HistoryToken } from './history.js'
import type { OptionDescriptors, OptionInputs, OptionValues } from './option.js'
import type { AttributeValue, AuditTarget, TargetKind } from './target.js'
import type { Severity, Verdict, VerdictStatus } from './verdict.js'

/** A clause of a framework that a rule speaks to. A working proposal, which an auditor has to review. */
export interface ClauseRef {
  /** Id of a framework, for example `nist-800-53`. */
  readonly framework: string
  /** As the framework writes it, for example `CP-9`. */
  readonly clause: string
  /** `full`: the rule decides the clause. `partial`: a part of it. `supporting`: it is evidence towards it. */
  readonly strength: 'full' | 'partial' | 'supporting'
}

export interface Message {
  /** What a verdict with this message comes to. */
  readonly status: VerdictStatus
  /** With `{name}` for values of `data`. One sentence, without full stop. */
  readonly text: string
}

export interface Remediation {
  /** What to do about a failing row, one sentence: the corrective action. */
  readonly action: string
  readonly steps?: readonly string[] | undefined
  /** Small: minutes. Medium: days. Large: a project. */
  readonly effort?: 'small' | 'medium' | 'large' | undefined
}

/** What a rule is, apart from its code. Plain data. */
export interface RuleMeta<M extends string = string> {
  /** Kebab-case, public: `job-success-rate`; of third parties with a prefix: `acme/tape-rotation`. */
  readonly id: string
  /** A few words. */
  readonly title: string
  /** What it checks: the exact logic, for docs. Paragraphs. */
  readonly description: readonly string[]
  /** Why that matters. */
  readonly rationale: string
  readonly category:
    | 'jobs'
    | 'coverage'
    | 'retention'
    | 'encryption'
    | 'access'
    | 'copies'
    | 'restore'
    | 'capacity'
    | 'governance'
    | (string & {})
  readonly severity: Severity
  /** The kind of target that it is asked about. */
  readonly scope: TargetKind
  readonly messages: Readonly<Record<M, Message>>
  readonly clauses: readonly ClauseRef[]
  readonly remediation: Remediation
  /** Version of the package that it came with. */
  readonly since: string
  readonly deprecated?: { readonly since: string; readonly replacedBy?: readonly string[] | undefined } | undefined
  readonly options: OptionDescriptors
  /** What it needs, by token. */
  readonly facts: readonly { readonly token: string; readonly description: string }[]
}

export type Needs = Readonly<Record<string, FactToken<unknown>>>

/** What a fold may look at beside the items. */
export interface FoldContext<O = unknown> {
  readonly target: AuditTarget
  /** The clock of the run, milliseconds since 1970. */
  readonly now: number
  readonly options: O
  /** Until when the history tells everything. */
  readonly observedAt: number
}

/**
 * Takes a history of any length into a state of bounded size. Pure. Items of one target come in order of time; those of an
 * estate come by target, then time.
 */
export interface Fold<R, O = unknown> {
  readonly history: HistoryToken<unknown>
  init(context: FoldContext<O>): unknown
  /** Gives the next state; may change the one that it is given. */
  step(state: unknown, item: unknown, context: FoldContext<O>): unknown
  done(state: unknown, context: FoldContext<O>): R
}
// biome-ignore lint/suspicious/noExplicitAny: what a fold gives is known to its rule only
export type Folds<O> = Readonly<Record<string, Fold<any, O>>>

/** What a fold came to, with what is known of the history behind it. */
export interface FoldedFact<R> {
  readonly state: 'known'
  readonly value: R
  /** Items of this target. */
  readonly items: number
  readonly source: string
  readonly observedAt: number
  readonly from?: number | undefined
  readonly partial?: boolean | undefined
}

/** Makes a fold whose state and options are typed. Without `done` the result is the last state. */
export interface FoldMaker<O> {
  <T, S, R>(
    history: HistoryToken<T>,
    parts: {
      readonly init: (context: FoldContext<O>) => S
      readonly step: (state: S, item: T, context: FoldContext<O>) => S
      readonly done: (state: S, context: FoldContext<O>) => R
    },
  ): Fold<R, O>
  <T, S>(
    history: HistoryToken<T>,
    parts: {
      readonly init: (context: FoldContext<O>) => S
      readonly step: (state: S, item: T, context: FoldContext<O>) => S
    },
  ): Fold<S, O>
}

/** The facts of a rule, by the name under which it needs them. */
export type FactsOf<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends FactToken<infer T> ? SettledFact<T> : never
}
/** The results of the folds of a rule, by their names. */
export type FoldedOf<F> = { readonly [K in keyof F]: F[K] extends Fold<infer R, never> ? FoldedFact<R> : never }

/** What `applies` may look at. */
export interface AppliesInput<O> {
  readonly target: AuditTarget
  readonly options: O
  /** An attribute of the target. Where it has none the engine answers `unknown`. */
  readonly attribute: (name: string) => AttributeValue
}

/** What a rule is given: facts that are known or absent, and the results of its folds. Rules have no other clock than `now`. */
export interface RuleInput<O, N extends Needs, F> {
  readonly target: AuditTarget
  readonly now: number
  readonly options: O
  readonly facts: FactsOf<N>
  readonly folds: FoldedOf<F>
}

/** What an author writes. The order of members is the order in which types are inferred. */
export interface RuleDefinition<
  D extends OptionDescriptors,
  N extends Needs,
  F extends Folds<OptionValues<D>>,
  M extends string,
> {
  readonly id: string
  readonly title: string
  readonly description: readonly string[]
  readonly rationale: string
  readonly category: RuleMeta['category']
  readonly severity: Severity
  readonly scope: TargetKind
  readonly since: string
  readonly deprecated?: RuleMeta['deprecated']
  readonly clauses: readonly ClauseRef[]
  readonly remediation: Remediation
  readonly messages: Readonly<Record<M, Message>>
  /** Default: none. */
  readonly options?: D
  /** Facts that it needs, by the name that it knows them by. The engine answers `unknown` where one of them is. */
  readonly needs?: N
  /** Histories that it needs. */
  readonly folds?: (fold: FoldMaker<OptionValues<D>>) => F
  /** Whether it has anything to say of a target; else the message of a `not-applicable`. Default: always. */
  readonly applies?: (input: AppliesInput<OptionValues<D>>) => true | NoInfer<M>
  /** Pure: no I/O, no clock but `now`, no state. */
  readonly evaluate: (input: RuleInput<OptionValues<D>, N, F>) => Verdict<NoInfer<M>> | readonly Verdict<NoInfer<M>>[]
}

/** Which targets a configured rule is asked about. All members have to hold. */
export interface TargetSelect {
  /** Ids, with `*` for any characters. */
  readonly ids?: readonly string[] | undefined
  /** By attribute: one of the values. A target without the attribute gets `unknown`. */
  readonly attributes?: Readonly<Record<string, readonly (string | number | boolean)[]>> | undefined
}

/** How a rule is used in one audit. */
export interface RuleConfig {
  /** Another name: needed where a rule is used twice, with different options. */
  readonly as?: string | undefined
  readonly severity?: Severity | undefined
  readonly select?: TargetSelect | undefined
}

/** A rule with its options, as the engine takes it. Make it by calling what `defineRule` gives. */
export interface AuditRule {
  readonly specVersion: 'v1'
  readonly meta: RuleMeta
  /** `as`, or the id. */
  readonly name: string
  readonly severity: Severity
  readonly select?: TargetSelect | undefined
  /** All options, with defaults; times in milliseconds. */
  readonly options: Readonly<Record<string, unknown>>
  readonly needs: Needs
  readonly folds: Folds<unknown>
  applies(input: AppliesInput<unknown>): true | string
  evaluate(input: RuleInput<unknown, Needs, unknown>): Verdict | readonly Verdict[]
}

/** Call it to configure the rule: `jobSuccessRate({ minPercent: 99 }, { as: 'strict' })`. */
export interface RuleFactory<D extends OptionDescriptors = OptionDescriptors, M extends string = string> {
  /** @throws BackupError `invalid-config` for unknown options and wrong values. */
  (options?: OptionInputs<D>, config?: RuleConfig): AuditRule
  readonly meta: RuleMeta<M>
}

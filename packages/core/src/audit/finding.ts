import { FACT_MESSAGES } from './fact-messages.js'
import type { AuditTarget } from './target.js'
import type { AuditStatus, Evidence, Scalar, Severity } from './verdict.js'

/** Where a fact behind a verdict came from. */
export interface FactReading {
  /** Name of a fact or a history. */
  readonly token: string
  readonly state: 'known' | 'absent' | 'unknown'
  readonly source?: string | undefined
  /** ISO 8601, UTC. */
  readonly observedAt?: string | undefined
  readonly partial?: boolean | undefined
  /** Of a history: items of the target. */
  readonly items?: number | undefined
  /** Of an unknown one. */
  readonly reason?: string | undefined
  readonly detail?: string | undefined
  readonly missingPermission?: string | undefined
}

/** The waiver of a failing row, which stays failing. */
export interface WaivedBy {
  readonly id: string
  readonly reason: string
  readonly approver: string
  readonly ticket?: string | undefined
  readonly compensatingControl?: string | undefined
  /** ISO 8601, UTC: the last moment that it covers. */
  readonly expires: string
}

/** One (rule, target, message) of an audit. Plain JSON. */
export interface AuditFinding {
  /** Name of the configured rule: `as`, or its id. */
  readonly rule: string
  readonly target: Pick<AuditTarget, 'kind' | 'id' | 'name' | 'declaredAt'>
  readonly subject?: string | undefined
  readonly status: AuditStatus
  readonly severity: Severity
  /** A message id of the rule, or one of the engine's ({@link ENGINE_MESSAGES}). */
  readonly message: string
  /** The message with its values. */
  readonly text: string
  readonly data?: Readonly<Record<string, Scalar>> | undefined
  readonly evidence?: readonly Evidence[] | undefined
  /** Pieces of evidence that are not in `evidence`. */
  readonly evidenceOmitted?: number | undefined
  readonly sampled?: { readonly taken: number; readonly of: number } | undefined
  /** Clauses that the row is about beside those of its rule, as `FRAMEWORK CLAUSE`. */
  readonly clauses?: readonly string[] | undefined
  /** What the verdict rests on, in the order of the rule's needs. */
  readonly facts?: readonly FactReading[] | undefined
  /** Of a `fail`: what to do. */
  readonly action?: string | undefined
  readonly waiver?: WaivedBy | undefined
  /** 32 hexadecimal digits over rule, target, subject and message id, not over text: the same row in the next audit has the same. */
  readonly fingerprint: string
}

/** What is said of runs, rules that fail, and waivers. */
export const RUN_MESSAGES = {
  'no-targets': 'there is no target of the kind {kind} to ask about',
  'none-selected': 'no target of the kind {kind} is selected',
  'targets-unknown': 'no target of the kind {kind} is known, and it is not known whether there are any: {reason}',
  'rule-threw': 'the rule failed: {reason}',
  'rule-overran': 'the rule took more than {seconds} s',
  'no-verdict': 'the rule gave no verdict',
  'wrong-verdict': 'the rule gave a verdict that cannot be: {reason}',
  'waiver-expired': 'the waiver expired on {expires}: what it accepted counts again',
  'waiver-malformed': 'the waiver is malformed and accepts nothing: {reason}',
  'waiver-unused': 'the waiver accepts nothing: no failing row matches it',
  'waiver-undecided': 'whether the waiver accepts anything is not known: what it may be about cannot be decided',
  'waiver-not-asked': 'no rule of this run is the one that the waiver is about: {rule}',
  'waiver-too-long':
    'the waiver runs until {expires}, longer than the {days} days that a row of severity {severity} may be accepted for, and accepts nothing of it',
} as const

/** What the engine itself says, by message id. Public API. */
export const ENGINE_MESSAGES: typeof FACT_MESSAGES & typeof RUN_MESSAGES = { ...FACT_MESSAGES, ...RUN_MESSAGES }

export type EngineMessage = keyof typeof ENGINE_MESSAGES

/** Name of the rule that findings about waivers have. */
export const WAIVER_RULE = 'waiver-valid'

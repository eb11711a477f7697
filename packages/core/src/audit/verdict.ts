/** What a rule concludes. `error` is set by the engine only. Public API. */
export type VerdictStatus = 'pass' | 'fail' | 'not-applicable' | 'unknown' | 'review'

/** What a row of an audit says. */
export type AuditStatus = VerdictStatus | 'error'

/** All of them, in the order reports show them. */
export const AUDIT_STATUSES: readonly AuditStatus[] = ['fail', 'error', 'unknown', 'review', 'pass', 'not-applicable']

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'

/** Most severe first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

export type Scalar = string | number | boolean | null

/** One thing that a verdict rests on, so that it can be recomputed. Secret-free. */
export interface Evidence {
  /** What it is, for example `job-run`, `recovery-point`, `drill`, `capacity-sample`, `report`, `plan`. */
  readonly kind: string
  readonly id?: string | undefined
  /** ISO 8601, UTC. */
  readonly at?: string | undefined
  readonly data?: Readonly<Record<string, Scalar>> | undefined
}

/** What a rule says of one target. The status is that of the message in the rule's `messages`. */
export interface Verdict<M extends string = string> {
  /** One of the rule's message ids. */
  readonly message: M
  /** Which part of the target it speaks of, for example a plan of an asset. Two verdicts of one message need different ones. */
  readonly subject?: string | undefined
  /** Values for the placeholders of the message, and what a program would want to know. Secret-free; times as ISO 8601. */
  readonly data?: Readonly<Record<string, Scalar>> | undefined
  /** What it rests on; of a `fail` at least one. The engine keeps the first {@link EVIDENCE_LIMIT}, and counts the rest. */
  readonly evidence?: readonly Evidence[] | undefined
  /** How many items `evidence` leaves out, where the rule itself kept only the first. */
  readonly evidenceOmitted?: number | undefined
  /** It rests on a sample: `taken` of `of`, in the unit that the rule's docs say. */
  readonly sampled?: { readonly taken: number; readonly of: number } | undefined
  /**
   * Clauses that this row is about, as `FRAMEWORK CLAUSE`, where the rule as a whole does not speak to them. An audit that is told by
   * clauses counts the row there, as what supports them.
   */
  readonly clauses?: readonly string[] | undefined
  /** Raises the severity of this one row, for example of damage found. One that is lower than the rule's is not heeded. */
  readonly severity?: Severity | undefined
}

/** Pieces of evidence in a row. */
export const EVIDENCE_LIMIT = 20

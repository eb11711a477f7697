import type { AuditStatus, Severity, WaivedBy } from '@backproof/core/audit'

/**
 * One finding of any run, as formats write it: the same status, words and fingerprint in all of them. Free of secrets; names of
 * objects and targets are as they are: whatever writes them has to escape them for its format.
 */
export interface ReportRow {
  /**
   * Of an object: `match` is `pass`; `mismatch`, `missing`, `extra` and `unreadable` are `fail`; `changed` and `unverifiable` are
   * `unknown`; `error` is `error`; an extra object that is allowed is `not-applicable`.
   */
  readonly status: AuditStatus
  readonly severity: Severity
  /** What was asked: the name of a configured rule; of objects `compare/OUTCOME` or `verify/OUTCOME`. */
  readonly rule: string
  /** Of the rule, a few words. */
  readonly title: string
  /** What it is about: kind and id of a target, or an object. */
  readonly target: { readonly kind: string; readonly id: string; readonly name?: string | undefined }
  /** Which part of the target. Of an object in a comparison: URI of the replica. */
  readonly subject?: string | undefined
  /** Id of the message; of objects the reason. */
  readonly message: string
  /** One sentence, without full stop. */
  readonly text: string
  /** Lines that say what it rests on. */
  readonly evidence: readonly string[]
  /** Pieces that `evidence` leaves out. */
  readonly evidenceOmitted: number
  /** What to do; of rows that are neither `pass` nor `not-applicable`. */
  readonly action?: string | undefined
  /** Who accepted it: it stays `fail`. */
  readonly waiver?: WaivedBy | undefined
  /** Where the target is declared. */
  readonly location?: { readonly file: string; readonly line: number } | undefined
  /** 32 hexadecimal digits: the same row of the next run has the same. */
  readonly fingerprint: string
}

import type { AuditResult } from '../audit/result.js'

/** What the statuses of an audit come to. */
export interface AuditStanding {
  /** `fail` without a waiver. */
  readonly failing: number
  /** `fail` with one. */
  readonly waived: number
  /** `unknown`, `review`, `error`. */
  readonly undecided: number
  /** Everything that was applicable. */
  readonly checks: number
}

export const auditStanding = ({ totals: { statuses, waived } }: AuditResult): AuditStanding => {
  const { pass, fail, unknown, review, error } = statuses
  const undecided = unknown + review + error
  return { failing: fail - waived, waived, undecided, checks: pass + fail + undecided }
}

import { AUDIT_STATUSES, type AuditStatus, SEVERITIES, type Severity } from '@backproof/core/audit'
import { OUTCOMES } from '@backproof/core/evidence'
import type { ReportDocument } from './document.js'
import { standingOfOutcome } from './object-row.js'

/** How many rows a run has, as its result counted them: the numbers that every format has to agree with. */
export interface StatusTally {
  readonly findings: number
  /** All statuses, those of 0 too, in the order reports show them. */
  readonly statuses: Readonly<Record<AuditStatus, number>>
  /** Failing rows with a waiver; they are among the `fail` of `statuses` too. */
  readonly waived: number
  /** Failing rows without a waiver, by severity. */
  readonly failing: Readonly<Record<Severity, number>>
}

/** Counts by status, from the result: also of rows that the document does not give. */
export const statusCounts = ({ kind, report }: Pick<ReportDocument, 'kind' | 'report'>): StatusTally => {
  const { result } = report
  if (kind === 'audit' && result.kind === 'audit') {
    const { totals, failing } = result
    return { findings: totals.findings, statuses: { ...none(), ...totals.statuses }, waived: totals.waived, failing }
  }
  const statuses = none()
  const failing = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>
  if (result.kind === 'audit') return { findings: 0, statuses, waived: 0, failing }
  for (const outcome of OUTCOMES) {
    const { status, severity } = standingOfOutcome(outcome, result)
    const count = result.totals.outcomes[outcome]
    statuses[status] += count
    if (status === 'fail') failing[severity] += count
  }
  return { findings: result.totals.findings, statuses, waived: 0, failing }
}

const none = (): Record<AuditStatus, number> =>
  Object.fromEntries(AUDIT_STATUSES.map((status) => [status, 0])) as Record<AuditStatus, number>

import type { AuditFinding, AuditReport } from '@backproof/core/audit'
import type { ObjectFinding, Report } from '@backproof/core/report'

/** What a report is written of: what a run came to, with its rows. */
export type ReportDocument = AuditDocument | ProofDocument

interface Shared<F> {
  /**
   * All rows, page by page, in the order of the run. May be called again and again: a format may need them twice. Where a run was
   * not kept, the rows that its result holds; then `rowsOmitted` counts the rest.
   */
  readonly rows: () => AsyncIterable<readonly F[]>
  /** Rows of the run that `rows` does not give. */
  readonly rowsOmitted: number
}

export interface AuditDocument extends Shared<AuditFinding> {
  readonly kind: 'audit'
  readonly report: AuditReport
}

export interface ProofDocument extends Shared<ObjectFinding> {
  readonly kind: 'compare' | 'verify'
  readonly report: Report
}

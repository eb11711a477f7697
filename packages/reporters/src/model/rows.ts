import type { AuditFinding, AuditStatus, Severity } from '@backproof/core/audit'
import type { ObjectFinding } from '@backproof/core/report'
import { auditRow } from './audit-row.js'
import type { ReportDocument } from './document.js'
import { objectRow, standingOfOutcome } from './object-row.js'
import type { ReportRow } from './row.js'

/** A finding of the document as a row. Pure. The finding has to be one of this document. */
export const rowOf = (finding: AuditFinding | ObjectFinding, document: ReportDocument): ReportRow =>
  document.kind === 'audit'
    ? auditRow(finding as AuditFinding, document.report.result)
    : objectRow(finding as ObjectFinding, document.report.result)

/** Status and severity that the row of a finding has, without its words: cheap, for whoever counts or chooses. */
export const standingOf = (
  finding: AuditFinding | ObjectFinding,
  document: ReportDocument,
): { readonly status: AuditStatus; readonly severity: Severity; readonly waived: boolean } => {
  if (document.kind !== 'audit')
    return { ...standingOfOutcome((finding as ObjectFinding).outcome, document.report.result), waived: false }
  const { status, severity, waiver } = finding as AuditFinding
  return { status, severity, waived: waiver !== undefined }
}

/** All rows of the document, page by page, in the order of the run. */
export async function* reportRows(document: ReportDocument): AsyncGenerator<readonly ReportRow[]> {
  for await (const page of document.rows()) yield page.map((finding) => rowOf(finding, document))
}

import type { AuditReport } from '@backproof/core/audit'
import { exitCode, type Report } from '@backproof/core/report'
import { documentOf, statusCounts } from '../../src/index.js'
import type { ReadBack } from '../support/read-back.js'

/** What the document says: the result is the same data, so that its counts are. */
export const jsonSays = (text: string): ReadBack => {
  const report = JSON.parse(text) as AuditReport | Report
  const { statuses, waived } = statusCounts(documentOf(report))
  const told = Object.entries(statuses).filter(([, count]) => count > 0)
  return { statuses: Object.fromEntries(told), waived, exitCode: exitCode(report.result) }
}

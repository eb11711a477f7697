import { type Summary, summarize, summarizeAudit } from '@backproof/core/report'
import type { ReportDocument } from './document.js'

/** What the run of a document proved, in plain English: the sentence that every format has. */
export const summaryOf = (document: ReportDocument): Summary =>
  document.kind === 'audit' ? summarizeAudit(document.report.result) : summarize(document.report.result)

import { type AuditReport, clauseView, type Framework } from '@backproof/core/audit'
import type { Report } from '@backproof/core/report'
import type { Reporter } from '../model/reporter.js'
import { jsonDocument } from './json-document.js'

export interface JsonOptions {
  /** Of audits: frameworks by whose clauses the audit is told too, as `clauses`. Default: none. */
  readonly frameworks?: readonly Framework[] | undefined
}

/**
 * One JSON document: `{ result, telemetry }`, as `--json` of the command line prints it and reports are read as evidence. Of rows it
 * has those that the result holds: NDJSON has all.
 */
export const jsonReporter = (options: JsonOptions = {}): Reporter => ({
  format: 'json',
  mediaType: 'application/json',
  extension: 'json',
  render: async function* ({ report }) {
    yield reportJson(report, options)
  },
})

/** The text of a report. */
export const reportJson = (report: AuditReport | Report, { frameworks = [] }: JsonOptions = {}): string => {
  const { result, telemetry } = report
  const clauses = result.kind === 'audit' ? frameworks.map((framework) => clauseView(result, framework)) : []
  return jsonDocument({ result, telemetry, ...(clauses.length > 0 && { clauses }) })
}

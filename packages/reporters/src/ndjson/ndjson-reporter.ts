import type { AuditResult } from '@backproof/core/audit'
import { BackupError } from '@backproof/core/errors'
import {
  auditFindingLine,
  auditNdjsonEnd,
  auditNdjsonHeader,
  findingLine,
  ndjsonEnd,
  ndjsonHeader,
  type RunResult,
} from '@backproof/core/report'
import type { Reporter } from '../model/reporter.js'

/**
 * Lines of JSON: a header, every finding, an end with the result. `readNdjson` and `readAuditNdjson` of core read them back.
 *
 * Rendering throws `unsupported` for a document that lacks rows of its run: the end counts them, so it could not be read back.
 */
export const ndjsonReporter = (): Reporter => ({
  format: 'ndjson',
  mediaType: 'application/x-ndjson',
  extension: 'ndjson',
  render: async function* (document) {
    if (document.rowsOmitted > 0) throw lacking(document.rowsOmitted)
    if (document.kind === 'audit') {
      const { result } = document.report
      yield `${auditNdjsonHeader(auditHeader(result))}\n`
      for await (const page of document.rows()) yield linesOf(page.map(auditFindingLine))
      yield `${auditNdjsonEnd(result)}\n`
    } else {
      const { result } = document.report
      yield `${ndjsonHeader(header(result))}\n`
      for await (const page of document.rows()) yield linesOf(page.map(findingLine))
      yield `${ndjsonEnd(result)}\n`
    }
  },
})

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

const auditHeader = ({ asOf, rules }: AuditResult): Parameters<typeof auditNdjsonHeader>[0] => ({
  kind: 'audit',
  asOf,
  rules: rules.map(({ rule }) => rule),
})

const header = ({
  kind,
  asOf,
  source,
  replicas,
  expected,
  options,
}: RunResult): Parameters<typeof ndjsonHeader>[0] => ({
  kind,
  asOf: asOf.from,
  source: source.uri,
  replicas: replicas.map(({ uri }) => uri),
  ...(expected !== undefined && { expected: expected.uri }),
  options,
})

const lacking = (rows: number): BackupError =>
  new BackupError({
    code: 'unsupported',
    operation: 'write',
    message: `NDJSON holds all rows of a run, and this document lacks ${rows} of them. Keep the run (keepRun), or write json.`,
  })

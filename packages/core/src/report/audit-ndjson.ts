import type { Writable } from 'node:stream'
import type { AuditFinding } from '../audit/finding.js'
import { AUDIT_SCHEMA, type AuditResult } from '../audit/result.js'
import {
  createRowWriter,
  endLine,
  headerLine,
  type Row,
  type RowFormat,
  type RowWriter,
  readRows,
  rowOfFinding,
} from './rows.js'

/** The first row of an audit. */
export interface AuditHeader {
  readonly kind: 'audit'
  /** ISO 8601, UTC: the clock of the run. */
  readonly asOf?: string | undefined
  /** Where the policy was read, where there is one. Secret-free. */
  readonly policy?: string | undefined
  /** Names of the configured rules. */
  readonly rules: readonly string[]
}

/** One row of the format, as {@link readAuditNdjson} gives it. */
export type AuditRow = Row<AuditHeader, AuditFinding, AuditResult>

/** Each call resolves when the sink has taken the rows, and rejects with what the sink failed with. One call at a time. */
export type AuditNdjsonWriter = RowWriter<AuditFinding, AuditResult>

/** The header row, without a newline. */
export const auditNdjsonHeader = (header: AuditHeader): string => headerLine(AUDIT_SCHEMA, header)

/** The row of a finding, without a newline. */
export const auditFindingLine = (finding: AuditFinding): string => rowOfFinding(finding)

/** The last row, without a newline: a file without it was cut short. */
export const auditNdjsonEnd = (result: AuditResult): string => endLine(result)

/** Writes the rows of an audit to a stream, with its back pressure. The header goes out with the first rows. */
export const createAuditNdjsonWriter = (sink: Writable, header: AuditHeader): AuditNdjsonWriter =>
  createRowWriter(sink, auditNdjsonHeader(header))

/**
 * Reads rows of an audit back. Throws `corrupt`, naming the line (from 1), for a line that is not a row of this schema, for rows
 * out of place, and when the file does not end as it should: it was cut short, or rows are missing.
 */
export const readAuditNdjson = (lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<AuditRow> =>
  readRows(lines, FORMAT)

const FORMAT: RowFormat<AuditResult> = {
  schema: AUDIT_SCHEMA,
  header: { needs: 'rules', has: ({ rules }) => Array.isArray(rules) },
  finding: {
    needs: 'rule, target, status and message',
    has: ({ rule, target, status, message }) =>
      typeof rule === 'string' &&
      typeof target === 'object' &&
      target !== null &&
      typeof status === 'string' &&
      typeof message === 'string',
  },
  counted: ({ totals, incomplete }) => ({
    findings: totals.findings,
    // Where a collector could not say which targets there are, everything that was judged has its row all the same.
    stopped: incomplete.some(({ reason }) => reason !== 'discovery'),
  }),
}

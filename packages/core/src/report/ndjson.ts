import type { Writable } from 'node:stream'
import type { JsonValue } from '../source/entry.js'
import type { ObjectFinding } from './finding.js'
import { REPORT_SCHEMA, type RunResult } from './report.js'
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

/** The first row. */
export interface NdjsonHeader {
  readonly kind: RunResult['kind']
  /** ISO 8601, UTC: when the run started, where the writer knows it. */
  readonly asOf?: string | undefined
  /** URIs. */
  readonly source: string
  readonly replicas: readonly string[]
  readonly expected?: string | undefined
  /** Options as the caller gave them, where the writer knows them. */
  readonly options?: Readonly<Record<string, JsonValue>> | undefined
}

/** One row of the format, as {@link readNdjson} gives it. */
export type NdjsonRow = Row<NdjsonHeader, ObjectFinding, RunResult>

/** The header row, without a newline. Keys that are not UTF-8 survive in every row: JSON escapes lone surrogates. */
export const ndjsonHeader = (header: NdjsonHeader): string => headerLine(REPORT_SCHEMA, header)

/** The row of a finding, without a newline. */
export const findingLine = (finding: ObjectFinding): string => rowOfFinding(finding)

/** The last row, without a newline: a file without it was cut short. */
export const ndjsonEnd = (result: RunResult): string => endLine(result)

/** Each call resolves when the sink has taken the rows, and rejects with what the sink failed with. One call at a time. */
export type NdjsonWriter = RowWriter<ObjectFinding, RunResult>

/** Writes the rows of a run to a stream, with its back pressure. The header goes out with the first rows. */
export const createNdjsonWriter = (sink: Writable, header: NdjsonHeader): NdjsonWriter =>
  createRowWriter(sink, ndjsonHeader(header))

/**
 * Reads rows back. Throws `corrupt`, naming the line (from 1), for a line that is not a row of this schema, for rows
 * out of place, and when the file does not end as it should: it was cut short, or rows are missing.
 */
export const readNdjson = (lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<NdjsonRow> =>
  readRows(lines, FORMAT)

const FORMAT: RowFormat<RunResult> = {
  schema: REPORT_SCHEMA,
  header: {
    needs: 'source and replicas',
    has: ({ source, replicas }) => typeof source === 'string' && Array.isArray(replicas),
  },
  finding: {
    needs: 'key, outcome and reason',
    has: ({ key, outcome, reason }) =>
      typeof key === 'string' && typeof outcome === 'string' && typeof reason === 'string',
  },
  counted: ({ totals, incomplete }) => ({
    findings: totals.findings,
    stopped: incomplete.some(({ reason }) => reason !== 'gap'),
  }),
}

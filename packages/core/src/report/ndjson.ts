import type { Writable } from 'node:stream'
import { BackupError, toBackupError } from '../errors.js'
import type { JsonValue } from '../source/entry.js'
import type { ObjectFinding } from './finding.js'
import { jsonLine } from './json-line.js'
import { REPORT_SCHEMA, type RunResult } from './report.js'

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
export type NdjsonRow =
  | { readonly type: 'header'; readonly header: NdjsonHeader }
  | { readonly type: 'finding'; readonly finding: ObjectFinding }
  | { readonly type: 'end'; readonly result: RunResult }

/** The header row, without a newline. Keys that are not UTF-8 survive in every row: JSON escapes lone surrogates. */
export const ndjsonHeader = (header: NdjsonHeader): string =>
  jsonLine({ schema: REPORT_SCHEMA, type: 'header', ...header })

/** The row of a finding, without a newline. */
export const findingLine = (finding: ObjectFinding): string => jsonLine({ type: 'finding', ...finding })

/** The last row, without a newline: a file without it was cut short. */
export const ndjsonEnd = (result: RunResult): string => jsonLine({ type: 'end', result })

/** Each call resolves when the sink has taken the rows, and rejects with what the sink failed with. One call at a time. */
export interface NdjsonWriter {
  readonly write: (findings: readonly ObjectFinding[]) => Promise<void>
  /** Writes the last row. The sink stays open: it is the caller's. */
  readonly end: (result: RunResult) => Promise<void>
}

/** Writes the rows of a run to a stream, with its back pressure. The header goes out with the first rows. */
export const createNdjsonWriter = (sink: Writable, header: NdjsonHeader): NdjsonWriter => {
  let failure: BackupError | undefined
  let pending = `${ndjsonHeader(header)}\n`
  const onError = (error: unknown): void => {
    failure ??= unwritten(error)
  }
  // Without a listener the error of a stream ends the process; here it comes out of the next call.
  sink.on('error', onError)
  const put = async (lines: readonly string[]): Promise<void> => {
    if (failure !== undefined) throw failure
    if (lines.length === 0) return
    const text = `${pending}${lines.join('\n')}\n`
    pending = ''
    await new Promise<void>((resolve, reject) => {
      sink.write(text, (error) => {
        if (error === null || error === undefined) return resolve()
        // What broke the stream says more than that it was closed.
        onError(sink.errored ?? error)
        reject(failure)
      })
    })
  }
  return {
    write: (findings) => put(findings.map(findingLine)),
    end: async (result) => {
      await put([ndjsonEnd(result)])
      sink.off('error', onError)
    },
  }
}

const unwritten = (error: unknown): BackupError =>
  toBackupError(error, {
    code: 'unavailable',
    message: `The report rows could not be written: ${error instanceof Error ? error.message : String(error)}.`,
    operation: 'write',
    retryable: false,
  })

/**
 * Reads rows back. Throws `corrupt`, naming the line (from 1), for a line that is not a row of this schema, for rows
 * out of place, and when the file does not end as it should: it was cut short, or rows are missing.
 */
export async function* readNdjson(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<NdjsonRow> {
  let number = 0
  let findings = 0
  let place: 'start' | 'rows' | 'end' = 'start'
  for await (const line of lines) {
    number += 1
    if (line === '' && place === 'end') continue
    const row = parseRow(line, number)
    if (place === 'end') throw damaged(number, 'comes after the end row')
    if ((row.type === 'header') !== (place === 'start')) {
      throw damaged(number, place === 'start' ? 'should be the header row' : 'is a second header row')
    }
    place = row.type === 'end' ? 'end' : 'rows'
    if (row.type === 'finding') findings += 1
    if (row.type === 'end') checkCount(row.result, findings, number)
    yield row
  }
  if (place !== 'end')
    throw damaged(number + 1, 'should be the end row, but the rows stop before it: they were cut short')
}

/** A run that was stopped may have counted findings that nobody took. */
const checkCount = (result: RunResult, findings: number, line: number): void => {
  const expected = result.totals.findings
  const stopped = result.incomplete.some(({ reason }) => reason !== 'gap')
  if (findings > expected || (findings < expected && !stopped)) {
    throw damaged(line, `tells of ${expected} findings, but ${findings} rows of findings come before it`)
  }
}

const parseRow = (line: string, number: number): NdjsonRow => {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    throw damaged(number, 'is not JSON', error)
  }
  if (!isRecord(row)) throw damaged(number, 'is not a JSON object')
  const { type, schema, ...members } = row
  if (type === 'header') {
    if (schema !== REPORT_SCHEMA)
      throw damaged(number, `has the schema ${jsonLine(schema)}; this version reads ${REPORT_SCHEMA}`)
    if (typeof members['source'] !== 'string' || !Array.isArray(members['replicas']))
      throw damaged(number, 'is a header without source and replicas')
    return { type, header: members as unknown as NdjsonHeader }
  }
  if (type === 'finding') {
    const { key, outcome, reason } = members
    if (typeof key !== 'string' || typeof outcome !== 'string' || typeof reason !== 'string')
      throw damaged(number, 'is a finding without key, outcome and reason')
    return { type, finding: members as unknown as ObjectFinding }
  }
  if (type === 'end') {
    const { result } = members
    const whole = isRecord(result) && isRecord(result['totals']) && Array.isArray(result['incomplete'])
    if (!whole || result['schema'] !== REPORT_SCHEMA)
      throw damaged(number, `is an end row without a result of ${REPORT_SCHEMA}`)
    return { type, result: result as unknown as RunResult }
  }
  throw damaged(number, `has the type ${jsonLine(type)}, which ${REPORT_SCHEMA} does not know`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const damaged = (line: number, what: string, cause?: unknown): BackupError =>
  new BackupError({
    code: 'corrupt',
    operation: 'read',
    message: `Line ${line} of the report rows ${what}.`,
    ...(cause !== undefined && { cause }),
  })

import type { Writable } from 'node:stream'
import { BackupError, toBackupError } from '../errors.js'
import { jsonLine } from './json-line.js'

/** One row of a report as NDJSON: a header, findings, an end with the result. */
export type Row<H, F, R> =
  | { readonly type: 'header'; readonly header: H }
  | { readonly type: 'finding'; readonly finding: F }
  | { readonly type: 'end'; readonly result: R }

/** What tells rows of one schema from those of another. `needs`: what a row without which nothing can be done with it has, in words. */
export interface RowFormat<R> {
  readonly schema: string
  readonly header: { readonly needs: string; readonly has: (members: Members) => boolean }
  readonly finding: { readonly needs: string; readonly has: (members: Members) => boolean }
  /** How many rows of findings a result has counted, and whether some of them may not have been taken. */
  readonly counted: (result: R) => { readonly findings: number; readonly stopped: boolean }
}

type Members = Readonly<Record<string, unknown>>

/** The header row, without a newline. Text that is not UTF-8 survives in every row: JSON escapes lone surrogates. */
export const headerLine = (schema: string, header: object): string => jsonLine({ schema, type: 'header', ...header })

/** The row of a finding, without a newline. */
export const rowOfFinding = (finding: object): string => jsonLine({ type: 'finding', ...finding })

/** The last row, without a newline: a file without it was cut short. */
export const endLine = (result: object): string => jsonLine({ type: 'end', result })

/** Each call resolves when the sink has taken the rows, and rejects with what the sink failed with. One call at a time. */
export interface RowWriter<F, R> {
  readonly write: (findings: readonly F[]) => Promise<void>
  /** Writes the last row. The sink stays open: it is the caller's. */
  readonly end: (result: R) => Promise<void>
}

/** Writes the rows of a run to a stream, with its back pressure. The header goes out with the first rows. */
export const createRowWriter = <F extends object, R extends object>(
  sink: Writable,
  header: string,
): RowWriter<F, R> => {
  let failure: BackupError | undefined
  let pending = `${header}\n`
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
    write: (findings) => put(findings.map(rowOfFinding)),
    end: async (result) => {
      await put([endLine(result)])
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
export async function* readRows<H, F, R>(
  lines: Iterable<string> | AsyncIterable<string>,
  format: RowFormat<R>,
): AsyncGenerator<Row<H, F, R>> {
  let number = 0
  let findings = 0
  let place: 'start' | 'rows' | 'end' = 'start'
  for await (const line of lines) {
    number += 1
    if (line === '' && place === 'end') continue
    const row = parseRow<H, F, R>(line, number, format)
    if (place === 'end') throw damaged(number, 'comes after the end row')
    if ((row.type === 'header') !== (place === 'start')) {
      throw damaged(number, place === 'start' ? 'should be the header row' : 'is a second header row')
    }
    place = row.type === 'end' ? 'end' : 'rows'
    if (row.type === 'finding') findings += 1
    if (row.type === 'end') checkCount(format.counted(row.result), findings, number)
    yield row
  }
  if (place !== 'end')
    throw damaged(number + 1, 'should be the end row, but the rows stop before it: they were cut short')
}

/** A run that was stopped may have counted findings that nobody took. */
const checkCount = (
  { findings: expected, stopped }: ReturnType<RowFormat<unknown>['counted']>,
  findings: number,
  line: number,
): void => {
  if (findings > expected || (findings < expected && !stopped)) {
    throw damaged(line, `tells of ${expected} findings, but ${findings} rows of findings come before it`)
  }
}

const parseRow = <H, F, R>(line: string, number: number, format: RowFormat<R>): Row<H, F, R> => {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    throw damaged(number, 'is not JSON', error)
  }
  if (!isRecord(row)) throw damaged(number, 'is not a JSON object')
  const { type, schema, ...members } = row
  if (type === 'header') {
    if (schema !== format.schema)
      throw damaged(number, `has the schema ${jsonLine(schema)}; this version reads ${format.schema}`)
    if (!format.header.has(members)) throw damaged(number, `is a header without ${format.header.needs}`)
    return { type, header: members as H }
  }
  if (type === 'finding') {
    if (!format.finding.has(members)) throw damaged(number, `is a finding without ${format.finding.needs}`)
    return { type, finding: members as F }
  }
  if (type === 'end') {
    const { result } = members
    const whole = isRecord(result) && isRecord(result['totals']) && Array.isArray(result['incomplete'])
    if (!whole || result['schema'] !== format.schema)
      throw damaged(number, `is an end row without a result of ${format.schema}`)
    return { type, result: result as R }
  }
  throw damaged(number, `has the type ${jsonLine(type)}, which ${format.schema} does not know`)
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

import { collected, type FactCollector } from '../audit/collector.js'
import { BackupError, isBackupError } from '../errors.js'
import { readNdjson } from '../report/ndjson.js'
import { REPORT_SCHEMA, type RunResult } from '../report/report.js'
import { escapeKey } from '../source/key.js'
import { checkOptionNames, showValue } from '../source/option-check.js'
import { fileBytes, fileLines } from './file-text.js'
import { type ProofReport, proofReports } from './proof-report.js'

export interface ReportFilesOptions {
  /**
   * Reports of `compare` and `verify`, as `--json` prints them, or rows as `--ndjson` writes them; plain or gzip. Parts of one run
   * are merged before (`mergeResults`): a part does not speak for the whole.
   */
  readonly paths: readonly string[]
}

/** Reports hold totals and the first findings: what is larger is something else. */
const LARGEST_REPORT = 64 * 1024 * 1024

/**
 * Reports of `compare` and `verify` as evidence. How old each may be is for rules to say: the fact is as old as the reading.
 *
 * Collecting rejects with the errors of reading a file, `invalid-config` for one that is no such report, `unsupported` for one of
 * another version, and `corrupt` for rows that were cut short: whoever needs the fact then knows nothing.
 */
export const reportFiles = (options: ReportFilesOptions): FactCollector => {
  checkOptionNames('reportFiles', options, ['paths'])
  const { paths } = options
  if (!Array.isArray(paths) || paths.length === 0 || !paths.every((path) => typeof path === 'string' && path !== '')) {
    const message = `reportFiles: paths is ${showValue(paths)}; it must be a list of one or more files.`
    throw new BackupError({ code: 'invalid-config', message })
  }
  const source = paths.join(', ')
  return {
    specVersion: 'v1',
    id: `reports in ${source}`,
    provides: [proofReports],
    kinds: ['estate'],
    collect: async ({ signal, now }) => {
      const value: ProofReport[] = []
      for (const path of paths) value.push({ source: path, result: await readReport(path, signal) })
      return [collected(proofReports, { state: 'known', value, source, observedAt: now })]
    },
  }
}

const readReport = async (path: string, signal: AbortSignal): Promise<RunResult> => {
  const header = await firstRow(path, signal)
  if (header === undefined) return resultOf(path, await readDocument(path, signal))
  checkSchema(path, header['schema'])
  return resultOf(path, { result: await endOfRows(path, signal) })
}

type Plain = Readonly<Record<string, unknown>>

/** The header, where the file is one of rows. */
const firstRow = async (path: string, signal: AbortSignal): Promise<Plain | undefined> => {
  for await (const { lines } of fileLines(path, { signal })) {
    const row = parse(lines[0]!)
    return isPlain(row) && row['type'] === 'header' ? row : undefined
  }
  return undefined
}

const readDocument = async (path: string, signal: AbortSignal): Promise<unknown> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of fileBytes(path, { signal })) {
    size += chunk.length
    if (size > LARGEST_REPORT) throw noReport(path, `it has more than ${LARGEST_REPORT} bytes`)
    chunks.push(Uint8Array.from(chunk))
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\ufeff/, '')
  if (text.trim() === '') throw noReport(path, 'it is empty')
  return parse(text) ?? undefined
}

/** All rows are read: their end is counted against them. */
const endOfRows = async (path: string, signal: AbortSignal): Promise<RunResult | undefined> => {
  let result: RunResult | undefined
  try {
    for await (const row of readNdjson(linesOf(path, signal))) if (row.type === 'end') result = row.result
  } catch (error) {
    if (!isBackupError(error) || error.subject !== undefined) throw error
    throw new BackupError({ ...error.toJSON(), message: `${escapeKey(path)}: ${error.message}`, subject: path })
  }
  return result
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { lines } of fileLines(path, { signal })) yield* lines
}

const resultOf = (path: string, document: unknown): RunResult => {
  const result = isPlain(document) ? document['result'] : undefined
  if (!isPlain(result)) throw noReport(path, 'it is no JSON object with a result')
  checkSchema(path, result['schema'])
  const { kind, source, replicas, totals, asOf, covered, findings, complete } = result
  const isWhole =
    (kind === 'compare' || kind === 'verify') &&
    isPlain(source) &&
    typeof source['uri'] === 'string' &&
    Array.isArray(replicas) &&
    isPlain(totals) &&
    isPlain(totals['outcomes']) &&
    isPlain(asOf) &&
    [asOf['from'], asOf['to']].every((time) => typeof time === 'string' && !Number.isNaN(Date.parse(time))) &&
    Array.isArray(covered) &&
    Array.isArray(findings) &&
    typeof complete === 'boolean'
  if (!isWhole) throw noReport(path, `members of a result of ${REPORT_SCHEMA} are missing`)
  return result as unknown as RunResult
}

const checkSchema = (path: string, schema: unknown): void => {
  if (schema === REPORT_SCHEMA) return
  if (typeof schema === 'string' && schema.startsWith('backproof.report/')) {
    const message = `${escapeKey(path)} has the schema ${showValue(schema)}; this version reads ${REPORT_SCHEMA}.`
    throw new BackupError({ code: 'unsupported', message, operation: 'read', subject: path })
  }
  throw noReport(path, typeof schema === 'string' ? `its schema is ${showValue(schema)}` : 'its result has no schema')
}

const noReport = (path: string, why: string): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `${escapeKey(path)} is no report of compare or verify: ${why}. Give a file that was written with --json or --ndjson.`,
    operation: 'read',
    subject: path,
  })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told as no report
  }
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

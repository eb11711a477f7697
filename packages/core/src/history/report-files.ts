import { collected, type FactCollector } from '../audit/collector.js'
import { BackupError, isBackupError } from '../errors.js'
import { readAuditNdjson } from '../report/audit-ndjson.js'
import { readNdjson } from '../report/ndjson.js'
import type { RunResult } from '../report/report.js'
import { escapeKey } from '../source/key.js'
import { checkOptionNames, showValue } from '../source/option-check.js'
import { auditReports, createEarlierAuditReader, type EarlierAudit, type EarlierRow } from './audit-report.js'
import { fileBytes, fileLines } from './file-text.js'
import { type ProofReport, proofReports } from './proof-report.js'
import { isAuditRow, isPlain, kindOfSchema, noReport, type Plain, resultOf } from './report-document.js'

export interface ReportFilesOptions {
  /**
   * Reports of `compare`, `verify` and `audit`, as `--json` prints them, or rows as `--ndjson` writes them; plain or gzip. Parts of
   * one run are merged before (`mergeResults`): a part does not speak for the whole.
   */
  readonly paths: readonly string[]
}

/** Reports hold totals and the first findings: what is larger is something else. */
const LARGEST_REPORT = 64 * 1024 * 1024

/**
 * Reports as evidence: those of `compare` and `verify` as `proofReports`, those of `audit` as `auditReports`, in the order of the
 * files. How old each may be is for rules to say: the facts are as old as the reading.
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
    provides: [proofReports, auditReports],
    kinds: ['estate'],
    collect: async ({ signal, now, tokens }) => {
      const proofs: ProofReport[] = []
      const audits: EarlierAudit[] = []
      const rows = new Map<string, EarlierRow>()
      for (const path of paths) {
        const read = await readReport(path, rows, signal)
        if ('failing' in read) audits.push(read)
        else proofs.push(read)
      }
      return [
        collected(proofReports, { state: 'known', value: proofs, source, observedAt: now }),
        collected(auditReports, { state: 'known', value: audits, source, observedAt: now }),
      ].filter(({ token }) => tokens.some(({ name }) => name === token.name))
    },
  }
}

const readReport = async (
  path: string,
  known: Map<string, EarlierRow>,
  signal: AbortSignal,
): Promise<ProofReport | EarlierAudit> => {
  const header = await firstRow(path, signal)
  if (header === undefined) return readWhole(path, known, await readDocument(path, signal))
  try {
    return kindOfSchema(path, header['schema']) === 'proof'
      ? await readProofRows(path, signal)
      : await readAuditRows(path, known, signal)
  } catch (error) {
    if (!isBackupError(error) || error.subject !== undefined) throw error
    throw new BackupError({ ...error.toJSON(), message: `${escapeKey(path)}: ${error.message}`, subject: path })
  }
}

const readWhole = (path: string, known: Map<string, EarlierRow>, document: unknown): ProofReport | EarlierAudit => {
  const read = resultOf(path, document)
  if (read.kind === 'proof') return { source: path, result: read.result }
  const rows = createEarlierAuditReader(known)
  for (const row of read.result.findings) rows.add(row)
  return rows.done(path, read.result)
}

/** All rows are read: their end is counted against them. */
const readProofRows = async (path: string, signal: AbortSignal): Promise<ProofReport> => {
  let result: RunResult | undefined
  for await (const row of readNdjson(linesOf(path, signal))) if (row.type === 'end') result = row.result
  const read = resultOf(path, { result })
  if (read.kind !== 'proof') throw noReport(path, 'its end is that of another report')
  return { source: path, result: read.result }
}

const readAuditRows = async (
  path: string,
  known: Map<string, EarlierRow>,
  signal: AbortSignal,
): Promise<EarlierAudit> => {
  const rows = createEarlierAuditReader(known)
  let audit: EarlierAudit | undefined
  for await (const row of readAuditNdjson(linesOf(path, signal))) {
    if (row.type === 'finding') {
      if (!isAuditRow(row.finding)) throw noReport(path, 'a row of it has no severity, or no fingerprint')
      rows.add(row.finding)
    }
    if (row.type !== 'end') continue
    const read = resultOf(path, { result: row.result })
    if (read.kind === 'audit') audit = rows.done(path, read.result)
  }
  if (audit === undefined) throw noReport(path, 'its end is that of another report')
  return audit
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { lines } of fileLines(path, { signal })) yield* lines
}

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

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told as no report
  }
}

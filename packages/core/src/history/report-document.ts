import { AUDIT_SCHEMA, type AuditResult } from '../audit/result.js'
import { AUDIT_STATUSES, SEVERITIES } from '../audit/verdict.js'
import { BackupError } from '../errors.js'
import { REPORT_SCHEMA, type RunResult } from '../report/report.js'
import { escapeKey } from '../source/key.js'
import { showValue } from '../source/option-check.js'

/** The result of a report, by what made it. */
export type ReadResult =
  | { readonly kind: 'proof'; readonly result: RunResult }
  | { readonly kind: 'audit'; readonly result: AuditResult }

/** What a report with this schema came of. @throws BackupError `unsupported` for another version, `invalid-config` for no report. */
export const kindOfSchema = (path: string, schema: unknown): ReadResult['kind'] => {
  if (schema === REPORT_SCHEMA) return 'proof'
  if (schema === AUDIT_SCHEMA) return 'audit'
  const known = [REPORT_SCHEMA, AUDIT_SCHEMA].find(
    (one) => typeof schema === 'string' && schema.startsWith(one.slice(0, one.indexOf('/') + 1)),
  )
  if (known !== undefined) {
    const message = `${escapeKey(path)} has the schema ${showValue(schema)}; this version reads ${known}.`
    throw new BackupError({ code: 'unsupported', message, operation: 'read', subject: path })
  }
  throw noReport(path, typeof schema === 'string' ? `its schema is ${showValue(schema)}` : 'its result has no schema')
}

/** The result of a document `{ result, ... }` that has all that a result needs. @throws BackupError as {@link kindOfSchema}. */
export const resultOf = (path: string, document: unknown): ReadResult => {
  const result = isPlain(document) ? document['result'] : undefined
  if (!isPlain(result)) throw noReport(path, 'it is no JSON object with a result')
  const kind = kindOfSchema(path, result['schema'])
  if (!(kind === 'proof' ? isProof(result) : isAudit(result)))
    throw noReport(path, `members of a result of ${String(result['schema'])} are missing`)
  return { kind, result } as unknown as ReadResult
}

export const noReport = (path: string, why: string): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `${escapeKey(path)} is no report of compare, verify or audit: ${why}. Give a file that was written with --json or --ndjson.`,
    operation: 'read',
    subject: path,
  })

export type Plain = Readonly<Record<string, unknown>>

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isProof = ({ kind, source, replicas, totals, asOf, covered, findings, complete }: Plain): boolean =>
  (kind === 'compare' || kind === 'verify') &&
  isPlain(source) &&
  typeof source['uri'] === 'string' &&
  Array.isArray(replicas) &&
  isPlain(totals) &&
  isPlain(totals['outcomes']) &&
  isPlain(asOf) &&
  [asOf['from'], asOf['to']].every(isMoment) &&
  Array.isArray(covered) &&
  Array.isArray(findings) &&
  typeof complete === 'boolean'

const isAudit = ({ kind, asOf, optionsHash, complete, totals, rules, findings }: Plain): boolean =>
  kind === 'audit' &&
  isMoment(asOf) &&
  typeof optionsHash === 'string' &&
  typeof complete === 'boolean' &&
  isPlain(totals) &&
  hasCounts(totals) &&
  Array.isArray(rules) &&
  rules.every((one) => isPlain(one) && hasTexts(one, ['rule', 'id']) && hasCounts(one)) &&
  Array.isArray(findings) &&
  findings.every(isAuditRow)

/** What is read of a row of an audit. */
export const isAuditRow = (row: unknown): boolean =>
  isPlain(row) &&
  hasTexts(row, ['rule', 'status', 'message', 'fingerprint']) &&
  (row['subject'] === undefined || typeof row['subject'] === 'string') &&
  (SEVERITIES as readonly unknown[]).includes(row['severity']) &&
  isPlain(row['target']) &&
  hasTexts(row['target'], ['kind', 'id'])

const hasTexts = (object: Plain, names: readonly string[]): boolean =>
  names.every((name) => typeof object[name] === 'string')

const hasCounts = ({ waived, statuses }: Plain): boolean =>
  isCount(waived) && isPlain(statuses) && AUDIT_STATUSES.every((status) => isCount(statuses[status]))

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const isMoment = (time: unknown): boolean => typeof time === 'string' && !Number.isNaN(Date.parse(time))

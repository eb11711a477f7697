import type { AuditFinding } from '../../audit/finding.js'
import { canonicalJson } from '../../report/canonical.js'
import { broken } from './broken.js'
import type { ExpectedVerdict } from './types.js'

/** What a row says, without where it was read. */
export const essenceOf = (rows: readonly AuditFinding[]): string =>
  canonicalJson(rows.map(({ facts, fingerprint, ...row }) => row))

/** Rows, for a message: `late (fail), fact-unknown (unknown)`. */
export const shownRows = (rows: readonly AuditFinding[]): string =>
  rows.map(({ message, status, text }) => `${message} (${status}: ${text})`).join('; ') || 'no row'

/** @throws BackupError where rows are not what was expected, in whatever order. */
export const checkRows = (
  rows: readonly AuditFinding[],
  expected: ExpectedVerdict | readonly ExpectedVerdict[],
  what: string,
): void => {
  const wanted = Array.isArray(expected) ? (expected as readonly ExpectedVerdict[]) : [expected as ExpectedVerdict]
  const left = [...rows]
  for (const one of wanted) {
    const at = left.findIndex((row) => row.message === one.message && row.subject === (one.subject ?? row.subject))
    if (at < 0) throw broken(`${what}: expected ${nameOf(one)}, and got ${shownRows(rows)}.`)
    const [row] = left.splice(at, 1) as [AuditFinding]
    checkData(row, one, what)
    if (one.evidence === undefined) continue
    const ids = (row.evidence ?? []).map(({ id }) => id ?? '')
    if (canonicalJson(ids) !== canonicalJson(one.evidence))
      throw broken(`${what}: the evidence of ${nameOf(one)} is ${ids.join(', ')}, not ${one.evidence.join(', ')}.`)
  }
  if (left.length > 0) throw broken(`${what}: got more than was expected: ${shownRows(left)}.`)
}

const nameOf = ({ message, subject }: ExpectedVerdict): string =>
  subject === undefined ? message : `${message} of ${subject}`

const checkData = (row: AuditFinding, expected: ExpectedVerdict, what: string): void => {
  for (const [name, value] of Object.entries(expected.data ?? {})) {
    const found = row.data?.[name]
    if (canonicalJson(found ?? null) !== canonicalJson(value))
      throw broken(`${what}: ${name} of ${nameOf(expected)} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}.`)
  }
}

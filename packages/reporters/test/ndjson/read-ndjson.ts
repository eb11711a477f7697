import { type AuditRow, exitCode, type NdjsonRow, readAuditNdjson, readNdjson } from '@backproof/core/report'
import type { ReadBack } from '../support/read-back.js'

/** The rows, as core reads them back. */
export const readRows = async (text: string): Promise<readonly (AuditRow | NdjsonRow)[]> => {
  const lines = text.split('\n')
  const rows: (AuditRow | NdjsonRow)[] = []
  const all = lines[0]?.includes('"kind":"audit"') === true ? readAuditNdjson(lines) : readNdjson(lines)
  for await (const row of all) rows.push(row)
  return rows
}

const STATUSES: Readonly<Record<string, string>> = {
  match: 'pass',
  mismatch: 'fail',
  missing: 'fail',
  extra: 'fail',
  unreadable: 'fail',
  changed: 'unknown',
  unverifiable: 'unknown',
  error: 'error',
}

/** What the lines say: counts from the rows, the verdict from the end. */
export const ndjsonSays = async (text: string): Promise<ReadBack> => {
  const statuses: Record<string, number> = {}
  let waived = 0
  let code = Number.NaN
  const rows = await readRows(text)
  const allowed = rows.some(
    (row) => row.type === 'header' && 'options' in row.header && row.header.options?.['extras'] === 'allow',
  )
  for (const row of rows) {
    if (row.type === 'end') code = exitCode(row.result)
    if (row.type !== 'finding') continue
    const { finding } = row
    const status =
      'status' in finding
        ? finding.status
        : allowed && finding.outcome === 'extra'
          ? 'not-applicable'
          : STATUSES[finding.outcome]!
    statuses[status] = (statuses[status] ?? 0) + 1
    if ('waiver' in finding && finding.waiver !== undefined) waived += 1
  }
  return { statuses, waived, exitCode: code }
}

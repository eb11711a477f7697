import type { AuditFinding, AuditReport } from '@backproof/core/audit'
import type { ObjectFinding, Report } from '@backproof/core/report'
import { documentFromRows, type ReportDocument } from '../../src/index.js'

/** Members whose values decide something: everything else that is text is poisoned. */
const KEPT = new Set([
  ...[
    'schema',
    'kind',
    'status',
    'severity',
    'scope',
    'outcome',
    'reason',
    'grade',
    'method',
    'clause',
    'strength',
    'asOf',
    'from',
    'to',
  ],
  ...[
    'expires',
    'at',
    'observedAt',
    'state',
    'side',
    'code',
    'day',
    'startedAt',
    'framework',
    'clauses',
    'algorithm',
    'rotten',
    'rottenBy',
  ],
  ...['optionsHash', 'fingerprint', 'extras', 'options', 'by', 'alert'],
])

/** The document with this before every name and sentence, of its result and its rows. */
export const poisoned = async (document: ReportDocument, poison: string): Promise<ReportDocument> => {
  const spoil = (value: unknown, member = ''): unknown => {
    if (KEPT.has(member)) return value
    if (typeof value === 'string') return `${poison}${value}`
    if (Array.isArray(value)) return value.map((one) => spoil(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one, name)]))
  }
  const rows: unknown[] = []
  for await (const page of document.rows()) rows.push(...page.map((row) => spoil(row)))
  async function* again<F>(): AsyncGenerator<readonly F[]> {
    yield rows as F[]
  }
  const report = spoil(document.report)
  return document.kind === 'audit'
    ? documentFromRows(report as AuditReport, () => again<AuditFinding>())
    : documentFromRows(report as Report, () => again<ObjectFinding>())
}

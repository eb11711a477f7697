import { type FactToken, factToken } from '../audit/fact.js'
import type { AuditFinding } from '../audit/finding.js'
import type { AuditResult, RuleSummary } from '../audit/result.js'
import { SEVERITIES, type Severity } from '../audit/verdict.js'

/** A row of an earlier audit: enough to find it again, and to say what it is about. */
export interface EarlierRow {
  /** Name of the configured rule. */
  readonly rule: string
  readonly target: { readonly kind: string; readonly id: string }
  readonly subject?: string | undefined
  readonly severity: Severity
  readonly message: string
  readonly fingerprint: string
}

/** What one rule came to in an earlier audit. */
export type EarlierRule = Pick<RuleSummary, 'rule' | 'id' | 'statuses' | 'waived'>

/** A report of `audit`, as evidence: what it counted, and the rows that are open. At most {@link EARLIER_ROWS} of each kind. */
export interface EarlierAudit {
  /** Where it was read: a file. Secret-free. */
  readonly source: string
  readonly result: Pick<AuditResult, 'asOf' | 'optionsHash' | 'complete' | 'totals'> & {
    readonly rules: readonly EarlierRule[]
  }
  /** Failing rows without a waiver, the most severe first, then in the order of the report. */
  readonly failing: readonly EarlierRow[]
  /** Failing rows without a waiver that are not in `failing`. */
  readonly failingOmitted: number
  /** Rows that are `unknown`, `error` or `review`, in the same order. */
  readonly undecided: readonly EarlierRow[]
  readonly undecidedOmitted: number
}

/** Rows that are kept of one report. */
export const EARLIER_ROWS = 1_000

/** Reports of `audit` that are at hand. */
export const auditReports: FactToken<readonly EarlierAudit[]> = factToken('audit.reports', {
  of: 'estate',
  description: 'reports of `audit` that were made earlier',
})

/** Takes the rows of one report, in its order, into bounded memory. */
export interface EarlierAuditReader {
  readonly add: (row: AuditFinding) => void
  readonly done: (source: string, result: AuditResult) => EarlierAudit
}

/** @param known Rows of reports that were read before: audits of one estate have most rows in common, and hold each once. */
export const createEarlierAuditReader = (known: Map<string, EarlierRow> = new Map()): EarlierAuditReader => {
  const [failing, undecided] = [createShelves(known), createShelves(known)]
  return {
    add: (row) => {
      if (row.status === 'fail') {
        if (row.waiver === undefined) failing.add(row)
      } else if (row.status === 'unknown' || row.status === 'error' || row.status === 'review') undecided.add(row)
    },
    done: (source, { asOf, optionsHash, complete, totals, rules }) => {
      const { fail, unknown, error, review } = totals.statuses
      const [kept, open] = [failing.rows(), undecided.rows()]
      return {
        source,
        result: {
          asOf,
          optionsHash,
          complete,
          totals,
          rules: rules.map(({ rule, id, statuses, waived }) => ({ rule, id, statuses, waived })),
        },
        failing: kept,
        failingOmitted: Math.max(0, fail - totals.waived - kept.length),
        undecided: open,
        undecidedOmitted: Math.max(0, unknown + error + review - open.length),
      }
    },
  }
}

/** The first rows of each severity. */
const createShelves = (
  known: Map<string, EarlierRow>,
): { add(row: AuditFinding): void; rows(): readonly EarlierRow[] } => {
  const shelves = SEVERITIES.map((severity) => ({ severity, rows: [] as EarlierRow[] }))
  return {
    add: (finding) => {
      const shelf = shelves.find(({ severity }) => severity === finding.severity)
      if (shelf !== undefined && shelf.rows.length < EARLIER_ROWS) shelf.rows.push(shared(rowOf(finding), known))
    },
    rows: () => shelves.flatMap(({ rows }) => rows).slice(0, EARLIER_ROWS),
  }
}

const rowOf = ({ rule, target: { kind, id }, subject, severity, message, fingerprint }: AuditFinding): EarlierRow => ({
  rule,
  target: { kind, id },
  ...(subject !== undefined && { subject }),
  severity,
  message,
  fingerprint,
})

const shared = (row: EarlierRow, known: Map<string, EarlierRow>): EarlierRow => {
  const { rule, target, subject, severity, message, fingerprint } = row
  const name = JSON.stringify([rule, target.kind, target.id, subject, severity, message, fingerprint])
  const one = known.get(name) ?? row
  known.set(name, one)
  return one
}

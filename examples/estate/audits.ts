import { createHash } from 'node:crypto'
import type { AuditFinding, AuditResult, RuleSummary, Severity } from '@backproof/core/audit'
import { dayOf, HOUR, momentOf } from './calendar.js'
import type { Faults } from './faults.js'
import type { NamedReport } from './proofs.js'

/** A report of an audit, as the command writes it. */
export interface AuditDocument {
  readonly result: AuditResult
}

/** When the estate was audited before: on the first of each month, and a week ago. */
const DATES = [
  ...Array.from({ length: 11 }, (_, i) => new Date(Date.UTC(2025, 11 + i, 1)).toISOString().slice(0, 10)),
  '2026-10-25',
]

/** The last audit found that the backup of the file share leaves something out: the policy says who sees to that. */
export const auditsOf = (faults: Faults): readonly NamedReport<AuditDocument>[] =>
  DATES.map((date) => {
    const isShallow = faults.has('shallow-audits') && date >= '2026-07-01'
    const findings = [...(date === '2026-10-25' ? [SKIPPED] : []), ...(isShallow ? UNREADABLE : [])]
    return { name: `audits/${date}.json`, report: { result: auditOf(dayOf(date) + 7 * HOUR, findings) } }
  })

const RULES: readonly (readonly [id: string, severity: Severity, rows: number])[] = [
  ['access-review-current', 'medium', 1],
  ['asset-has-plan', 'high', 12],
  ['capacity-utilization', 'high', 6],
  ['copies-in-sync', 'high', 24],
  ['integrity-verified', 'high', 36],
  ['job-last-run-succeeded', 'high', 20],
  ['job-no-skipped-items', 'medium', 20],
  ['job-not-missed', 'high', 20],
  ['job-success-rate', 'high', 12],
  ['recovery-point-fresh', 'critical', 12],
  ['restore-test-passed', 'critical', 12],
  ['restore-test-recent', 'critical', 12],
]

const finding = (
  rule: string,
  id: string,
  subject: string,
  status: 'fail' | 'unknown',
  [severity, message, text]: readonly [Severity, string, string],
): AuditFinding => ({
  ...{ rule, target: { kind: 'asset', id }, subject, status, severity, message, text },
  fingerprint: createHash('sha256').update(`${rule} ${id} ${subject} ${message}`).digest('hex').slice(0, 32),
})

const SKIPPED = finding('job-no-skipped-items', 'file-share', 'nightly-files', 'fail', [
  'medium',
  'skipped',
  'items that the newest backup left out: 9; allowed: 0',
])

/** Copies of which nobody could say anything. */
const UNREADABLE = Array.from({ length: 30 }, (_, i) =>
  finding(i < 12 ? 'copies-in-sync' : 'integrity-verified', `share-${i}`, 'azure', 'unknown', [
    'high',
    'no-report',
    'none of the reports at hand is about it',
  ]),
)

const auditOf = (at: number, findings: readonly AuditFinding[]): AuditResult => {
  const rules = RULES.map(([id, severity, rows]) => summaryOf(id, severity, rows, findings))
  const totals = rules.reduce(
    (sum, one) => ({
      findings: sum.findings + one.findings,
      statuses: statuses(sum.statuses, one.statuses),
      waived: 0,
    }),
    { findings: 0, statuses: NONE, waived: 0 },
  )
  const failing = { critical: 0, high: 0, medium: totals.statuses.fail, low: 0, info: 0 }
  return {
    ...{ schema: 'backproof.audit/v1', kind: 'audit', asOf: momentOf(at) },
    optionsHash: createHash('sha256').update('recommended').digest('hex'),
    ...{ targets: { asset: 12, store: 5 }, complete: true, incomplete: [], totals, failing },
    score: totals.statuses.pass / totals.findings,
    ...{ rules, histories: [], lost: [], findings, findingsOmitted: 0, findingsLimit: 1_000 },
  }
}

const NONE = { fail: 0, error: 0, unknown: 0, review: 0, pass: 0, 'not-applicable': 0 }

const statuses = (a: typeof NONE, b: typeof NONE): typeof NONE => ({
  ...a,
  ...{ fail: a.fail + b.fail, unknown: a.unknown + b.unknown, pass: a.pass + b.pass },
})

const summaryOf = (
  id: string,
  severity: Severity,
  rows: number,
  findings: readonly AuditFinding[],
): RuleSummary & { readonly statuses: typeof NONE } => {
  const of = (status: string): number => findings.filter((one) => one.rule === id && one.status === status).length
  const [fail, unknown] = [of('fail'), of('unknown')]
  return {
    ...{ rule: id, id, title: id, severity, scope: 'asset', options: {}, clauses: [], category: 'earlier' },
    ...{ rationale: 'as it was', action: 'as it was', findings: rows, waived: 0 },
    statuses: { ...NONE, fail, unknown, pass: rows - fail - unknown },
  }
}

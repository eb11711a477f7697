import { hash } from 'node:crypto'
import type { AuditStatus, Severity } from '@backproof/core/audit'
import type { Outcome } from '@backproof/core/evidence'
import { type Explanation, explain, explainVerdict, type ObjectFinding, type RunResult } from '@backproof/core/report'
import type { ReportRow } from './row.js'

/** What an outcome is, as a status and its severity. One that is not known here (of a newer version) is `unknown`. */
export const standingOfOutcome = (
  outcome: Outcome,
  result: Pick<RunResult, 'options'>,
): { readonly status: AuditStatus; readonly severity: Severity } => {
  // What the run was told to accept fails nothing, and says nothing of a copy either.
  if (outcome === 'extra' && result.options['extras'] === 'allow') return { status: 'not-applicable', severity: 'info' }
  return STANDINGS[outcome] ?? { status: 'unknown', severity: 'medium' }
}

const STANDINGS: Readonly<Record<Outcome, { readonly status: AuditStatus; readonly severity: Severity }>> = {
  match: { status: 'pass', severity: 'info' },
  mismatch: { status: 'fail', severity: 'critical' },
  missing: { status: 'fail', severity: 'high' },
  extra: { status: 'fail', severity: 'medium' },
  unreadable: { status: 'fail', severity: 'critical' },
  changed: { status: 'unknown', severity: 'medium' },
  unverifiable: { status: 'unknown', severity: 'medium' },
  error: { status: 'error', severity: 'medium' },
}

/** A finding of a comparison or verification as a row, in the words of `explain`. */
export const objectRow = (finding: ObjectFinding, result: RunResult): ReportRow => {
  const { key, outcome, reason } = finding
  const { status, severity } = standingOfOutcome(outcome, result)
  const isOpen = status !== 'pass' && status !== 'not-applicable'
  // Most rows of most runs are matches: of them the verdict says how they were proven, and the rest would cost ten times the work.
  const told: Pick<Explanation, 'verdict'> & Partial<Explanation> = isOpen
    ? explain(finding, result)
    : { verdict: explainVerdict(finding, result) }
  const { verdict, evidence = [], reading = [], blame = [], next = [] } = told
  const [against = '', said = against, ...more] = verdict
  const replica = result.kind === 'compare' ? result.replicas[finding.replica ?? 0]?.uri : undefined
  return {
    status,
    severity,
    rule: `${result.kind}/${outcome}`,
    title: titleOfOutcome(outcome, result),
    target: { kind: 'object', id: key },
    ...(replica !== undefined && { subject: replica }),
    message: reason,
    text: said.replace(/\.$/, ''),
    evidence: [against, ...more, ...evidence, ...reading, ...blame],
    evidenceOmitted: 0,
    ...(isOpen && { action: next.join(' ').replace(/\.$/, '') }),
    fingerprint: fingerprintOf(result, replica, finding),
  }
}

/** What a row with the outcome says, a few words. */
export const titleOfOutcome = (outcome: Outcome, result: Pick<RunResult, 'options'>): string =>
  standingOfOutcome(outcome, result).status === 'not-applicable' ? ALLOWED : (TITLES[outcome] ?? outcome)

const ALLOWED = 'An extra object, which the run allows'

const TITLES: Readonly<Record<Outcome, string>> = {
  match: 'The object is proven',
  mismatch: 'The object differs',
  missing: 'The object is missing',
  extra: 'An object that should not be there',
  unreadable: 'The object is damaged or gone',
  changed: 'The object changed while the run looked at it',
  unverifiable: 'Nothing decides whether the object is intact',
  error: 'The object could not be looked at',
}

/** Over what identifies the row, not over its text. */
const fingerprintOf = (
  { kind, source }: RunResult,
  replica: string | undefined,
  { key, outcome }: ObjectFinding,
): string => hash('sha256', JSON.stringify([kind, source.uri, replica ?? null, key, outcome]), 'hex').slice(0, 32)

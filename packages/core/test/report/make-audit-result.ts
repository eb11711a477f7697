import {
  AUDIT_SCHEMA,
  AUDIT_STATUSES,
  type AuditFinding,
  type AuditResult,
  type AuditStatus,
  SEVERITIES,
  type Severity,
} from '../../src/audit/index.js'

const WAIVER = { id: 'w1', reason: 'known', approver: 'cto@example.org', expires: '2026-12-31T23:59:59.999Z' } as const

/** A finding in short: `fail critical`, `fail low waived`, `pass`. */
export type Short = `${AuditStatus}` | `fail ${Severity}` | `fail ${Severity} waived`

export const makeAuditFinding = (short: Short, id = 'shop'): AuditFinding => {
  const [status, severity = 'high', waived] = short.split(' ') as [
    AuditStatus,
    Severity | undefined,
    string | undefined,
  ]
  return {
    rule: 'job-success-rate',
    target: { kind: 'asset', id },
    status,
    severity,
    message: `m-${status}`,
    text: `it is ${status}`,
    ...(status === 'fail' && { action: 'Repair it', evidence: [{ kind: 'job-run', id: 'r1' }] }),
    ...(waived !== undefined && { waiver: WAIVER }),
    fingerprint: '0'.repeat(32),
  }
}

/** The result that an audit with these findings has. */
export const makeAuditResult = (shorts: readonly Short[], more: Partial<AuditResult> = {}): AuditResult => {
  const findings = shorts.map((short, i) => makeAuditFinding(short, `asset-${i}`))
  const count = (wanted: (finding: AuditFinding) => boolean): number => findings.filter(wanted).length
  const statuses = Object.fromEntries(
    AUDIT_STATUSES.map((status) => [status, count((one) => one.status === status)]),
  ) as Record<AuditStatus, number>
  const waived = count(({ waiver }) => waiver !== undefined)
  const checks = findings.length - statuses['not-applicable']
  const totals = { findings: findings.length, statuses, waived }
  return {
    schema: AUDIT_SCHEMA,
    kind: 'audit',
    asOf: '2026-11-22T20:00:00.000Z',
    optionsHash: 'ab'.repeat(32),
    targets: { asset: findings.length },
    complete: true,
    incomplete: [],
    totals,
    failing: Object.fromEntries(
      SEVERITIES.map((severity) => [
        severity,
        count((one) => one.status === 'fail' && one.severity === severity && one.waiver === undefined),
      ]),
    ) as Record<Severity, number>,
    score: checks === 0 ? null : statuses.pass / checks,
    rules: [
      {
        rule: 'job-success-rate',
        id: 'job-success-rate',
        title: 'Backup jobs succeed',
        severity: 'high',
        scope: 'asset',
        options: { minPercent: 98 },
        category: 'jobs',
        rationale: 'a backup that fails is none',
        action: 'mend it',
        clauses: [{ framework: 'nist-800-53', clause: 'CP-9', strength: 'partial' }],
        ...totals,
      },
    ],
    histories: [],
    lost: [],
    findings: findings.filter(({ status }) => status !== 'pass' && status !== 'not-applicable'),
    findingsOmitted: 0,
    findingsLimit: 1_000,
    ...more,
  }
}

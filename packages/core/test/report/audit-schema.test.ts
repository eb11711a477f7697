import { describe, expect, it } from 'vitest'
import {
  AUDIT_SCHEMA,
  AUDIT_STATUSES,
  type AuditFinding,
  type AuditOptions,
  type AuditReport,
  type AuditTarget,
  audit,
  clauseView,
  defineMeasure,
  defineRule,
  ENGINE_MESSAGES,
  type FactCollector,
  FRAMEWORKS,
  factToken,
  givenHistory,
  numberOption,
  type Policy,
  SEVERITIES,
} from '../../src/audit/index.js'
import { BackupError } from '../../src/errors.js'
import { type JobRun, jobRuns } from '../../src/history/index.js'
import { exitCode, summarizeAudit } from '../../src/report/index.js'
import { headerLine, rowOfFinding } from '../../src/report/rows.js'
import { closed, compiled, fromRoot, type Json, problems } from './schema-check.js'

const text = fromRoot('docs/schema/audit-v1.schema.json')
const page = fromRoot('docs/audit-format.md')
const strict = compiled(closed(JSON.parse(text)))
const open = compiled(JSON.parse(text))

const NOW = Date.parse('2026-11-22T20:00:00Z')
const lock = factToken<string>('store.lock', { description: 'its lock' })
const asset: AuditTarget = {
  kind: 'asset',
  id: 'shop',
  name: 'Shop',
  attributes: { criticality: 'high' },
  declaredAt: { file: 'policy.yaml', line: 4 },
}
const store: AuditTarget = { kind: 'store', id: 'vault' }

const parts = {
  title: 'A rule of this test',
  description: ['It says what it is told.'],
  rationale: 'To see every row.',
  category: 'jobs',
  since: '0.1.0',
  clauses: [{ framework: 'nist-800-53', clause: 'CP-9', strength: 'partial' }],
  remediation: { action: 'Repair it' },
} as const

const runsFail = defineRule({
  ...parts,
  id: 'runs-fail',
  severity: 'critical',
  scope: 'asset',
  options: {
    most: numberOption({ default: 0, unit: 'runs', stricter: 'lower', source: 'test', description: 'Most.' }),
  },
  messages: { many: { status: 'fail', text: '{count} runs failed' } },
  folds: (fold) => ({ runs: fold(jobRuns, { init: () => 0, step: (count) => count + 1 }) }),
  evaluate: ({ folds: { runs } }) => ({
    message: 'many',
    subject: 'nightly',
    data: { count: runs.value },
    sampled: { taken: 1, of: 2 },
    clauses: ['gdpr 30'],
    severity: 'critical',
    evidence: Array.from({ length: 25 }, (_, i) => ({ kind: 'job-run', id: `r${i}`, at: '2026-11-22T20:00:00.000Z' })),
  }),
})
const locked = defineRule({
  ...parts,
  id: 'locked',
  severity: 'low',
  scope: 'store',
  messages: { yes: { status: 'pass', text: 'it is' } },
  needs: { lock },
  evaluate: () => ({ message: 'yes' }),
})
const every = defineRule({
  ...parts,
  id: 'every',
  severity: 'info',
  scope: 'asset',
  messages: {
    good: { status: 'pass', text: 'fine' },
    look: { status: 'review', text: 'somebody has to look' },
    other: { status: 'not-applicable', text: 'it is another' },
  },
  evaluate: () => [{ message: 'good' }, { message: 'look' }, { message: 'other' }],
})
const broken = defineRule({
  ...parts,
  id: 'broken',
  severity: 'medium',
  scope: 'asset',
  messages: { good: { status: 'pass', text: 'fine' } },
  evaluate: () => {
    throw new Error('no')
  },
})

const denied: FactCollector = {
  specVersion: 'v1',
  id: 'denied',
  provides: [lock],
  kinds: ['store'],
  collect: async () => [
    {
      token: lock,
      fact: { state: 'unknown', reason: 'denied', detail: 'the call was refused', missingPermission: 'x:GetLock' },
    },
  ],
}
const runs: readonly JobRun[] = [
  { id: '1', asset: 'shop', start: NOW - 1_000, status: 'failed' },
  { id: '1', asset: 'shop', start: NOW - 1_000, status: 'failed' },
  { id: '2', asset: 'stranger', start: NOW - 1_000, status: 'failed' },
]
const waiver = {
  id: 'w1',
  select: { rule: 'runs-fail-again' },
  reason: 'being replaced',
  approver: 'cto@example.org',
  ticket: 'T-1',
  compensatingControl: 'a second copy',
  expires: '2026-12-01',
  approved: '2026-11-20',
} as const

const options: AuditOptions = {
  rules: [runsFail(), runsFail({ most: 3 }, { as: 'runs-fail-again' }), locked(), every(), broken()],
  targets: [asset, store],
  collectors: [denied, givenHistory(jobRuns, runs)],
  waivers: [waiver, { ...waiver, id: 'w2', expires: 'tomorrow' }],
  now: () => new Date(NOW),
  retry: { attempts: 1 },
}

const run = async (given: AuditOptions = options): Promise<{ rows: AuditFinding[]; report: AuditReport }> => {
  const rows: AuditFinding[] = []
  const one = audit(given)
  for await (const page of one) rows.push(...page)
  return { rows, report: await one.report() }
}

describe('the published schema of audits', () => {
  it('describes every row and the report of an audit, whatever the status', async () => {
    const { rows, report } = await run()
    expect([...new Set(rows.map(({ status }) => status))].sort()).toEqual([...AUDIT_STATUSES].sort())
    expect(rows.filter((row) => row.waiver !== undefined)).toHaveLength(1)
    expect(rows.some((row) => row.evidenceOmitted !== undefined)).toBe(true)
    expect(rows.some(({ facts = [] }) => facts.some((fact) => fact.missingPermission !== undefined))).toBe(true)
    for (const row of rows) expect(problems(strict, JSON.parse(rowOfFinding(row)))).toEqual([])
    expect(problems(strict, report)).toEqual([])
    expect(problems(strict, { type: 'end', result: report.result })).toEqual([])
    const header = { kind: 'audit', asOf: report.result.asOf, policy: 'p.yaml', rules: ['a'] } as const
    expect(problems(strict, JSON.parse(headerLine(AUDIT_SCHEMA, header)))).toEqual([])
    expect(report.result.histories).toMatchObject([{ items: 2, unassigned: 1, duplicates: 1 }])
    expect(exitCode(report.result)).toBe(1)
    expect(summarizeAudit(report.result).sentence).toMatch(/^NOT proven: .* \(1 critical, 1 .*x:GetLock is missing/)
  })

  it('describes incomplete audits and those without anything to check', async () => {
    const lost: FactCollector = {
      ...denied,
      discover: async () => {
        throw new BackupError({ code: 'access-denied', message: 'No permission.', provider: 'test' })
      },
    }
    const undiscovered = await run({ rules: [locked()], collectors: [lost], now: options.now, retry: { attempts: 1 } })
    const empty = await run({ rules: [every()], targets: [], now: options.now })
    const left = audit(options)
    for await (const _ of left) break
    const aborted = audit({ ...options, signal: AbortSignal.abort() })
    const reports = [undiscovered.report, empty.report, await left.report(), await aborted.report()]
    for (const report of reports) expect(problems(strict, report)).toEqual([])
    expect(reports.flatMap(({ result }) => result.incomplete.map(({ reason }) => reason))).toEqual([
      'discovery',
      'left-early',
      'aborted',
    ])
    expect(empty.report.result.score).toBeNull()
    expect(reports.map(({ result }) => exitCode(result)).slice(0, 2)).toEqual([3, 3])
  })

  it('describes the audit of a policy, what it attests and what was measured', async () => {
    const policy: Policy = {
      schema: 'backproof.policy/v1',
      assets: [{ id: 'shop', plans: [], copies: [] }],
      plans: [],
      stores: [],
      retention: [],
      contacts: [],
      escalation: [],
      alerts: [],
      trainings: [],
      reviews: [],
      attestations: [
        {
          id: 'a-1',
          subject: 'mail',
          statement: 'kept',
          by: 'Mail',
          at: NOW,
          expires: NOW,
          evidence: 'e.pdf',
          clauses: ['gdpr 28'],
        },
        { id: 'a-2', subject: 'mail', statement: 'kept', by: 'Mail', at: NOW, expires: NOW },
      ],
      correctiveActions: [],
      waivers: [waiver],
      declared: { '/assets/0': { file: 'policy.yaml', line: 3 } },
    }
    const days = defineMeasure({ name: 'job-days', description: 'days', measure: () => ({ days: [] }) })
    const lost = defineMeasure({ name: 'lost', description: 'lost', needs: { lock }, measure: () => null })
    const measures = [days, lost]
    const { report } = await run({ ...options, targets: undefined, waivers: [], policy, measures })
    expect(report.result.attestations).toMatchObject([{ id: 'a-1', clauses: ['gdpr 28'] }])
    expect(Object.keys(report.result.measures ?? {})).toEqual(['job-days', 'lost'])
    expect(problems(strict, report)).toEqual([])
    const clauses = FRAMEWORKS.map((framework) => clauseView(report.result, framework))
    expect(clauses.flatMap((view) => view.clauses).some(({ status }) => status === 'attested')).toBe(true)
    expect(problems(strict, { ...report, clauses })).toEqual([])
    expect(report.result.findings[0]?.target.declaredAt).toEqual({ file: 'policy.yaml', line: 3 })
  })

  it('refuses what is no report, and lets readers meet members of a later version', async () => {
    const { rows, report } = await run()
    expect(problems(open, { ...report, result: { ...report.result, totals: {} } })).not.toEqual([])
    expect(problems(open, { type: 'finding', ...rows[0], status: 'fine' })).not.toEqual([])
    const { fingerprint: _, ...without } = rows[0]!
    expect(problems(open, { type: 'finding', ...without })).not.toEqual([])
    const later = { type: 'finding', ...rows[0], tomorrow: 1 }
    expect(problems(open, later)).toEqual([])
    expect(problems(strict, later)).not.toEqual([])
  })
})

describe('docs/audit-format.md', () => {
  it('names every member and every fixed value of the schema', () => {
    const names = Object.entries((JSON.parse(text) as { $defs: Record<string, Json> }).$defs)
      .filter(([name]) => name !== 'error')
      .flatMap(([, def]) => [
        ...Object.keys((def['properties'] as Json | undefined) ?? {}),
        ...((def['enum'] as string[] | undefined) ?? []),
      ])
    expect(names.length).toBeGreaterThan(100)
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  it('names every message of the engine, status, severity, and reason of a fact that is unknown', () => {
    const source = fromRoot('packages/core/src/audit/fact.ts')
    const union = /export type UnknownReason =([\s\S]*?)\n\n/.exec(source)?.[1] ?? ''
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]!)
    expect(reasons.length).toBeGreaterThan(7)
    const names = [...reasons, ...Object.keys(ENGINE_MESSAGES), ...AUDIT_STATUSES, ...SEVERITIES]
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})

import {
  type AttestedClauses,
  AUDIT_STATUSES,
  type AuditResult,
  type AuditStatus,
  CLAUSE_STATUSES,
  type ClauseStatus,
  clausesOf,
  clauseView,
  FRAMEWORKS,
  type Framework,
  type RuleSummary,
  type StatusCounts,
} from '@backproof/core/audit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const framework: Framework = { id: 'acme', title: 'Rules of Acme', version: '3', clauses: { '1': 'one', '2': 'two' } }

type Strength = 'full' | 'partial' | 'supporting'

const NONE: StatusCounts = { fail: 0, error: 0, unknown: 0, review: 0, pass: 0, 'not-applicable': 0 }

const rule = (statuses: Partial<StatusCounts>, waived = 0, strength: Strength = 'full', id = 'r'): RuleSummary => ({
  rule: id,
  id,
  title: id,
  severity: 'high',
  scope: 'asset',
  options: {},
  clauses: [{ framework: 'acme', clause: '1', strength }],
  category: 'jobs',
  rationale: 'why',
  action: 'what',
  findings: 0,
  statuses: { ...NONE, ...statuses },
  waived,
})

const attested = (parts: Partial<AttestedClauses> = {}): AttestedClauses => ({
  id: 'a',
  subject: 'vault',
  statement: 'it is locked',
  by: 'auditor@example.org',
  at: '2026-01-01T00:00:00.000Z',
  expires: '2026-12-31T23:59:59.999Z',
  evidence: 'report-17.pdf',
  clauses: ['acme 1'],
  ...parts,
})

const view = (
  rules: readonly RuleSummary[],
  attestations: readonly AttestedClauses[] = [],
  parts: Partial<AuditResult> = {},
) =>
  clauseView(
    { asOf: '2026-11-22T12:00:00.000Z', complete: true, rules, attestations, ...parts } as AuditResult,
    framework,
  )

/** Of the clause that the rules here speak to. */
const standing = (...args: Parameters<typeof view>) => view(...args).clauses[0]!
const said = (...args: Parameters<typeof view>) => {
  const { status, reason } = standing(...args)
  return [status, reason]
}

describe('what an audit shows of a clause', () => {
  it.each<[string, readonly RuleSummary[], readonly AttestedClauses[], ClauseStatus, string]>([
    ['passes', [rule({ pass: 2 })], [], 'automated', '2 checks pass'],
    ['passes a part', [rule({ pass: 1 }, 0, 'partial')], [], 'automated', '1 check passes, which is a part of it'],
    [
      'has weak evidence',
      [rule({ pass: 1 }, 0, 'supporting')],
      [],
      'automated',
      '1 check passes, which supports it and does not decide it',
    ],
    ['fails', [rule({ pass: 9 }), rule({ fail: 1 }, 0, 'full', 's')], [attested()], 'gap', '1 check fails'],
    ['fails beside a waiver', [rule({ fail: 2 }, 1)], [], 'gap', '1 check fails'],
    ['is waived', [rule({ pass: 1, fail: 1 }, 1)], [], 'accepted-risk', '1 failure is waived'],
    ['is waived, and not known', [rule({ unknown: 1, fail: 1 }, 1)], [], 'gap', '1 check cannot be decided'],
    ['is not known', [rule({ pass: 1, unknown: 1, error: 1 })], [attested()], 'gap', '2 checks cannot be decided'],
    ['has to be judged', [rule({ pass: 1, review: 1 })], [], 'gap', '1 check somebody has to judge'],
    [
      'has to be judged, and somebody did',
      [rule({ pass: 1, review: 1 })],
      [attested()],
      'attested',
      'attested by auditor@example.org until 2026-12-31',
    ],
    ['does not apply', [rule({ 'not-applicable': 1 })], [], 'gap', 'nothing was applicable'],
    ['has no rule', [], [], 'gap', 'no rule of this audit speaks to it'],
    ['has no rule, and a word', [], [attested()], 'attested', 'attested by auditor@example.org until 2026-12-31'],
    [
      'has a word that is over',
      [],
      [attested({ expires: '2026-11-22T11:59:59.999Z' })],
      'gap',
      'its attestation does not hold at this time',
    ],
    [
      'has a word that is yet to come',
      [],
      [attested({ at: '2026-11-22T12:00:00.001Z' })],
      'gap',
      'its attestation does not hold at this time',
    ],
    [
      'has a word without evidence',
      [],
      [attested({ evidence: undefined }), attested({ evidence: ' ' })],
      'gap',
      'its attestation names no evidence, or nobody',
    ],
    ['has the word of nobody', [], [attested({ by: ' ' })], 'gap', 'its attestation names no evidence, or nobody'],
    [
      'has a word for another',
      [],
      [attested({ clauses: ['acme 2', 'other 1'] })],
      'gap',
      'no rule of this audit speaks to it',
    ],
  ])('that %s', (_, rules, attestations, status, reason) => {
    expect(said(rules, attestations)).toEqual([status, reason])
  })

  it('the first and the last moment of an attestation count', () => {
    const moment = '2026-11-22T12:00:00.000Z'
    expect(standing([], [attested({ at: moment, expires: moment })]).status).toBe('attested')
  })

  it('an audit that did not end proves nothing, and takes nothing from what only people say', () => {
    expect(said([rule({ pass: 1 })], [attested()], { complete: false })).toEqual(['gap', 'the audit is incomplete'])
    expect(standing([], [attested()], { complete: false }).status).toBe('attested')
  })

  it('tells rules with the strongest word, rows and attestations, and counts clauses', () => {
    const two = [rule({ pass: 1 }, 0, 'supporting'), rule({ fail: 3, 'not-applicable': 1 }, 2, 'partial', 's')]
    expect(view(two, [attested(), attested({ id: 'b', expires: '2026-02-01T00:00:00.000Z' })])).toEqual({
      framework: { id: 'acme', title: 'Rules of Acme', version: '3' },
      counts: { automated: 0, attested: 0, 'accepted-risk': 0, gap: 2 },
      clauses: [
        {
          clause: '1',
          about: 'one',
          status: 'gap',
          reason: '1 check fails',
          strength: 'partial',
          rules: ['r', 's'],
          passes: 1,
          failing: 1,
          waived: 2,
          undecided: 0,
          review: 0,
          attestations: ['a'],
        },
        expect.objectContaining({ clause: '2', status: 'gap', rules: [], attestations: [] }),
      ],
    })
  })
})

describe('the order of clauses', () => {
  it('is that of the framework, numbers by their value', () => {
    const order = (...clauses: readonly string[]): readonly string[] =>
      clausesOf({ ...framework, clauses: Object.fromEntries(clauses.map((clause) => [clause, ''])) }).map(
        ([one]) => one,
      )
    expect(order('17', '5(2)', '17(3)', '5(1)(f)', '100', '5(1)(e)', '5')).toEqual([
      '5',
      '5(1)(e)',
      '5(1)(f)',
      '5(2)',
      '17',
      '17(3)',
      '100',
    ])
    expect(order('A.8.2', 'A.5.30', '10.2', 'A.5.9', '9.2')).toEqual(['9.2', '10.2', 'A.5.9', 'A.5.30', 'A.8.2'])
    expect(order('CP-10', 'AC-6(7)', 'CP-9(3)', 'CP-9', 'AC-6')).toEqual([
      'AC-6',
      'AC-6(7)',
      'CP-9',
      'CP-9(3)',
      'CP-10',
    ])
  })

  it('leaves none out, and every file of a framework is written in it', () => {
    for (const one of FRAMEWORKS) {
      const ordered = clausesOf(one).map(([clause]) => clause)
      expect(ordered.toSorted()).toEqual(Object.keys(one.clauses).toSorted())
      const isWhole = (clause: string): boolean => /^\d+$/.test(clause)
      expect(ordered.filter((clause) => !isWhole(clause))).toEqual(
        Object.keys(one.clauses).filter((clause) => !isWhole(clause)),
      )
    }
  })
})

const rows = fc.array(
  fc.record({
    status: fc.constantFrom<AuditStatus>(...AUDIT_STATUSES),
    waived: fc.boolean(),
    rule: fc.constantFrom('r', 's'),
  }),
  { maxLength: 8 },
)
type Rows = typeof rows extends fc.Arbitrary<infer T> ? T : never

const words = fc.array(
  fc.record({
    at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'),
    evidence: fc.constantFrom('report-17.pdf', undefined),
    expires: fc.constantFrom('2026-11-01T00:00:00.000Z', '2026-12-31T00:00:00.000Z'),
  }),
  { maxLength: 2 },
)

const rulesOf = (all: Rows): readonly RuleSummary[] =>
  ['r', 's'].map((id) => {
    const own = all.filter((row) => row.rule === id)
    const statuses = Object.fromEntries(
      AUDIT_STATUSES.map((status) => [status, own.filter((row) => row.status === status).length]),
    )
    const waived = own.filter(({ status, waived }) => status === 'fail' && waived).length
    return rule(statuses, waived, id === 'r' ? 'full' : 'supporting', id)
  })

/** Best first. */
const rank = (status: ClauseStatus): number => CLAUSE_STATUSES.indexOf(status)

describe('whatever the rows', () => {
  it('nothing that fails, is unknown or has to be judged is shown as automated, and all that passes is', () => {
    fc.assert(
      fc.property(rows, words, (all, given) => {
        const attestations = given.map((parts, i) => attested({ ...parts, id: `${i}` }))
        const { status } = standing(rulesOf(all), attestations)
        const statuses = new Set(all.map((row) => row.status))
        statuses.delete('not-applicable')
        expect(status === 'automated').toBe(statuses.size === 1 && statuses.has('pass'))
        if (all.some((row) => row.status === 'fail' && !row.waived)) expect(status).toBe('gap')
      }),
    )
  })

  it('knowing less improves nothing: rows that become unknown, attestations that nobody has, an audit that breaks off', () => {
    fc.assert(
      fc.property(rows, words, fc.nat(7), fc.nat(2), (all, given, at, way) => {
        const attestations = given.map((parts, i) => attested({ ...parts, id: `${i}` }))
        const before = standing(rulesOf(all), attestations)
        const after =
          way === 0
            ? standing(
                rulesOf(all.map((row, i) => (i === at ? { ...row, status: 'unknown' as const } : row))),
                attestations,
              )
            : way === 1
              ? standing(rulesOf(all), attestations.slice(1))
              : standing(rulesOf(all), attestations, { complete: false })
        expect(rank(after.status)).toBeGreaterThanOrEqual(rank(before.status))
      }),
    )
  })
})

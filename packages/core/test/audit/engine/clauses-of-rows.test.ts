import {
  type AuditFinding,
  audit,
  clauseView,
  defineRule,
  ESTATE,
  type Framework,
  factToken,
  givenFacts,
  type Verdict,
} from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'

const told = factToken<boolean>('told', { of: 'estate', description: 'something' })
const framework: Framework = {
  id: 'acme',
  title: 'Acme',
  version: '1',
  clauses: { '1': 'one', '2': 'two', '3': 'three' },
}

/** Speaks to clause 1 as a whole, and in its rows to what they name. */
const ruleOf = (...verdicts: readonly Verdict<'good' | 'bad'>[]) =>
  defineRule({
    id: 'acme/told',
    title: 'It is told',
    description: ['It is.'],
    rationale: 'To be counted.',
    category: 'governance',
    severity: 'high',
    scope: 'estate',
    since: '1.0.0',
    clauses: [{ framework: 'acme', clause: '1', strength: 'full' }],
    remediation: { action: 'Tell it' },
    messages: { good: { status: 'pass', text: 'good' }, bad: { status: 'fail', text: 'bad' } },
    needs: { told },
    evaluate: () => verdicts,
  })

const run = async (verdicts: readonly Verdict<'good' | 'bad'>[], parts: { readonly partial?: boolean } = {}) => {
  const run = audit({
    rules: [ruleOf(...verdicts)()],
    collectors: [
      givenFacts([
        { target: ESTATE, token: told, fact: { state: 'known', value: true, source: 'test', observedAt: 0, ...parts } },
      ]),
    ],
    now: () => new Date(0),
  })
  const rows: AuditFinding[] = []
  for await (const page of run) rows.push(...page)
  return { rows, result: (await run.report()).result }
}

const evidence = [{ kind: 'test' }]

describe('rows that name clauses', () => {
  it('keep them, and are counted by them, each clause of a row once', async () => {
    const { rows, result } = await run([
      { message: 'good', subject: 'a', clauses: ['acme 2', 'acme 2', 'acme 3'] },
      { message: 'bad', subject: 'b', clauses: ['acme 3'], evidence },
      { message: 'good', subject: 'c' },
    ])
    expect(rows.map(({ clauses }) => clauses)).toEqual([['acme 2', 'acme 2', 'acme 3'], ['acme 3'], undefined])
    const [rule] = result.rules
    expect(rule?.byClause).toMatchObject({
      'acme 2': { findings: 1, statuses: { pass: 1, fail: 0 }, waived: 0 },
      'acme 3': { findings: 2, statuses: { pass: 1, fail: 1 } },
    })
    expect(clauseView(result, framework).clauses).toMatchObject([
      { clause: '1', status: 'gap', strength: 'full', passes: 2, failing: 1 },
      { clause: '2', status: 'automated', strength: 'supporting', rules: ['acme/told'], passes: 1, failing: 0 },
      { clause: '3', status: 'gap', strength: 'supporting', passes: 1, failing: 1 },
    ])
  })

  it('are counted where they are waived', async () => {
    const waiver = { id: 'w', select: { rule: 'acme/told' }, reason: 'r', approver: 'a', expires: '1970-01-02' }
    const waived = audit({
      rules: [ruleOf({ message: 'bad', clauses: ['acme 2'], evidence })()],
      collectors: [
        givenFacts([
          { target: ESTATE, token: told, fact: { state: 'known', value: true, source: 'test', observedAt: 0 } },
        ]),
      ],
      waivers: [waiver],
      now: () => new Date(0),
    })
    const { result } = await waived.report()
    expect(result.rules[0]?.byClause?.['acme 2']).toMatchObject({ findings: 1, waived: 1 })
    expect(clauseView(result, framework).clauses[1]?.status).toBe('accepted-risk')
  })

  it('stay where a part of the facts makes a pass unknown', async () => {
    const { rows, result } = await run([{ message: 'good', clauses: ['acme 2'] }], { partial: true })
    expect(rows).toMatchObject([{ status: 'unknown', clauses: ['acme 2'] }])
    expect(clauseView(result, framework).clauses[1]).toMatchObject({ status: 'gap', undecided: 1 })
  })

  it('are absent where no row names any', async () => {
    const { rows, result } = await run([{ message: 'good' }])
    expect(rows[0]).not.toHaveProperty('clauses')
    expect(result.rules[0]).not.toHaveProperty('byClause')
  })

  it.each([['acme 2'], [['acme 2', 3]], [{}]])('are texts: %j is no verdict', async (clauses) => {
    const { rows } = await run([{ message: 'good', clauses: clauses as never }])
    expect(rows).toMatchObject([
      { status: 'error', message: 'wrong-verdict', data: { reason: 'clauses that are no texts' } },
    ])
  })

  it('cannot fill memory: 1,000 clauses of a rule are told apart', async () => {
    const clauses = Array.from({ length: 1_200 }, (_, i) => `acme ${1000 + i}`)
    const { result } = await run([{ message: 'good', clauses }])
    expect(Object.keys(result.rules[0]?.byClause ?? {})).toHaveLength(1_000)
  })
})

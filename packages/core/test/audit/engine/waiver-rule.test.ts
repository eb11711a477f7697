import { describe, expect, it } from 'vitest'
import { type AuditRule, defineRule, policyFact, type Waiver, waiverStandings } from '../../../src/audit/index.js'
import { asset, brief, counting, enough, known, run } from './parts.js'

const common = {
  title: 'Waivers are in force',
  description: ['For tests.'],
  rationale: 'For tests.',
  category: 'governance',
  severity: 'medium',
  scope: 'estate',
  since: '0.1.0',
  clauses: [{ framework: 'nist-800-53', clause: 'CA-5', strength: 'partial' }],
  remediation: { action: 'Renew it' },
  messages: {
    used: { status: 'pass', text: 'accepts {rows} rows' },
    bad: { status: 'fail', text: 'is {state}' },
    open: { status: 'unknown', text: 'is {state}' },
    none: { status: 'not-applicable', text: 'there are no waivers' },
  },
} as const

/** Says what it is told, one verdict a waiver. */
const ruleOf = (id: string) =>
  defineRule({
    ...common,
    id,
    needs: { waivers: waiverStandings },
    evaluate: ({ facts: { waivers } }) => {
      const all = waivers.state === 'known' ? waivers.value : []
      if (all.length === 0) return { message: 'none' }
      return all.map(({ id: subject, state, rows, severity = null }) => ({
        message: state === 'used' ? 'used' : state.startsWith('not-') || state === 'undecided' ? 'open' : 'bad',
        subject,
        data: { state, rows, severity },
        evidence: [{ kind: 'waiver', id: subject }],
      }))
    },
  })
const waiverValid = ruleOf('waiver-valid')

const waiver = (id: string, more: Partial<Waiver> = {}): Waiver => ({
  id,
  select: { target: id },
  reason: 'is replaced',
  approver: 'CISO',
  expires: '2026-11-30',
  ...more,
})

/** `a` and `b` fail, `good` passes, nobody knows about `lost`. */
const judged = (rules: readonly AuditRule[], waivers: readonly unknown[]) =>
  run([enough(), ...rules], [counting(({ id }) => (id === 'lost' ? undefined : known(id === 'good' ? 9 : 1)))], {
    targets: ['a', 'b', 'good', 'lost'].map((id) => asset(id)),
    waivers: waivers as Waiver[],
  })

const all = [
  waiver('a'),
  waiver('b', { expires: '2027-11-30' }),
  waiver('expired', { expires: '2026-10-30' }),
  waiver('good'),
  waiver('lost'),
  waiver('malformed', { reason: '' }),
  waiver('other', { select: { rule: 'job-not-missed' } }),
]

describe('a rule about waivers', () => {
  it('judges them in place of the engine, once all other rules were asked', async () => {
    const { rows, result } = await judged([waiverValid()], all)
    const ofWaivers = rows.filter(({ rule }) => rule === 'waiver-valid')
    expect(
      ofWaivers.map(({ target, subject, status, data }) => [target.kind, subject, status, data?.['state']]),
    ).toEqual([
      ['estate', 'a', 'pass', 'used'],
      ['estate', 'b', 'fail', 'too-long'],
      ['estate', 'expired', 'fail', 'expired'],
      ['estate', 'good', 'fail', 'unused'],
      ['estate', 'lost', 'unknown', 'undecided'],
      ['estate', 'malformed', 'fail', 'malformed'],
      ['estate', 'other', 'unknown', 'not-asked'],
    ])
    expect(ofWaivers[0]?.data).toMatchObject({ rows: 1, severity: 'high' })
    expect(new Set(ofWaivers.map(({ severity }) => severity))).toEqual(new Set(['medium']))
    expect(result.rules.find(({ id }) => id === 'waiver-valid')).toMatchObject({
      findings: 7,
      statuses: { pass: 1, fail: 4, unknown: 2 },
      clauses: common.clauses,
    })
    expect(result.totals.findings).toBe(rows.length)
    // One row of each target, one of each waiver: nothing is told twice.
    expect(rows).toHaveLength(4 + 7)
  })

  it('under another name does so, too, and one of another id stands beside the engine', async () => {
    const renamed = await judged(
      [waiverValid({}, { as: 'exceptions' })],
      [waiver('expired', { expires: '2026-10-30' })],
    )
    expect(brief(renamed.rows).slice(4)).toEqual(['estate exceptions fail bad'])
    const beside = await judged([ruleOf('acme/waivers')()], [waiver('expired', { expires: '2026-10-30' })])
    expect(brief(beside.rows).slice(4)).toEqual([
      'estate acme/waivers fail bad',
      'expired waiver-valid fail waiver-expired',
    ])
  })

  it('cannot be waived', async () => {
    const { rows } = await judged([waiverValid()], [waiver('x', { select: { rule: 'waiver-valid' } })])
    expect(rows.at(-1)).toMatchObject({ rule: 'waiver-valid', subject: 'x', status: 'fail', data: { state: 'unused' } })
    expect(rows.at(-1)).not.toHaveProperty('waiver')
  })

  it('is asked where there are no waivers, and says so', async () => {
    const { rows } = await judged([waiverValid()], [])
    expect(brief(rows).at(-1)).toBe('estate waiver-valid not-applicable none')
  })

  it('does not call unused what was not looked at', async () => {
    const broken = { ...counting(() => known(9)), discover: () => Promise.reject(new Error('gone')) }
    const { rows } = await run([enough(), waiverValid()], [broken], { waivers: [waiver('a')] })
    expect(rows.at(-1)).toMatchObject({ status: 'unknown', data: { state: 'not-reached' } })
  })

  it('that needs more is asked with the others, and nobody tells it of waivers', async () => {
    const both = defineRule({
      ...common,
      id: 'acme/both',
      needs: { waivers: waiverStandings, policy: policyFact },
      evaluate: () => ({ message: 'none' }),
    })
    const { rows } = await judged([both()], [])
    expect(brief(rows).at(-1)).toBe('estate acme/both unknown fact-unknown')
  })

  it('is the only one that may have its name', async () => {
    await expect(() => run([enough({}, { as: 'waiver-valid' })])).rejects.toThrow('The name waiver-valid is taken')
  })
})

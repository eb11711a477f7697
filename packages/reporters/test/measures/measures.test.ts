import { type AuditCollector, audit, collected, defineRule, givenHistory, type Policy } from '@backproof/core/audit'
import { type CapacitySample, capacitySamples, type JobRun, jobRuns, proofReports } from '@backproof/core/history'
import { parsePolicy } from '@backproof/core/policy'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CapacityDays, type JobDays, type ProofGrades, reportMeasures } from '../../src/measures/index.js'
import { addFigure, createMedian, medianOf } from '../../src/measures/median.js'

const NOW = Date.parse('2026-11-01T12:00:00Z')
const HOUR = 3_600_000
const rule = defineRule({
  id: 'nothing-to-say',
  title: 'nothing',
  description: ['Passes.'],
  rationale: 'none',
  category: 'jobs',
  severity: 'low',
  scope: 'estate',
  since: '0.1.0',
  clauses: [],
  remediation: { action: 'none' },
  messages: { good: { status: 'pass', text: 'good' } },
  evaluate: () => ({ message: 'good' }),
})
const measured = (...collectors: AuditCollector[]): Promise<Record<string, unknown>> =>
  measuredUnder(undefined, ...collectors)
const measuredUnder = async (
  policy: Policy | undefined,
  ...collectors: AuditCollector[]
): Promise<Record<string, unknown>> => {
  const run = audit({ policy, rules: [rule()], measures: reportMeasures(), collectors, now: () => new Date(NOW) })
  const { result } = await run.report()
  return Object.fromEntries(Object.entries(result.measures ?? {}).map(([name, { value }]) => [name, value]))
}

describe('job-days', () => {
  const run = (hoursAgo: number, more: Partial<JobRun> = {}): JobRun => ({
    id: `${hoursAgo}`,
    asset: 'shop',
    start: NOW - hoursAgo * HOUR,
    end: NOW - hoursAgo * HOUR + 10 * 60_000,
    status: 'success',
    bytesProcessed: 100,
    ...more,
  })

  it('counts what ended and what succeeded, by the day of the end', async () => {
    const runs = [
      run(2),
      run(3, { status: 'failed', bytesProcessed: 7 }),
      run(4, { status: 'warning', end: NOW - 4 * HOUR + 30 * 60_000 }),
      run(5, { status: 'running', end: null }),
      run(30, { status: 'skipped' }),
      // It begins on the day before.
      run(36, { end: NOW - 10 * HOUR, bytesProcessed: null }),
      run(60, { status: 'failed', bytesProcessed: null }),
      run(24 * 500),
      run(-5),
    ]
    const { days } = (await measured(givenHistory(jobRuns, runs)))['job-days'] as JobDays
    expect(days).toEqual([
      { day: '2026-10-30', ended: 1, succeeded: 0, medianMinutes: null, bytes: null },
      { day: '2026-11-01', ended: 4, succeeded: 3, medianMinutes: 30, bytes: 200 },
    ])
  })
})

describe('capacity-days', () => {
  it('keeps the last sample of a day, and the fullest stores of many', async () => {
    const samples: CapacitySample[] = Array.from({ length: 30 }, (_, i) => [
      { store: `s${String((i * 7) % 30).padStart(2, '0')}`, at: NOW - 30 * HOUR, usedBytes: 99, limitBytes: 100 },
      { store: `s${String((i * 7) % 30).padStart(2, '0')}`, at: NOW - 2 * HOUR, usedBytes: 1, limitBytes: 100 },
      {
        store: `s${String((i * 7) % 30).padStart(2, '0')}`,
        at: NOW - HOUR,
        usedBytes: (i * 7) % 30,
        limitBytes: i === 29 ? null : 100,
      },
    ]).flat()
    const value = (await measured(givenHistory(capacitySamples, samples)))['capacity-days'] as CapacityDays
    expect(value.storesOmitted).toBe(10)
    // The one without a limit is never full.
    expect(value.stores.map(({ store }) => store)).toEqual(
      Array.from({ length: 21 }, (_, i) => `s${String(i + 9).padStart(2, '0')}`).filter((store) => store !== 's23'),
    )
    expect(value.stores[1]!.days).toEqual([
      { day: '2026-10-31', usedBytes: 99, limitBytes: 100 },
      { day: '2026-11-01', usedBytes: 10, limitBytes: 100 },
    ])
  })
})

describe('capacity-days, where the policy sets quotas', () => {
  const policy = (quotas: Readonly<Record<string, number>>): Policy =>
    parsePolicy(
      JSON.stringify({
        schema: 'backproof.policy/v1',
        stores: Object.entries(quotas).map(([id, quotaBytes]) => ({ id, quotaBytes })),
      }),
    ).policy
  const used = (store: string, usedBytes: number, limitBytes: number | null = null): CapacitySample => ({
    store,
    at: NOW - HOUR,
    usedBytes,
    limitBytes,
  })

  it('holds a store against the tighter one of both limits', async () => {
    const samples = [used('bucket', 5), used('disk', 5, 100), used('small', 5, 8), used('other', 5)]
    const collector = givenHistory(capacitySamples, samples)
    const value = (await measuredUnder(policy({ bucket: 10, disk: 50, small: 9 }), collector))['capacity-days']
    expect((value as CapacityDays).stores.map(({ store, days }) => [store, days[0]?.limitBytes])).toEqual([
      ['bucket', 10],
      ['disk', 50],
      ['other', null],
      ['small', 8],
    ])
  })

  it('takes those for the fullest that are by their quotas', async () => {
    const disks = Array.from({ length: 25 }, (_, i) => used(`disk-${i}`, 50, 100))
    const collector = givenHistory(capacitySamples, [...disks, used('bucket', 9)])
    const value = (await measuredUnder(policy({ bucket: 10 }), collector))['capacity-days'] as CapacityDays
    expect(value.stores.map(({ store }) => store)).toContain('bucket')
    expect([value.stores.length, value.storesOmitted]).toEqual([20, 6])
  })
})

describe('proof-grades', () => {
  it('tells what each place was proven by', async () => {
    const totals = (match: number, missing: number): unknown => ({
      findings: match + missing,
      outcomes: { match, missing },
      grades: { read: 1, stored: match - 1, claimed: 0, size: 0 },
    })
    const result = {
      kind: 'compare',
      source: { uri: 'file:///a' },
      replicas: [{ uri: 's3://b' }, { uri: 'gs://c' }],
      asOf: { from: '2026-10-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z' },
      byReplica: [totals(5, 2), totals(7, 0)],
    }
    const collector: AuditCollector = {
      specVersion: 'v1',
      id: 'reports',
      provides: [proofReports],
      kinds: ['estate'],
      collect: async ({ now }) => [
        collected(proofReports, {
          state: 'known',
          value: [{ source: 'a.json', result: result as never }],
          source: 'a.json',
          observedAt: now,
        }),
      ],
    }
    const { places } = (await measured(collector))['proof-grades'] as ProofGrades
    const place = { source: 'file:///a', asOf: '2026-10-01T00:00:00.000Z', read: 1, claimed: 0, size: 0 }
    expect(places).toEqual([
      { ...place, replica: 'gs://c', stored: 6, other: 0 },
      { ...place, replica: 's3://b', stored: 4, other: 2 },
    ])
  })
})

describe('medianOf', () => {
  it('is the lower median to three digits, in any order, whatever the number of figures', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const figures = createMedian()
        for (const value of values) addFigure(figures, value)
        const sorted = values.map((value) => Number(value.toPrecision(3))).sort((a, b) => a - b)
        expect(medianOf(figures)).toBe(sorted[Math.ceil(sorted.length / 2) - 1])
      }),
    )
    expect(medianOf(createMedian())).toBeNull()
  })
})

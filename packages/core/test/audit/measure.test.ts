import { describe, expect, it } from 'vitest'
import { audit, defineMeasure, defineRule, givenHistory } from '../../src/audit/index.js'
import { jobRuns } from '../../src/history/index.js'

const NOW = Date.parse('2026-11-01T00:00:00Z')
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
const counted = defineMeasure({
  name: 'job-count',
  description: 'jobs by asset',
  folds: (fold) => ({
    jobs: fold(jobRuns, {
      init: (): Record<string, number> => ({}),
      step: (state, { asset }) => ({ ...state, [asset]: (state[asset] ?? 0) + 1 }),
    }),
  }),
  measure: ({ folds }) => folds.jobs.value,
})
const broken = (measure: () => never): ReturnType<typeof defineMeasure> =>
  defineMeasure({ name: 'broken', description: 'broken', measure })
const jobs = ['a', 'b', 'a'].map((asset, i) => ({
  id: String(i),
  asset,
  start: NOW - 1000 * (i + 1),
  status: 'success' as const,
}))
const run = async (options: Partial<Parameters<typeof audit>[0]>) =>
  (await audit({ rules: [rule()], now: () => new Date(NOW), ...options }).report()).result

describe('a measure', () => {
  it('sees each item once, also of targets that nobody audits, and decides nothing', async () => {
    const history = givenHistory(jobRuns, [...jobs, jobs[0]!])
    const plain = await run({ collectors: [history] })
    const measured = await run({ collectors: [history], measures: [counted] })
    expect(measured.measures).toEqual({ 'job-count': { description: 'jobs by asset', value: { a: 2, b: 1 } } })
    expect(plain.measures).toBeUndefined()
    expect(measured.totals).toEqual(plain.totals)
    expect(measured.optionsHash).toBe(plain.optionsHash)
  })

  it('says that it rests on a part, or why there is no value', async () => {
    const partial = await run({ collectors: [givenHistory(jobRuns, jobs, { partial: true })], measures: [counted] })
    expect(partial.measures?.['job-count']).toMatchObject({ partial: true, value: { a: 2, b: 1 } })
    const none = await run({ measures: [counted] })
    expect(none.measures?.['job-count']).toEqual({
      description: 'jobs by asset',
      unknown: 'job.runs: not-collected',
    })
    expect(none.lost).toEqual([])
    expect(none.totals.statuses.unknown).toBe(0)
  })

  it('that fails is one without a value, and the others go on', async () => {
    const thrown = broken(() => {
      throw new Error('no luck with https://user:secret@example.org/')
    })
    const result = await run({ measures: [thrown, counted], collectors: [givenHistory(jobRuns, jobs)] })
    expect(result.measures?.['broken']?.unknown).toMatch(/no luck/)
    expect(JSON.stringify(result)).not.toContain('secret')
    expect(result.measures?.['job-count']?.value).toEqual({ a: 2, b: 1 })
    expect(result.totals.statuses.pass).toBe(1)
    const circle: unknown[] = []
    circle.push(circle)
    const wrong = await run({ measures: [broken(() => circle as never)] })
    expect(wrong.measures?.['broken']?.unknown).toBe('the measure gave no JSON')
  })

  it('is refused where it is none, or has the name of another', () => {
    expect(() => audit({ rules: [rule()], measures: [counted, counted] })).toThrow(/Two measures/)
    expect(() => audit({ rules: [rule()], measures: [{} as never] })).toThrow(/no measure of specVersion/)
    expect(() => defineMeasure({ name: 'Job Days', description: '', measure: () => null })).toThrow(/kebab-case/)
  })
})

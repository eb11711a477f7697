import { type AuditRule, type Judgement, judge } from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastAgainstBaseline, newestAgainstOldest } from '../src/baseline.js'
import { backupSizeAnomaly } from '../src/rules/backup-size-anomaly.js'
import { jobPerformanceRegression } from '../src/rules/job-performance-regression.js'
import { foldSeries } from '../src/run-series.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
const SECOND = 1_000
const MB = 1_000_000

/** A full backup each night, of so many gigabytes and twice as many seconds, the newest last. */
const nightly = (sizes: readonly number[]): JobRun[] =>
  sizes.map((size, at) => {
    const start = NOW - DAY / 2 - (sizes.length - 1 - at) * DAY
    const bytesProcessed = size * 1_000 * MB
    return {
      id: `${at}`,
      asset: 'shop',
      kind: 'full',
      start,
      end: start + size * 2 * SECOND,
      status: 'success',
      bytesProcessed,
    }
  })

const judged = (rule: AuditRule, items: readonly JobRun[]): readonly Judgement[] =>
  judge(rule, {
    target: { kind: 'asset', id: 'shop' },
    histories: [{ history: jobRuns, items }],
    now: new Date(NOW),
  })
const messages = (rule: AuditRule, items: readonly JobRun[]): readonly string[] =>
  judged(rule, items).map(({ message }) => message)

const count = fc.integer({ min: 20, max: 85 })
/** Noise around 100 that stays within a share of it. */
const noise = (share: number): fc.Arbitrary<readonly number[]> =>
  count.chain((length) =>
    fc.array(fc.double({ min: 100 * (1 - share), max: 100 * (1 + share), noNaN: true }), {
      minLength: length,
      maxLength: length,
    }),
  )
const RUNS = { numRuns: 100 }

describe('rules that compare new runs with old ones', () => {
  it('never fail on noise whose ends are closer to each other than the limits', () => {
    fc.assert(
      // 116 / 84 < 1.5, and 84 / 116 > 0.7.
      fc.property(noise(0.16), (sizes) => {
        expect(messages(jobPerformanceRegression(), nightly(sizes))).toEqual(['steady'])
        expect(messages(backupSizeAnomaly(), nightly(sizes))).toEqual(['usual'])
      }),
      RUNS,
    )
  })

  it('always find what is several times as much as the most before it', () => {
    fc.assert(
      fc.property(noise(0.3), fc.double({ min: 4, max: 100, noNaN: true }), (sizes, factor) => {
        const jumped = nightly([...sizes, 130 * factor])
        expect(messages(jobPerformanceRegression(), jumped)).toContain('slower-run')
        expect(messages(backupSizeAnomaly(), jumped)).toContain('grew')
      }),
      RUNS,
    )
  })

  it('always find what is a fraction of the least before it', () => {
    fc.assert(
      fc.property(noise(0.1), fc.double({ min: 0, max: 0.4, noNaN: true }), (sizes, factor) => {
        expect(messages(backupSizeAnomaly(), nightly([...sizes, 90 * factor]))).toContain('shrank')
      }),
      RUNS,
    )
  })

  it('find what moves so little each night that it never jumps, in either direction', () => {
    const step = fc.double({ min: 0.011, max: 0.03, noNaN: true })
    fc.assert(
      fc.property(step, fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 85, maxLength: 85 }), (by, jitter) => {
        const moving = (sign: number): JobRun[] =>
          nightly(jitter.map((noisy, at) => (1 + noisy / 100) * 100 * (1 + by) ** (sign * at)))
        expect(messages(jobPerformanceRegression(), moving(1))).toContain('slower-trend')
        expect(messages(backupSizeAnomaly(), moving(-1))).toContain('shrank-over-time')
      }),
      RUNS,
    )
  })

  it('find a step to a new level for as long as the old one lies within the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (since) => {
        const stepped = nightly(Array.from({ length: 80 }, (_, at) => (at >= 80 - since ? 40 : 100)))
        const told = messages(backupSizeAnomaly(), stepped)
        expect(told.every((message) => message.startsWith('shrank'))).toBe(true)
        expect(told).not.toEqual([])
      }),
      RUNS,
    )
  })

  it('never hold a run against itself', () => {
    const runs = fc.integer({ min: 1, max: 40 })
    const size = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(runs, size, size, size, (length, baselineRuns, minBaselineRuns, recentRuns) => {
        const options = { windowDays: 90, baselineRuns, minBaselineRuns, recentRuns }
        const { init, step } = foldSeries((run) => ({ read: run.bytesProcessed ?? null }))
        const context = { target: { kind: 'asset', id: 'shop' }, now: NOW, observedAt: NOW, options }
        const { series } = nightly(Array(length).fill(100)).reduce((state, run) => step(state, run, context), init())
        const [one] = [...series.values()]
        const ids = (kept: readonly { readonly id: string }[] = []): number[] => kept.map(({ id }) => Number(id))
        const last = lastAgainstBaseline(one!, 'read', options)
        if (last !== undefined) {
          expect(ids(last.judged)).toEqual([length - 1])
          const first = Math.max(0, length - 1 - baselineRuns)
          expect(ids(last.baseline)).toEqual(Array.from({ length: length - 1 - first }, (_, at) => first + at))
        } else expect(Math.min(baselineRuns, length - 1)).toBeLessThan(minBaselineRuns)
        const newest = newestAgainstOldest(one!, 'read', options)
        if (newest !== undefined) {
          expect(ids(newest.judged)).toEqual(Array.from({ length: recentRuns }, (_, at) => length - recentRuns + at))
          const oldest = Math.min(baselineRuns, length - recentRuns)
          expect(ids(newest.baseline)).toEqual(Array.from({ length: oldest }, (_, at) => at))
        } else expect(Math.min(baselineRuns, length - recentRuns)).toBeLessThan(Math.max(1, minBaselineRuns))
      }),
      RUNS,
    )
  })

  it('name what both numbers can be recomputed from', () => {
    const [finding] = judged(backupSizeAnomaly(), nightly([...Array(20).fill(100), 50]))
    const evidence = finding?.evidence ?? []
    expect(evidence.map(({ data }) => data?.['role'])).toEqual(['judged', ...Array(14).fill('baseline')])
    expect(evidence[0]).toMatchObject({ kind: 'job-run', id: '20', data: { read: 50_000 * MB } })
    expect(evidence.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, at) => `${20 - at}`))
  })
})

import type { JobRun, JobStatus } from '@backproof/core/history'
import { RULE_NOW, type RuleTest } from '@backproof/core/testing'
import { jobSuccessRate } from '../../src/rules/job-success-rate.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Part = readonly [count: number, status: JobStatus]

/** One run each 7 hours, the newest last. */
const runs = (...parts: readonly Part[]): JobRun[] => {
  const statuses = parts.flatMap(([count, status]) => Array.from({ length: count }, () => status))
  return statuses.map((status, i) => ({
    id: `run-${i + 1}`,
    asset: 'shop',
    start: RULE_NOW - (statuses.length - i) * 7 * HOUR,
    end: RULE_NOW - (statuses.length - i) * 7 * HOUR + HOUR,
    status,
  }))
}
const of = (...parts: readonly Part[]) => ({ histories: { runs: runs(...parts) } })

export default {
  rule: jobSuccessRate,
  cases: [
    {
      name: '99 of 100 runs succeeded',
      ...of([60, 'success'], [1, 'failed'], [39, 'success']),
      expect: { message: 'reached', data: { finished: 100, successes: 99, percent: 99, days: 30 } },
    },
    {
      name: 'Exactly 98 of 100 runs succeeded',
      ...of([2, 'failed'], [98, 'success']),
      expect: { message: 'reached', data: { percent: 98 } },
    },
    {
      name: '97 of 100 runs succeeded',
      ...of([1, 'failed'], [97, 'success'], [1, 'failed'], [1, 'cancelled']),
      expect: {
        message: 'below',
        data: { finished: 100, successes: 97, percent: 97, limit: 98 },
        evidence: ['run-1', 'run-99', 'run-100'],
      },
    },
    {
      name: 'None of 30 runs succeeded',
      ...of([30, 'failed']),
      expect: {
        message: 'below',
        data: { percent: 0 },
        evidence: Array.from({ length: 20 }, (_, i) => `run-${i + 1}`),
      },
    },
    {
      name: 'Runs with warnings are successes',
      ...of([5, 'warning'], [5, 'success']),
      expect: { message: 'reached', data: { successes: 10, percent: 100 } },
    },
    {
      name: 'Runs that left something out are failures',
      ...of([9, 'success'], [1, 'partial']),
      expect: { message: 'below', data: { successes: 9 }, evidence: ['run-10'] },
    },
    {
      name: 'Runs that left something out count as successes, on request',
      options: { countPartialAs: 'success' },
      ...of([9, 'success'], [1, 'partial']),
      expect: { message: 'reached', data: { successes: 10 } },
    },
    {
      name: 'Nobody can say how two of ten runs ended',
      ...of([8, 'success'], [2, 'unknown']),
      expect: { message: 'untold', data: { untold: 2, percent: 80 }, evidence: ['run-9', 'run-10'] },
    },
    {
      name: 'Too many failed, whatever the run is that nobody can tell of',
      ...of([8, 'success'], [1, 'failed'], [1, 'unknown']),
      expect: { message: 'below', evidence: ['run-9', 'run-10'] },
    },
    {
      name: 'Runs that are still going, or were skipped on purpose, do not count',
      ...of([10, 'success'], [1, 'skipped'], [1, 'running']),
      expect: { message: 'reached', data: { finished: 10 } },
    },
    {
      name: 'Nine runs finished',
      ...of([9, 'success'], [3, 'skipped']),
      expect: { message: 'too-few', data: { finished: 9, needed: 10 } },
    },
    {
      name: 'No runs at all',
      histories: { runs: [] },
      expect: { message: 'too-few', data: { finished: 0 } },
    },
    {
      name: 'Runs of another asset only',
      histories: { runs: runs([20, 'success']).map((run) => ({ ...run, asset: 'mail' })) },
      expect: { message: 'too-few', data: { finished: 0 } },
    },
    {
      name: 'Failures from before the window do not count',
      histories: {
        runs: [
          ...runs([20, 'failed']).map((run, i) => ({ ...run, id: `old-${i}`, start: run.start - 30 * DAY })),
          ...runs([20, 'success']),
        ],
      },
      expect: { message: 'reached', data: { finished: 20 } },
    },
    {
      name: 'The history is younger than the window',
      histories: { runs: { items: runs([20, 'success']), from: RULE_NOW - 10 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-10-22T12:00:00.000Z' } },
    },
    {
      name: 'A run starts tomorrow',
      histories: {
        runs: [...runs([20, 'success']), { id: 'ahead', asset: 'shop', start: RULE_NOW + DAY, status: 'success' }],
      },
      expect: { message: 'in-future', data: { run: 'ahead' }, evidence: ['ahead'] },
    },
    {
      name: 'A run starts tomorrow, and does not hide that too many failed',
      histories: {
        runs: [
          ...runs([20, 'failed'], [20, 'success']),
          { id: 'ahead', asset: 'shop', start: RULE_NOW + DAY, status: 'success' },
        ],
      },
      expect: { message: 'below', data: { percent: 50 } },
    },
    {
      name: 'No job history is connected',
      expect: { message: 'fact-unknown' },
    },
  ],
  boundaries: {
    minPercent: {
      question: of([2, 'failed'], [98, 'success']),
      limit: 98,
      at: 'reached',
      stricter: 'below',
      laxer: 'reached',
    },
    minSamples: { question: of([12, 'success']), limit: 12, at: 'reached', stricter: 'too-few', laxer: 'reached' },
    windowDays: {
      // The failure lies 5 days back to the moment.
      question: {
        histories: {
          runs: [
            { id: 'failed', asset: 'shop', start: RULE_NOW - 5 * DAY, status: 'failed' },
            ...runs([10, 'success']),
          ],
        },
      },
      limit: 5,
      at: 'below',
      stricter: 'below',
      laxer: 'reached',
    },
  },
} satisfies RuleTest

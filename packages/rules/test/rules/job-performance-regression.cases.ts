import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobPerformanceRegression } from '../../src/rules/job-performance-regression.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const MINUTE = 60_000
const DAY = 86_400_000
const GB = 1_000_000_000

/** A run each night, the last of them ten hours ago: minutes that it took, by nights before the last. */
const nightly = (
  count: number,
  took: (ago: number) => number,
  more: (ago: number) => Partial<JobRun> = () => ({}),
): JobRun[] =>
  Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index
    const start = NOW - 10 * 3_600_000 - ago * DAY
    return {
      id: `night-${ago}`,
      asset: 'shop',
      start,
      end: start + took(ago) * MINUTE,
      status: 'success',
      bytesProcessed: 600 * GB,
      ...more(ago),
    }
  })
/** A little more and a little less, the same each time. */
const jitter = (ago: number): number => ((ago * 7) % 5) - 2
const ask = (...runs: readonly (readonly JobRun[])[]) => ({ histories: { runs: runs.flat() } })

export default {
  rule: jobPerformanceRegression,
  cases: [
    {
      name: 'An hour each night, more or less',
      ...ask(nightly(30, (ago) => 60 + jitter(ago))),
      expect: { message: 'steady', data: { run: 'night-0', minutes: 58, median: 60, baseline: 14 } },
    },
    {
      name: 'The last run took twice as long',
      ...ask(nightly(30, (ago) => (ago === 0 ? 120 : 60 + jitter(ago)))),
      expect: [
        { message: 'slower-run', data: { run: 'night-0', minutes: 120, median: 60, baseline: 14 } },
        { message: 'low-throughput-run', data: { percent: 60 } },
      ],
    },
    {
      name: 'As ever for a month, and what was before is not known',
      histories: { runs: { items: nightly(30, (ago) => 60 + jitter(ago)), from: NOW - 30 * DAY } },
      expect: { message: 'history-short', data: { begin: '2026-08-03T12:00:00.000Z' } },
    },
    {
      name: 'Nobody can say how the last run ended',
      ...ask(
        nightly(
          30,
          () => 60,
          (ago) => (ago === 0 ? { status: 'unknown', end: null } : {}),
        ),
      ),
      expect: { message: 'run-untold', data: { run: 'night-0' }, evidence: ['night-0'] },
    },
    {
      name: 'Nobody can say how a run ended, and the next one went well',
      ...ask(
        nightly(
          30,
          () => 60,
          (ago) => (ago === 1 ? { status: 'unknown' } : {}),
        ),
      ),
      expect: { message: 'steady', data: { run: 'night-0' } },
    },
    {
      name: 'It takes two per cent longer each week night, and never jumps',
      ...ask(nightly(60, (ago) => 100 - ago)),
      expect: [
        { message: 'slower-trend', data: { recent: 5, minutes: 98, median: 47.5, baseline: 14 } },
        { message: 'low-throughput-trend' },
      ],
    },
    {
      name: 'It became slower two weeks ago, and all runs since then agree',
      ...ask(nightly(40, (ago) => (ago < 20 ? 120 : 60 + jitter(ago)))),
      expect: [
        { message: 'slower-trend', data: { minutes: 120, median: 60 } },
        { message: 'low-throughput-trend', data: { percent: 60 } },
      ],
    },
    {
      name: 'One odd run among those before the last moves nothing',
      ...ask(nightly(30, (ago) => (ago === 3 ? 600 : 60 + jitter(ago)))),
      expect: { message: 'steady' },
    },
    {
      name: 'Runs take from twenty minutes to three hours: twice the median is nothing special',
      ...ask(nightly(30, (ago) => (ago === 0 ? 150 : 20 + ((ago * 77) % 160)))),
      expect: { message: 'steady', data: { minutes: 150 } },
    },
    {
      name: 'A full backup of every week takes longer than the increments between',
      ...ask(
        nightly(
          80,
          (ago) => (ago % 7 === 0 ? 300 : 30),
          (ago) => ({ kind: ago % 7 === 0 ? 'full' : 'incremental', plan: 'nightly' }),
        ),
      ),
      expect: [
        { message: 'steady', subject: 'nightly, full', data: { minutes: 300 } },
        { message: 'steady', subject: 'nightly, incremental', data: { minutes: 30 } },
      ],
    },
    {
      name: 'It takes as long as ever, and moves half',
      ...ask(
        nightly(
          30,
          () => 60,
          (ago) => ({ bytesProcessed: (ago === 0 ? 330 : 600) * GB }),
        ),
      ),
      expect: { message: 'low-throughput-run', data: { rate: 91_666_666, median: 166_666_666 } },
    },
    {
      name: 'There was little to move on the last night',
      ...ask(
        nightly(
          30,
          () => 60,
          (ago) => ({ bytesProcessed: (ago === 0 ? 3 : 600) * GB }),
        ),
      ),
      expect: { message: 'steady' },
    },
    {
      name: 'What was sent to the store is known, what was read is not',
      ...ask(
        nightly(
          30,
          (ago) => (ago === 0 ? 85 : 50),
          () => ({ bytesProcessed: null, bytesTransferred: 100 * GB }),
        ),
      ),
      options: { maxDurationIncreasePercent: 100 },
      expect: { message: 'low-throughput-run' },
    },
    {
      name: 'Nobody says how much runs moved',
      ...ask(
        nightly(
          30,
          () => 60,
          () => ({ bytesProcessed: null }),
        ),
      ),
      expect: { message: 'throughput-unknown' },
    },
    {
      name: 'Nobody says how much runs moved, and nobody asks',
      ...ask(
        nightly(
          30,
          () => 60,
          () => ({ bytesProcessed: null }),
        ),
      ),
      options: { minThroughputPercent: 0 },
      expect: { message: 'steady' },
    },
    {
      name: 'Nobody says when the last run ended',
      ...ask(
        nightly(
          30,
          () => 60,
          (ago) => (ago === 0 ? { end: null } : {}),
        ),
      ),
      expect: { message: 'duration-unknown' },
    },
    {
      name: 'A run has been going for ten hours',
      ...ask(
        nightly(
          30,
          () => 60,
          (ago) => (ago === 0 ? { end: null, status: 'running' } : {}),
        ),
      ),
      expect: { message: 'running-long', data: { run: 'night-0', minutes: 600, median: 60 } },
    },
    {
      name: 'Failed runs are no measure',
      ...ask(
        nightly(
          30,
          (ago) => (ago % 3 === 1 ? 1 : 60),
          (ago) => ({ status: ago % 3 === 1 ? 'failed' : 'success' }),
        ),
      ),
      expect: { message: 'steady', data: { baseline: 14, median: 60 } },
    },
    {
      name: 'Ten seconds instead of three',
      ...ask(nightly(30, (ago) => (ago === 0 ? 10 : 3) / 60)),
      expect: { message: 'steady' },
    },
    { name: 'Seven runs', ...ask(nightly(7, () => 60)), expect: { message: 'too-few', data: { runs: 7, needed: 8 } } },
    { name: 'No run is known', ...ask([]), expect: { message: 'too-few', data: { runs: 0 } } },
    {
      name: 'Every run has a job of its own',
      ...ask(
        nightly(
          80,
          () => 60,
          (ago) => ({ job: ago < 70 ? `job-${ago}` : 'nightly' }),
        ),
      ),
      expect: [
        { message: 'steady', subject: 'nightly', data: { baseline: 9 } },
        { message: 'too-many-series', subject: '(other series)', data: { runs: 7 } },
      ],
    },
    {
      name: 'A run comes from the future',
      ...ask(
        nightly(30, () => 60),
        nightly(1, () => 60).map((run) => ({ ...run, id: 'tomorrow', start: NOW + DAY, end: NOW + DAY + MINUTE })),
      ),
      expect: { message: 'in-future', data: { run: 'tomorrow' } },
    },
  ],
  boundaries: {
    maxDurationIncreasePercent: {
      question: ask(nightly(20, (ago) => (ago === 0 ? 78 : 60))),
      limit: 30,
      at: 'steady',
      stricter: 'slower-run',
      laxer: 'steady',
    },
    minThroughputPercent: {
      question: ask(
        nightly(
          20,
          () => 60,
          (ago) => ({ bytesProcessed: (ago === 0 ? 420 : 600) * GB }),
        ),
      ),
      limit: 70,
      at: 'steady',
      stricter: 'low-throughput-run',
      laxer: 'steady',
    },
    ignoreBelow: {
      question: { ...ask(nightly(20, (ago) => (ago === 0 ? 10 : 3))), options: { minThroughputPercent: 0 } },
      limit: 10 * MINUTE,
      at: 'slower-run',
      stricter: 'slower-run',
      laxer: 'steady',
    },
    baselineRuns: {
      // Eight short runs before the last, and long ones before those: of fifteen the median is short, of sixteen it lies between.
      question: { ...ask(nightly(40, (ago) => (ago > 0 && ago < 9 ? 60 : 100))), options: { minThroughputPercent: 0 } },
      limit: 15,
      at: 'slower-run',
      stricter: 'steady',
      laxer: 'slower-run',
    },
    minBaselineRuns: {
      question: ask(nightly(10, () => 60)),
      limit: 9,
      at: 'steady',
      stricter: 'too-few',
      laxer: 'steady',
    },
    recentRuns: {
      // Of the last five three took longer, of the last six only half.
      question: {
        ...ask(nightly(40, (ago) => ([1, 3, 4].includes(ago) ? 120 : 60))),
        options: { minThroughputPercent: 0 },
      },
      limit: 5,
      at: 'slower-trend',
      stricter: 'steady',
      laxer: 'steady',
    },
    maxDeviations: {
      // Medians 60 and a deviation of 14.826: 105 lies 3.04 deviations above.
      question: {
        ...ask(nightly(15, (ago) => (ago === 0 ? 105 : [50, 70][ago % 2]!))),
        options: { minThroughputPercent: 0 },
      },
      limit: 3.1,
      at: 'steady',
      stricter: 'slower-run',
      laxer: 'steady',
    },
    windowDays: {
      question: ask(nightly(12, () => 60)),
      limit: 8,
      at: 'steady',
      stricter: 'steady',
      laxer: 'too-few',
    },
  },
} satisfies RuleTest

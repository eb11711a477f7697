import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { backupSizeAnomaly } from '../../src/rules/backup-size-anomaly.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const GB = 1_000_000_000

/** A full backup each night, the last of them ten hours ago: what it had, by nights before the last. */
const nightly = (count: number, had: (ago: number) => Partial<JobRun>): JobRun[] =>
  Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index
    const start = NOW - 10 * HOUR - ago * DAY
    return { id: `night-${ago}`, asset: 'shop', start, end: start + HOUR, status: 'success', kind: 'full', ...had(ago) }
  })
/** Gigabytes read. */
const reads = (count: number, size: (ago: number) => number, more: Partial<JobRun> = {}): JobRun[] =>
  nightly(count, (ago) => ({ bytesProcessed: size(ago) * GB, ...more }))
/** A little more and a little less, the same each time. */
const jitter = (ago: number): number => ((ago * 7) % 5) - 2
const ask = (...runs: readonly (readonly JobRun[])[]) => ({ histories: { runs: runs.flat() } })
const full = { subject: 'full' }

export default {
  rule: backupSizeAnomaly,
  cases: [
    {
      name: 'A hundred gigabytes each night, more or less',
      ...ask(reads(30, (ago) => 100 + jitter(ago))),
      expect: { message: 'usual', ...full, data: { measure: 'read', value: 98 * GB, median: 100 * GB, baseline: 14 } },
    },
    {
      name: 'Nearly everything is new since last night',
      ...ask(
        nightly(30, (ago) => ({
          bytesProcessed: 100 * GB,
          bytesTransferred: (ago === 0 ? 100 : 4) * GB,
          items: 1_000_000,
          changedItems: ago === 0 ? 930_000 : 20_000,
          entropy: ago === 0 ? 7.98 : 5.1,
        })),
      ),
      expect: [
        { message: 'grew', ...full, data: { measure: 'sent', value: 100 * GB, median: 4 * GB, limit: 3 } },
        { message: 'entropy-rose', ...full, data: { value: 7.98, median: 5.1 } },
      ],
    },
    {
      name: 'A volume is missing since last night',
      ...ask(reads(30, (ago) => (ago === 0 ? 60 : 100 + jitter(ago)))),
      expect: { message: 'shrank', ...full, data: { run: 'night-0', value: 60 * GB, median: 100 * GB, limit: 30 } },
    },
    {
      name: 'As ever for a month, and what was before is not known',
      histories: { runs: { items: reads(30, (ago) => 100 + jitter(ago)), from: NOW - 30 * DAY } },
      expect: { message: 'history-short', ...full, data: { begin: '2026-08-03T12:00:00.000Z' } },
    },
    {
      name: 'Nobody can say how the last run ended',
      ...ask(nightly(30, (ago) => ({ bytesProcessed: 100 * GB, status: ago === 0 ? 'unknown' : 'success' }))),
      expect: { message: 'run-untold', ...full, data: { run: 'night-0' }, evidence: ['night-0'] },
    },
    {
      name: 'As many bytes as ever, but half of the items',
      ...ask(nightly(30, (ago) => ({ bytesProcessed: 100 * GB, items: ago === 0 ? 500 : 1_000 }))),
      expect: { message: 'shrank', ...full, data: { measure: 'items' } },
    },
    {
      name: 'It loses one gigabyte each night, and never jumps',
      ...ask(reads(60, (ago) => 100 + ago)),
      expect: {
        message: 'shrank-over-time',
        ...full,
        data: { recent: 5, value: 102 * GB, median: 152.5 * GB, from: '2026-09-03T02:00:00.000Z' },
      },
    },
    {
      name: 'It grows by three per cent each night, and never jumps',
      ...ask(reads(60, (ago) => 1_000 * 1.03 ** -ago)),
      expect: { message: 'grew-over-time', ...full, data: { limit: 3, baseline: 14 } },
    },
    {
      name: 'Entropy rises a little each night',
      ...ask(nightly(60, (ago) => ({ bytesProcessed: 100 * GB, entropy: 6 - ago * 0.01 }))),
      expect: { message: 'entropy-rose-over-time', ...full },
    },
    {
      name: 'It became larger by a quarter, for good',
      ...ask(reads(60, (ago) => (ago < 10 ? 125 : 100))),
      expect: { message: 'usual', ...full },
    },
    {
      name: 'One odd run among those before the last moves nothing',
      ...ask(reads(30, (ago) => (ago === 4 ? 3 : 100 + jitter(ago)))),
      expect: { message: 'usual', ...full },
    },
    {
      name: 'Increments are small on weekends',
      ...ask(reads(60, (ago) => (ago % 7 < 2 ? 0.1 : 10), { kind: 'incremental' })),
      expect: { message: 'usual', subject: 'incremental' },
    },
    {
      name: 'Increments are small for a week',
      ...ask(reads(60, (ago) => (ago < 7 || ago % 7 < 2 ? 0.1 : 10), { kind: 'incremental' })),
      expect: { message: 'shrank-over-time', subject: 'incremental' },
    },
    {
      name: 'An increment is as large as a full backup',
      ...ask(reads(30, (ago) => (ago === 0 ? 90 : 10), { kind: 'incremental' })),
      expect: { message: 'grew', subject: 'incremental' },
    },
    {
      name: 'A full backup among increments is none of them',
      ...ask(
        nightly(80, (ago) => ({
          bytesProcessed: (ago % 7 === 0 ? 500 : 10) * GB,
          kind: ago % 7 === 0 ? 'full' : 'incremental',
          plan: 'nightly',
        })),
      ),
      expect: [
        { message: 'usual', subject: 'nightly, full', data: { median: 500 * GB } },
        { message: 'usual', subject: 'nightly, incremental', data: { median: 10 * GB } },
      ],
    },
    {
      name: 'Only what was sent is known, and it shrank',
      ...ask(nightly(30, (ago) => ({ bytesTransferred: (ago === 0 ? 10 : 50) * GB }))),
      expect: { message: 'shrank', ...full, data: { measure: 'sent' } },
    },
    {
      name: 'Less is sent, and as much is read as ever',
      ...ask(nightly(30, (ago) => ({ bytesProcessed: 100 * GB, bytesTransferred: (ago === 0 ? 10 : 50) * GB }))),
      expect: { message: 'usual', ...full },
    },
    {
      name: 'Twenty files in place of two',
      ...ask(nightly(30, (ago) => ({ items: ago === 0 ? 20 : 2 }))),
      expect: { message: 'usual', ...full },
    },
    {
      name: 'The last run holds nothing',
      ...ask(reads(30, (ago) => (ago === 0 ? 0 : 100))),
      expect: { message: 'shrank', ...full, data: { value: 0 } },
    },
    {
      name: 'There never was anything to back up',
      ...ask(reads(30, () => 0)),
      expect: { message: 'nothing-backed-up', ...full },
    },
    {
      name: 'Nobody says how large backups are',
      ...ask(nightly(30, () => ({}))),
      expect: { message: 'size-unknown', ...full },
    },
    {
      name: 'The last run does not say how much it read',
      ...ask(nightly(30, (ago) => ({ bytesProcessed: ago === 0 ? null : 100 * GB, items: 1_000 }))),
      expect: { message: 'size-unknown', ...full, data: { words: 'bytes read' } },
    },
    {
      name: 'Items are told since yesterday',
      ...ask(nightly(30, (ago) => ({ bytesProcessed: 100 * GB, items: ago < 2 ? 1_000 : null }))),
      expect: { message: 'usual', ...full },
    },
    { name: 'Seven runs', ...ask(reads(7, () => 100)), expect: { message: 'too-few', ...full, data: { runs: 7 } } },
    { name: 'No run is known', ...ask([]), expect: { message: 'too-few', data: { runs: 0 } } },
    {
      name: 'Every run has a job of its own',
      ...ask(nightly(80, (ago) => ({ bytesProcessed: 100 * GB, job: ago < 70 ? `job-${ago}` : 'nightly' }))),
      expect: [
        { message: 'usual', subject: 'nightly, full' },
        { message: 'too-many-series', subject: '(other series)', data: { runs: 7 } },
      ],
    },
    {
      name: 'A run comes from the future',
      ...ask(
        reads(30, () => 100),
        reads(1, () => 100).map((run) => ({ ...run, id: 'tomorrow', start: NOW + DAY, end: NOW + 2 * DAY })),
      ),
      expect: { message: 'in-future', ...full, data: { run: 'tomorrow' } },
    },
    {
      name: 'It shrank, whatever a run from the future says',
      ...ask(
        reads(30, (ago) => (ago === 0 ? 60 : 100)),
        reads(1, () => 100).map((run) => ({ ...run, id: 'tomorrow', start: NOW + DAY, end: NOW + 2 * DAY })),
      ),
      expect: { message: 'shrank', ...full },
    },
  ],
  boundaries: {
    maxGrowthFactor: {
      question: ask(reads(20, (ago) => (ago === 0 ? 250 : 100))),
      limit: 2.5,
      at: 'usual',
      stricter: 'grew',
      laxer: 'usual',
    },
    maxShrinkPercent: {
      question: ask(reads(20, (ago) => (ago === 0 ? 60 : 100))),
      limit: 40,
      at: 'usual',
      stricter: 'shrank',
      laxer: 'usual',
    },
    entropyJump: {
      question: ask(nightly(20, (ago) => ({ bytesProcessed: GB, entropy: ago === 0 ? 5.5 : 5 }))),
      limit: 0.5,
      at: 'usual',
      stricter: 'entropy-rose',
      laxer: 'usual',
    },
    baselineRuns: {
      // Eight large runs before the last, and small ones before those: of fifteen the median is large, of sixteen it lies between.
      question: ask(reads(40, (ago) => (ago > 0 && ago < 9 ? 100 : 60))),
      limit: 15,
      at: 'shrank',
      stricter: 'usual',
      laxer: 'shrank',
    },
    minBaselineRuns: {
      question: ask(reads(10, () => 100)),
      limit: 9,
      at: 'usual',
      stricter: 'too-few',
      laxer: 'usual',
    },
    recentRuns: {
      // Of the last five three were small, of the last six only half.
      question: ask(reads(40, (ago) => ([1, 3, 4].includes(ago) ? 50 : 100))),
      limit: 5,
      at: 'shrank-over-time',
      stricter: 'usual',
      laxer: 'usual',
    },
    maxDeviations: {
      // The median is 100, a deviation 14.826: 55 lies 3.04 deviations below.
      question: ask(reads(15, (ago) => (ago === 0 ? 55 : [90, 110][ago % 2]!))),
      limit: 3.1,
      at: 'usual',
      stricter: 'shrank',
      laxer: 'usual',
    },
    windowDays: {
      question: ask(reads(12, () => 100)),
      limit: 8,
      at: 'usual',
      stricter: 'usual',
      laxer: 'too-few',
    },
  },
} satisfies RuleTest

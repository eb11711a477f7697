import type { JobRun } from '@backproof/core/history'
import type { CaseHistory, RuleTest } from '@backproof/core/testing'
import { incrementalStrategy } from '../../src/rules/incremental-strategy.js'
import { jobRun } from '../job-run.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
const GB = 1_000_000_000

/** A run each night, the last of them ten hours ago; of 1,000 items so many changed. */
const nightly = (count: number, kindOf: (ago: number) => JobRun['kind'], more: Partial<JobRun> = {}): JobRun[] =>
  Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index
    return jobRun(10 + ago * 24, { id: `night-${ago}`, kind: kindOf(ago), items: 1_000, changedItems: 10, ...more })
  })
const weekly = (ago: number): JobRun['kind'] => (ago % 7 === 6 ? 'full' : 'incremental')
const ask = (...runs: readonly (readonly JobRun[])[]) => ({ histories: { runs: runs.flat() as CaseHistory } })
/** The oldest of so many is full, and all since then are not. */
const onceFull =
  (count: number) =>
  (ago: number): JobRun['kind'] =>
    ago === count - 1 ? 'full' : 'incremental'
const never = (): JobRun['kind'] => 'incremental'
const always = (): JobRun['kind'] => 'full'

export default {
  rule: incrementalStrategy,
  cases: [
    {
      name: 'A full backup each week, and increments between',
      ...ask(nightly(63, weekly)),
      expect: [
        { message: 'fulls-few', subject: 'fulls', data: { runs: 63, percent: 14.3, maxFullPercent: 50 } },
        {
          message: 'chains-short',
          subject: 'chains',
          data: { length: 6, maxChainLength: 30 },
          evidence: ['night-0', 'night-6'],
        },
      ],
    },
    {
      name: 'A full backup each night, of which one per cent changes',
      ...ask(nightly(30, always, { bytesTransferred: 50 * GB })),
      expect: [
        {
          message: 'needless-fulls',
          subject: 'fulls',
          data: { fulls: 30, runs: 30, little: 30, sentByFulls: 1_500 * GB, lowChangePercent: 20 },
          evidence: Array.from({ length: 20 }, (_, ago) => `night-${ago}`),
        },
        { message: 'chains-short', data: { length: 0 } },
      ],
    },
    {
      name: 'A full backup each night, of which a half changes',
      ...ask(nightly(30, always, { changedItems: 500 })),
      expect: [{ message: 'fulls-needed', data: { much: 30, runs: 30 } }, { message: 'chains-short' }],
    },
    {
      name: 'A full backup each night, and nobody says what changes',
      ...ask(nightly(30, always, { changedItems: null })),
      expect: [{ message: 'change-untold', data: { fulls: 30 } }, { message: 'chains-short' }],
    },
    {
      name: 'Of some runs nobody says what kind they were, or how they ended',
      ...ask(
        nightly(10, (ago) => (ago % 2 === 0 ? null : 'full')).map((run, i) => ({
          ...run,
          ...(i === 0 && { status: 'unknown' as const }),
        })),
      ),
      expect: [
        { message: 'kinds-untold', data: { runs: 9, untold: 6 } },
        { message: 'chains-short', data: { length: 1 } },
      ],
    },
    {
      name: 'The only full backup is forty nights old',
      ...ask(nightly(40, onceFull(40))),
      expect: [
        { message: 'fulls-few' },
        {
          message: 'chain-long',
          subject: 'chains',
          data: { length: 39, run: 'night-0' },
          evidence: ['night-0', 'night-39'],
        },
      ],
    },
    {
      name: 'There never was a full backup',
      ...ask(nightly(50, never)),
      expect: [
        { message: 'fulls-few', data: { percent: 0 } },
        { message: 'chain-long', evidence: ['night-0'] },
      ],
    },
    {
      name: 'Which full backup begins the chain is not told',
      ...ask(nightly(20, never)),
      expect: [{ message: 'fulls-few' }, { message: 'chain-untold', data: { run: 'night-0' }, evidence: ['night-0'] }],
    },
    {
      name: 'Differential backups need the full one only, which may be older than the history',
      ...ask(nightly(50, (ago) => (ago === 0 ? 'incremental' : 'differential'))),
      expect: [{ message: 'fulls-few' }, { message: 'chains-short', data: { length: 2 } }],
    },
    {
      name: 'Runs that failed, were cancelled, or backed up logs are no part of it',
      ...ask([
        ...nightly(40, (ago) => (ago === 39 ? 'full' : 'log')),
        ...nightly(40, never, { status: 'failed' }).map((run) => ({ ...run, id: `${run.id}-failed` })),
        ...nightly(3, never).map((run) => ({ ...run, id: `${run.id}-again` })),
      ]),
      expect: [
        { message: 'fulls-few', data: { runs: 4, percent: 25 } },
        { message: 'chains-short', data: { length: 3 } },
      ],
    },
    {
      name: 'Full backups are of a plan of their own: whether the others build on them is not told',
      ...ask(nightly(21, weekly).map((run) => ({ ...run, plan: run.kind === 'full' ? 'weekly' : 'nightly' }))),
      expect: [{ message: 'fulls-few' }, { message: 'chain-untold', data: { plan: 'nightly' } }],
    },
    {
      name: 'One plan is well kept, and one never had a full backup',
      ...ask(
        nightly(63, weekly, { plan: 'a' }),
        nightly(63, never, { plan: 'b' })
          .filter((_, i) => i > 20)
          .map((run) => ({ ...run, id: `b-${run.id}` })),
      ),
      expect: [{ message: 'fulls-few' }, { message: 'chain-untold', data: { plan: 'b' } }],
    },
    {
      name: 'Runs that name no plan may be of any',
      ...ask(
        nightly(10, onceFull(10), { plan: 'a' }),
        nightly(8, never, { plan: null }).map((run) => ({ ...run, id: `other-${run.id}` })),
      ),
      expect: [{ message: 'fulls-few' }, { message: 'chain-untold', data: { plan: null } }],
    },
    {
      name: 'Every run has a plan of its own',
      ...ask(nightly(70, always).map((run, i) => ({ ...run, plan: `plan-${i}`, changedItems: 900 }))),
      expect: [{ message: 'fulls-needed' }, { message: 'too-many-plans', data: { runs: 6 } }],
    },
    {
      name: 'Snapshots of restic, each of which can be restored alone',
      ...ask(nightly(60, never, { system: 'restic' })),
      expect: [{ message: 'fulls-few' }, { message: 'no-chains', data: { system: 'restic', run: 'night-0' } }],
    },
    {
      name: 'One of them may be of another system',
      ...ask(
        nightly(60, never, { system: 'restic' }).map((run, i) => ({ ...run, system: i === 50 ? null : 'restic' })),
      ),
      expect: [{ message: 'fulls-few' }, { message: 'chain-untold', data: { run: 'night-9' } }],
    },
    {
      name: 'Three runs',
      ...ask(nightly(3, onceFull(3))),
      expect: [{ message: 'too-few', data: { runs: 3, minRuns: 4 } }, { message: 'chains-short' }],
    },
    {
      name: 'The last run was in summer',
      ...ask(nightly(10, weekly).map((run) => ({ ...run, start: run.start - 120 * DAY, end: run.start - 119 * DAY }))),
      expect: [{ message: 'too-few', data: { runs: 0 } }, { message: 'no-backups' }],
    },
    {
      name: 'The history begins a month ago',
      histories: { runs: { items: nightly(30, weekly), from: NOW - 30 * DAY } },
      expect: [
        { message: 'history-short', subject: 'fulls' },
        { message: 'history-short', subject: 'chains' },
      ],
    },
    {
      name: 'A run is of tomorrow',
      ...ask(nightly(30, weekly), [jobRun(-24, { id: 'tomorrow', kind: 'full' })]),
      expect: [
        { message: 'in-future', subject: 'fulls', data: { run: 'tomorrow' } },
        { message: 'in-future', subject: 'chains' },
      ],
    },
  ],
  boundaries: {
    maxFullPercent: {
      question: ask(nightly(10, (ago) => (ago < 4 ? 'full' : 'incremental'))),
      limit: 40,
      at: 'fulls-few',
      stricter: 'needless-fulls',
      laxer: 'fulls-few',
    },
    maxChainLength: {
      question: ask(nightly(10, onceFull(10))),
      limit: 9,
      at: 'chains-short',
      stricter: 'chain-long',
      laxer: 'chains-short',
    },
    lowChangePercent: {
      question: ask(nightly(10, always, { changedItems: 300 })),
      limit: 30,
      at: 'fulls-needed',
      stricter: 'needless-fulls',
      laxer: 'fulls-needed',
    },
    windowDays: {
      // Four of them lie within four days, three within three.
      question: ask(nightly(5, onceFull(5))),
      limit: 4,
      at: 'fulls-few',
      stricter: 'fulls-few',
      laxer: 'too-few',
    },
    minRuns: {
      question: ask(nightly(10, onceFull(10))),
      limit: 10,
      at: 'fulls-few',
      stricter: 'too-few',
      laxer: 'fulls-few',
    },
  },
} satisfies RuleTest

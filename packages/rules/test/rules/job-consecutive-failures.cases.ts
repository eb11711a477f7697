import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobConsecutiveFailures } from '../../src/rules/job-consecutive-failures.js'
import { jobRun, plan, runsOfManyPlans } from '../job-run.js'
import { ABSENT, shop } from '../restore-test.js'

const nightly = { asset: shop({ plans: [plan('nightly')] }) }
const two = { asset: shop({ plans: [plan('nightly'), plan('hourly')] }) }

const ask = (runs: readonly JobRun[], facts: Readonly<Record<string, unknown>> = nightly) => ({
  facts,
  histories: { runs },
})

const failed = (hoursAgo: number, parts: Partial<JobRun> = {}): JobRun =>
  jobRun(hoursAgo, { status: 'failed', ...parts })

/** Failed every day, ago. */
const dailyFailures = (count: number): JobRun[] => Array.from({ length: count }, (_, index) => failed(6 + 24 * index))

export default {
  rule: jobConsecutiveFailures,
  cases: [
    {
      name: 'The last run succeeded',
      ...ask([failed(78), failed(54), failed(30), jobRun(6)]),
      expect: { message: 'within', subject: 'nightly', data: { strikes: 0, limit: 2 } },
    },
    {
      name: 'Two runs failed after one that succeeded',
      ...ask([jobRun(54), ...dailyFailures(2)]),
      expect: { message: 'within', subject: 'nightly', data: { strikes: 2 }, evidence: ['run-30', 'run-6'] },
    },
    {
      name: 'Three runs failed after one that succeeded',
      ...ask([jobRun(78), ...dailyFailures(3)]),
      expect: {
        message: 'strikes',
        subject: 'nightly',
        data: { strikes: 3, limit: 2 },
        evidence: ['run-54', 'run-30', 'run-6'],
      },
    },
    {
      name: 'One failed, one was cancelled, one left something out',
      ...ask([jobRun(78), failed(54), jobRun(30, { status: 'cancelled' }), jobRun(6, { status: 'partial' })]),
      expect: { message: 'strikes', subject: 'nightly', data: { strikes: 3 }, evidence: ['run-54', 'run-30', 'run-6'] },
    },
    {
      name: 'A run that left something out resets the count where it counts as a success',
      options: { countPartialAs: 'success' },
      ...ask([failed(78), failed(54), failed(30), jobRun(6, { status: 'partial' })]),
      expect: { message: 'within', subject: 'nightly', data: { strikes: 0 } },
    },
    {
      name: 'A run that is going, and one that was skipped, reset nothing',
      ...ask([
        jobRun(100),
        failed(78),
        failed(54),
        jobRun(40, { status: 'skipped' }),
        failed(30),
        jobRun(1, { status: 'running', end: null }),
      ]),
      expect: {
        message: 'strikes',
        subject: 'nightly',
        data: { strikes: 3 },
        evidence: ['run-78', 'run-54', 'run-30'],
      },
    },
    {
      name: 'Nobody can say how one of three ended, and the others failed',
      ...ask([jobRun(78), failed(54), jobRun(30, { status: 'unknown' }), failed(6)]),
      expect: { message: 'status-unknown', subject: 'nightly', data: { strikes: 1, possible: 3, limit: 2 } },
    },
    {
      name: 'Nobody can say how one of two ended, which are too few in any case',
      ...ask([jobRun(54), jobRun(30, { status: 'unknown' }), failed(6)]),
      expect: { message: 'within', subject: 'nightly', data: { strikes: 1 } },
    },
    {
      name: 'Nobody can say how any run ended',
      ...ask([jobRun(30, { status: 'unknown' })]),
      expect: { message: 'status-unknown', subject: 'nightly', data: { strikes: 0, possible: 1 } },
    },
    {
      name: 'Two runs failed, and the history begins with them',
      facts: nightly,
      histories: { runs: { items: dailyFailures(2), from: dailyFailures(2)[1]!.start - 1 } },
      expect: { message: 'history-short', subject: 'nightly', data: { strikes: 2 } },
    },
    {
      name: 'The two first runs there ever were failed',
      ...ask(dailyFailures(2)),
      expect: { message: 'within', subject: 'nightly', data: { strikes: 2 } },
    },
    { name: 'No history mentions the asset', ...ask([]), expect: { message: 'no-runs', subject: 'nightly' } },
    {
      name: 'Nothing has come to an end',
      ...ask([jobRun(1, { status: 'running', end: null })]),
      expect: { message: 'no-runs', subject: 'nightly' },
    },
    {
      name: 'A success lies an hour after the clock of the audit',
      ...ask([jobRun(54), ...dailyFailures(2), jobRun(-1)]),
      expect: { message: 'in-future', subject: 'nightly', data: { run: 'run-ahead' } },
    },
    {
      name: 'A success lies after the clock of the audit, and does not hide three failures',
      ...ask([...dailyFailures(3), jobRun(-1)]),
      expect: { message: 'strikes', subject: 'nightly', evidence: ['run-54', 'run-30', 'run-6'] },
    },
    {
      name: 'One plan fails again and again, the other succeeds in between',
      ...ask(
        [jobRun(1, { plan: 'hourly' }), jobRun(20, { plan: 'hourly' }), ...dailyFailures(3)].map((run) => ({
          plan: 'nightly',
          ...run,
        })),
        two,
      ),
      expect: [
        { message: 'strikes', subject: 'nightly', data: { strikes: 3 }, evidence: ['run-54', 'run-30', 'run-6'] },
        { message: 'within', subject: 'hourly', data: { strikes: 0 } },
        { message: 'within', data: { strikes: 0 } },
      ],
    },
    {
      name: 'No plan fails more than twice in a row, but all of them do',
      ...ask(
        [
          jobRun(60, { plan: 'nightly' }),
          jobRun(59, { plan: 'hourly' }),
          failed(30, { plan: 'nightly' }),
          failed(29, { plan: 'hourly' }),
          failed(28, { plan: 'hourly' }),
        ],
        two,
      ),
      expect: [
        { message: 'within', subject: 'nightly', data: { strikes: 1 } },
        { message: 'within', subject: 'hourly', data: { strikes: 2 } },
        { message: 'strikes', data: { strikes: 3 }, evidence: ['run-30', 'run-29', 'run-28'] },
      ],
    },
    {
      name: 'Where there are two plans, a failure that names none may be the third in a row of one of them',
      ...ask(
        [
          jobRun(60, { plan: 'nightly' }),
          jobRun(40),
          failed(30, { plan: 'nightly' }),
          failed(20, { plan: 'nightly' }),
          failed(10),
          jobRun(1, { plan: 'hourly' }),
        ],
        two,
      ),
      expect: [
        { message: 'within', subject: 'nightly', data: { strikes: 2 } },
        { message: 'within', subject: 'hourly' },
        { message: 'plan-untold', subject: '(no plan)' },
        { message: 'within' },
      ],
    },
    {
      name: 'One of two plans never ran',
      ...ask([jobRun(1, { plan: 'hourly' })], two),
      expect: [
        { message: 'no-runs', subject: 'nightly' },
        { message: 'within', subject: 'hourly' },
      ],
    },
    {
      name: 'Without a policy and without plans, the asset is judged as one',
      ...ask(dailyFailures(30), { asset: ABSENT }),
      expect: {
        message: 'strikes',
        data: { strikes: 30 },
        evidence: Array.from({ length: 20 }, (_, index) => `run-${6 + 24 * (19 - index)}`),
      },
    },
    {
      name: 'Runs name a plan that the policy does not give the asset, and more than are told apart',
      ...ask(runsOfManyPlans()),
      expect: [
        { message: 'too-many-plans', subject: 'nightly', data: { runs: 1 } },
        { message: 'too-many-plans', data: { runs: 1 } },
        { message: 'other-plans', subject: '(other plans)', data: { count: 100 } },
        { message: 'within', data: { strikes: 0 } },
      ],
    },
  ],
  absent: { asset: { message: 'within', data: { strikes: 0 } } },
  boundaries: {
    maxStrikes: {
      question: ask([jobRun(100), ...dailyFailures(4)]),
      limit: 4,
      at: 'within',
      stricter: 'strikes',
      laxer: 'within',
    },
  },
} satisfies RuleTest

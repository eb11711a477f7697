import type { JobRun } from '@backproof/core/history'
import type { ExpectedVerdict, RuleTest } from '@backproof/core/testing'
import { jobLastRunSucceeded } from '../../src/rules/job-last-run-succeeded.js'
import { jobRun, plan, runsOfManyPlans } from '../job-run.js'
import { ABSENT, DAY, NOW, shop } from '../restore-test.js'

/** An asset of one plan. */
const nightly = { asset: shop({ plans: [plan('nightly')] }) }

/** An asset of two. */
const two = { asset: shop({ plans: [plan('nightly'), plan('hourly')] }) }

const ask = (runs: readonly JobRun[], facts: Readonly<Record<string, unknown>> = nightly) => ({
  facts,
  histories: { runs },
})

const failed = { status: 'failed', rawStatus: 'Error' } as const

export default {
  rule: jobLastRunSucceeded,
  cases: [
    {
      name: 'The last run succeeded after one that failed',
      ...ask([jobRun(30, failed), jobRun(6)]),
      expect: {
        message: 'succeeded',
        subject: 'nightly',
        data: { run: 'run-6', at: '2026-11-01T06:00:00.000Z', status: 'success' },
        evidence: ['run-6'],
      },
    },
    {
      name: 'The last run failed after two that succeeded',
      ...ask([jobRun(54), jobRun(30), jobRun(6, failed)]),
      expect: { message: 'failed', subject: 'nightly', data: { run: 'run-6', status: 'failed' }, evidence: ['run-6'] },
    },
    {
      name: 'The last run was cancelled',
      ...ask([jobRun(30), jobRun(6, { status: 'cancelled' })]),
      expect: { message: 'failed', subject: 'nightly', data: { status: 'cancelled' }, evidence: ['run-6'] },
    },
    {
      name: 'The last run ended with a warning',
      ...ask([jobRun(6, { status: 'warning' })]),
      expect: { message: 'succeeded', subject: 'nightly', data: { status: 'warning' } },
    },
    {
      name: 'The last run left something out',
      ...ask([jobRun(30), jobRun(6, { status: 'partial' })]),
      expect: { message: 'partial', subject: 'nightly', data: { run: 'run-6' }, evidence: ['run-6'] },
    },
    {
      name: 'The last run left something out, which is accepted',
      options: { treatPartialAs: 'pass' },
      ...ask([jobRun(30), jobRun(6, { status: 'partial' })]),
      expect: { message: 'succeeded', subject: 'nightly', data: { status: 'partial' } },
    },
    {
      name: 'Nobody can say how the last run ended',
      ...ask([jobRun(30), jobRun(6, { status: 'unknown', end: null })]),
      expect: { message: 'status-unknown', subject: 'nightly', data: { run: 'run-6' } },
    },
    {
      name: 'A run is still going, and the one before failed',
      ...ask([jobRun(30, failed), jobRun(1, { status: 'running', end: null })]),
      expect: { message: 'failed', subject: 'nightly', evidence: ['run-30'] },
    },
    {
      name: 'The first run is still going',
      ...ask([jobRun(1, { status: 'running', end: null })]),
      expect: { message: 'no-runs', subject: 'nightly' },
    },
    {
      name: 'Every run was skipped',
      ...ask([jobRun(30, { status: 'skipped' }), jobRun(6, { status: 'skipped' })]),
      expect: { message: 'no-runs', subject: 'nightly' },
    },
    { name: 'No history mentions the asset', ...ask([]), expect: { message: 'no-runs', subject: 'nightly' } },
    {
      name: 'The last run lies an hour after the clock of the audit',
      ...ask([jobRun(6), jobRun(-1)]),
      expect: { message: 'in-future', subject: 'nightly', data: { run: 'run-ahead' }, evidence: ['run-ahead'] },
    },
    {
      name: 'The last run failed, and another lies after the clock of the audit',
      ...ask([jobRun(6, failed), jobRun(-1)]),
      expect: { message: 'failed', subject: 'nightly', evidence: ['run-6'] },
    },
    {
      name: 'A run ends four minutes after the clock of the audit, as clocks differ',
      ...ask([jobRun(6, failed), jobRun(0, { end: NOW + 240_000 })]),
      expect: { message: 'succeeded', subject: 'nightly', data: { run: 'run-0' } },
    },
    {
      name: 'One plan succeeds, the other does not',
      ...ask([jobRun(6, { ...failed, plan: 'nightly' }), jobRun(1, { plan: 'hourly' })], two),
      expect: [
        { message: 'failed', subject: 'nightly', evidence: ['run-6'] },
        { message: 'succeeded', subject: 'hourly', data: { run: 'run-1' } },
      ],
    },
    {
      name: 'One of two plans never ran',
      ...ask([jobRun(1, { plan: 'hourly' })], two),
      expect: [
        { message: 'no-runs', subject: 'nightly' },
        { message: 'succeeded', subject: 'hourly' },
      ],
    },
    {
      name: 'A run that names no plan is of the only one',
      ...ask([jobRun(6, { plan: 'nightly' }), jobRun(1, failed)]),
      expect: { message: 'failed', subject: 'nightly', evidence: ['run-1'] },
    },
    {
      name: 'Where there are two plans, runs that name none stand alone',
      ...ask([jobRun(6, { plan: 'nightly' }), jobRun(5, { plan: 'hourly' }), jobRun(1, failed)], two),
      expect: [
        { message: 'succeeded', subject: 'nightly' },
        { message: 'succeeded', subject: 'hourly' },
        { message: 'failed', subject: '(no plan)', evidence: ['run-1'] },
      ],
    },
    {
      name: 'Where there are two plans, a success that names none may hide a failure',
      ...ask([jobRun(6, { plan: 'nightly' }), jobRun(5, { plan: 'hourly' }), jobRun(2, failed), jobRun(1)], two),
      expect: [
        { message: 'succeeded', subject: 'nightly' },
        { message: 'succeeded', subject: 'hourly' },
        { message: 'plan-untold', subject: '(no plan)', evidence: ['run-1'] },
      ],
    },
    {
      name: 'Runs name a plan that the policy does not give the asset',
      ...ask([jobRun(30, { ...failed, plan: 'weekly' }), jobRun(6, { plan: 'nightly' })]),
      expect: [
        { message: 'succeeded', subject: 'nightly' },
        { message: 'other-plans', subject: '(other plans)', data: { plans: 'weekly', count: 1 }, evidence: ['weekly'] },
      ],
    },
    {
      name: 'Without a policy, plans are those that runs name',
      ...ask([jobRun(6, { ...failed, plan: 'nightly' }), jobRun(1, { plan: 'hourly' })], { asset: ABSENT }),
      expect: [
        { message: 'succeeded', subject: 'hourly' },
        { message: 'failed', subject: 'nightly', evidence: ['run-6'] },
      ],
    },
    {
      name: 'Runs name more plans than are told apart',
      ...ask(runsOfManyPlans(), { asset: shop({ plans: [plan('plan-000'), plan('plan-100')] }) }),
      expect: [
        { message: 'succeeded', subject: 'plan-000' },
        { message: 'too-many-plans', subject: 'plan-100', data: { runs: 1 } },
        { message: 'too-many-plans', data: { runs: 1 } },
        { message: 'other-plans', subject: '(other plans)', data: { count: 99 } },
      ],
    },
    {
      name: 'A new asset is not judged in its first week',
      options: { newAssetGraceDays: 7 },
      ...ask([jobRun(6, failed)], { asset: shop({ since: NOW - 3 * DAY }) }),
      expect: { message: 'in-grace', data: { since: '2026-10-29T12:00:00.000Z', days: 7 } },
    },
    {
      name: 'An asset has to be backed up from tomorrow on',
      ...ask([], { asset: shop({ since: NOW + DAY }) }),
      expect: { message: 'in-grace', data: { days: 0 } },
    },
  ],
  absent: { asset: { message: 'succeeded', data: { run: 'run-6' } } satisfies ExpectedVerdict },
  boundaries: {
    newAssetGraceDays: {
      question: ask([jobRun(6, failed)], { asset: shop({ since: NOW - 7 * DAY }) }),
      limit: 7,
      at: 'failed',
      stricter: 'failed',
      laxer: 'in-grace',
    },
  },
} satisfies RuleTest

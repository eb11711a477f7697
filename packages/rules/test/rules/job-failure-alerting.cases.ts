import type { AlertRoute, BackupPlan } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobFailureAlerting } from '../../src/rules/job-failure-alerting.js'
import { jobRun, plan, policyOf } from '../job-run.js'
import { ABSENT, DAY, MINUTE, NOW, shop } from '../restore-test.js'

const daily = plan('nightly', { schedules: [{ cron: '0 3 * * *', timezone: 'UTC' }] })

const ops = { id: 'ops', name: 'Operations', channels: ['mailto:ops@example.com', 'tel:+4930123456'] }

/** To one address, tested three weeks ago. */
const route = (parts: Partial<AlertRoute> = {}): AlertRoute => ({
  id: 'mail',
  on: ['failed', 'missed'],
  to: ['mailto:ops@example.com'],
  tested: NOW - 21 * DAY,
  ...parts,
})

const factsOf = (alerts: readonly AlertRoute[], plans: readonly BackupPlan[] = [daily]) => ({
  policy: policyOf({ alerts, contacts: [ops] }),
  asset: shop({ plans }),
})

const ask = (alerts: readonly AlertRoute[], runs: readonly JobRun[] = [jobRun(6)]) => ({
  facts: factsOf(alerts),
  histories: { runs },
})

/** Failed, and somebody was told a number of minutes after its end. */
const alerted = (hoursAgo: number, delay: number | null, parts: Partial<JobRun> = {}): JobRun => {
  const run = jobRun(hoursAgo, { status: 'failed', system: 'veeam', ...parts })
  return { ...run, alertedAt: delay === null ? null : (run.end ?? run.start) + delay * MINUTE }
}

export default {
  rule: jobFailureAlerting,
  cases: [
    {
      name: 'A route covers failed and missed runs, and was tested three weeks ago',
      ...ask([route()]),
      expect: { message: 'covered', data: { channels: 1, failures: 0, days: 30 } },
    },
    {
      name: 'The alert of a failure arrived within ten minutes',
      ...ask([route()], [alerted(30, 10), jobRun(6)]),
      expect: { message: 'alerted', data: { channels: 1, failures: 1, alerted: 1, limit: 60 } },
    },
    {
      name: 'There is no alert route',
      ...ask([]),
      expect: {
        message: 'uncovered',
        data: { uncovered: 'failed runs of nightly and missed runs of nightly' },
        evidence: ['nightly', 'nightly'],
      },
    },
    {
      name: 'Nobody is told of runs that did not happen',
      ...ask([route({ on: ['failed'] })]),
      expect: { message: 'uncovered', data: { uncovered: 'missed runs of nightly' }, evidence: ['nightly'] },
    },
    {
      name: 'A plan that runs on demand is never missed',
      facts: factsOf([route({ on: ['failed'] })], [plan('before-upgrades')]),
      histories: { runs: [jobRun(6)] },
      expect: { message: 'covered' },
    },
    {
      name: 'The routes are for other assets, and for one of two plans',
      facts: factsOf([route({ assets: ['mail-*'] }), route({ id: 'sms', plans: ['night*'] })], [daily, plan('weekly')]),
      histories: { runs: [jobRun(6)] },
      expect: { message: 'uncovered', data: { uncovered: 'failed runs of weekly' }, evidence: ['weekly'] },
    },
    {
      name: 'The asset has no plan, and the only route is for one',
      facts: factsOf([route({ plans: ['nightly'] })], []),
      histories: { runs: [jobRun(6)] },
      expect: { message: 'uncovered', data: { uncovered: 'failed runs and missed runs' }, evidence: ['shop', 'shop'] },
    },
    {
      name: 'The route leads to a contact with two channels',
      options: { minChannels: 2 },
      ...ask([route({ to: ['ops'] })]),
      expect: { message: 'covered', data: { channels: 2 } },
    },
    {
      name: 'Two routes lead to one address, and two channels are required',
      options: { minChannels: 2 },
      ...ask([route(), route({ id: 'again' })]),
      expect: {
        message: 'too-few-channels',
        data: { needs: 'failed runs of nightly and missed runs of nightly', channels: 1, limit: 2 },
        evidence: ['nightly', 'nightly'],
      },
    },
    {
      name: 'The route leads to a contact that the policy does not have',
      ...ask([route({ to: ['somebody'] })]),
      expect: { message: 'too-few-channels', data: { channels: 0 }, evidence: ['nightly', 'nightly'] },
    },
    {
      name: 'The last test alert was four months ago',
      ...ask([route({ tested: NOW - 120 * DAY })]),
      expect: { message: 'test-overdue', data: { channels: 0, days: 90, limit: 1 }, evidence: ['mail'] },
    },
    {
      name: 'No test alert was ever sent',
      ...ask([route({ tested: undefined })]),
      expect: { message: 'test-overdue', evidence: ['mail'] },
    },
    {
      name: 'The test alert is to arrive tomorrow',
      ...ask([route({ tested: NOW + DAY })]),
      expect: { message: 'test-overdue', evidence: ['mail'] },
    },
    {
      name: 'One of two routes was tested, which is enough',
      ...ask([route(), route({ id: 'sms', to: ['tel:+4930123456'], tested: undefined })]),
      expect: { message: 'covered', data: { channels: 1 } },
    },
    {
      name: 'Of three failures one raised no alert',
      ...ask([route()], [alerted(80, 5), alerted(54, null), alerted(30, 5, { status: 'partial' })]),
      expect: { message: 'silent', data: { silent: 1, failures: 3 }, evidence: ['run-54'] },
    },
    {
      name: 'An alert arrived three hours after the run had failed',
      ...ask([route()], [alerted(80, 5), alerted(54, 180)]),
      expect: { message: 'late', data: { late: 1, failures: 2, limit: 60 }, evidence: ['run-54'] },
    },
    {
      name: 'No route, and an alert that came late: both are told',
      ...ask([], [alerted(54, 180)]),
      expect: [
        { message: 'uncovered', evidence: ['nightly', 'nightly'] },
        { message: 'late', evidence: ['run-54'] },
      ],
    },
    {
      name: 'A system that never tells of alerts is judged by its routes',
      ...ask([route()], [alerted(54, 5), alerted(30, null, { system: 'restic' })]),
      expect: { message: 'alerted', data: { alerted: 1, failures: 2 } },
    },
    {
      name: 'Alerts stopped two months ago, and a run failed since',
      ...ask([route()], [alerted(24 * 60, 5), alerted(30, null)]),
      expect: { message: 'silent', data: { silent: 1, failures: 1 }, evidence: ['run-30'] },
    },
    {
      name: 'A run failed half an hour ago: there is still time to tell somebody',
      ...ask([route()], [alerted(54, 5), alerted(1, null)]),
      expect: { message: 'alerted', data: { alerted: 1, failures: 2 } },
    },
    {
      name: 'Nobody says when a run ended, whose alert came two hours after its start',
      ...ask([route()], [alerted(54, 120, { end: null })]),
      expect: { message: 'delay-unknown', data: { unsure: 1, failures: 1 } },
    },
    {
      name: 'An alert is older than the run that it is about',
      ...ask([route()], [alerted(54, -120)]),
      expect: { message: 'delay-unknown', data: { unsure: 1 } },
    },
    {
      name: 'Nobody can say whether a run failed, of which nobody was told',
      ...ask([route()], [alerted(54, 5), alerted(30, null, { status: 'unknown' })]),
      expect: { message: 'failure-untold', data: { untold: 1, failures: 1 }, evidence: ['run-30'] },
    },
    {
      name: 'Nobody can say whether a run failed, but somebody was told in time',
      ...ask([route()], [alerted(54, 5), alerted(30, 10, { status: 'unknown' })]),
      expect: { message: 'alerted', data: { failures: 1, alerted: 1 } },
    },
    {
      name: 'No run in the window',
      ...ask([route()], [jobRun(24 * 40)]),
      expect: { message: 'no-runs', data: { days: 30 } },
    },
    { name: 'No history mentions the asset', ...ask([route()], []), expect: { message: 'no-runs' } },
    {
      name: 'A run lies an hour after the clock of the audit',
      ...ask([route()], [jobRun(6), jobRun(-1)]),
      expect: { message: 'in-future', data: { run: 'run-ahead' } },
    },
    {
      name: 'The history begins ten days ago',
      facts: factsOf([route()]),
      histories: { runs: { items: [jobRun(6)], from: NOW - 10 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-10-22T12:00:00.000Z' } },
    },
    {
      name: 'There is no policy',
      facts: { policy: ABSENT, asset: ABSENT },
      histories: { runs: [jobRun(6)] },
      expect: { message: 'no-policy' },
    },
    {
      name: 'There is no policy, and an alert came late',
      facts: { policy: ABSENT, asset: ABSENT },
      histories: { runs: [alerted(54, 180)] },
      expect: { message: 'late', evidence: ['run-54'] },
    },
    {
      name: 'Many backup systems: those that are told apart no more count as one',
      ...ask(
        [route()],
        [
          ...Array.from({ length: 20 }, (_, index) => alerted(200 - index, null, { system: `system-${index}` })),
          alerted(100, 5, { system: 'one more' }),
          alerted(99, null, { system: 'and another' }),
        ],
      ),
      expect: { message: 'silent', data: { silent: 1, failures: 22 }, evidence: ['run-99'] },
    },
  ],
  absent: { policy: { message: 'no-policy' }, asset: { message: 'covered', data: { channels: 1 } } },
  boundaries: {
    maxDelayMinutes: {
      question: ask([route()], [alerted(54, 90)]),
      limit: 90,
      at: 'alerted',
      stricter: 'late',
      laxer: 'alerted',
    },
    testMaxAgeDays: {
      question: ask([route({ tested: NOW - 60 * DAY })]),
      limit: 60,
      at: 'covered',
      stricter: 'test-overdue',
      laxer: 'covered',
    },
    minChannels: {
      question: ask([route({ to: ['ops'] })]),
      limit: 2,
      at: 'covered',
      stricter: 'too-few-channels',
      laxer: 'covered',
    },
    windowDays: {
      question: ask([route()], [alerted(24 * 20, null), alerted(6, 5)]),
      limit: 20,
      at: 'silent',
      stricter: 'silent',
      laxer: 'alerted',
    },
  },
} satisfies RuleTest

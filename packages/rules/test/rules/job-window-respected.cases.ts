import type { Asset, BackupPlan, TimeWindow } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobWindowRespected } from '../../src/rules/job-window-respected.js'

const NIGHT: TimeWindow = { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }
const plan = (id: string, window?: TimeWindow): BackupPlan => ({ id, schedules: [], window })
const asset = (...plans: BackupPlan[]): Asset => ({ id: 'shop', plans, copies: [] })
const nightly = { asset: asset(plan('nightly', NIGHT)) }

const run = (start: string, end: string | null, more: Partial<JobRun> = {}): JobRun => ({
  id: `run-${start.slice(0, 5)}`,
  asset: 'shop',
  plan: 'nightly',
  start: Date.parse(`2026-${start}`),
  end: end === null ? null : Date.parse(`2026-${end}`),
  status: 'success',
  ...more,
})
/** At midnight, Berlin's winter time, to four o'clock. */
const good = run('10-28T23:00Z', '10-29T03:00Z')
const running = { status: 'running' } as const
const of = (...runs: JobRun[]) => ({ facts: nightly, histories: { runs } })

export default {
  rule: jobWindowRespected,
  cases: [
    {
      name: 'Two runs between ten and six',
      ...of(good, run('10-30T21:00Z', '10-31T05:00Z')),
      expect: { message: 'respected', subject: 'nightly', data: { runs: 2, days: 30 } },
    },
    {
      name: 'The night in which clocks went back has nine hours',
      ...of(run('10-24T20:00Z', '10-25T05:00Z')),
      expect: { message: 'respected', subject: 'nightly' },
    },
    {
      name: 'A run began at ten, by a clock that was not set back',
      ...of(good, run('10-30T20:00Z', '10-31T03:00Z')),
      expect: {
        message: 'outside',
        subject: 'nightly',
        data: { outside: 1, early: 1, late: 0, longest: 0 },
        evidence: ['run-10-30'],
      },
    },
    {
      name: 'A run ended twenty minutes after six',
      ...of(good, run('10-30T23:00Z', '10-31T05:20Z')),
      expect: { message: 'outside', subject: 'nightly', data: { early: 0, late: 1, longest: 20 } },
    },
    {
      name: 'A failed run was late, too',
      ...of(run('10-30T23:00Z', '10-31T05:20Z', { status: 'failed' })),
      expect: { message: 'outside', subject: 'nightly' },
    },
    {
      name: 'A run goes on at one in the afternoon',
      ...of(good, run('10-31T23:00Z', null, running)),
      expect: { message: 'outside', subject: 'nightly', data: { late: 1, longest: 420 } },
    },
    {
      name: 'A run that began two months ago goes on',
      ...of(good, run('09-01T23:00Z', null, running)),
      expect: { message: 'outside', subject: 'nightly', evidence: ['run-09-01'] },
    },
    {
      name: 'A run goes on, and may',
      ...of(good, run('10-31T23:00Z', null, running)),
      now: Date.parse('2026-11-01T03:00Z'),
      expect: { message: 'respected', subject: 'nightly', data: { runs: 2 } },
    },
    {
      name: 'A skipped run was never outside',
      ...of(good, run('10-30T12:00Z', '10-30T12:00Z', { status: 'skipped' })),
      expect: { message: 'respected', subject: 'nightly', data: { runs: 1 } },
    },
    {
      name: 'Nobody says when a failed run ended',
      ...of(good, run('10-30T23:00Z', null, { status: 'failed' })),
      expect: { message: 'end-unknown', subject: 'nightly', data: { open: 1 }, evidence: ['run-10-30'] },
    },
    {
      name: 'A run ended before it began',
      ...of(good, run('10-30T23:00Z', '10-30T22:00Z')),
      expect: { message: 'end-unknown', subject: 'nightly' },
    },
    {
      name: 'Weekdays at night and all of the weekend',
      ...of(run('10-30T21:00Z', '11-01T11:00Z')),
      options: { window: ['mon-fri 22:00-06:00 Europe/Berlin', 'sat+sun 00:00-00:00 Europe/Berlin'] },
      expect: { message: 'respected', subject: 'nightly' },
    },
    {
      name: 'A weekend alone',
      ...of(run('10-31T01:00Z', '10-31T23:30Z'), run('10-30T01:00Z', '10-30T23:30Z')),
      options: { window: ['sat+sun 00:00-00:00 Europe/Berlin'] },
      expect: { message: 'outside', subject: 'nightly', data: { runs: 2, early: 1 }, evidence: ['run-10-30'] },
    },
    {
      name: 'The time zone of the option is not known',
      ...of(good),
      options: { window: ['22:00-06:00 Europe/Berln'] },
      expect: { message: 'window-unreadable' },
    },
    {
      name: 'Two plans with windows of their own, and one without',
      facts: {
        asset: asset(plan('nightly', NIGHT), plan('noon', { ...NIGHT, from: '12:00', to: '13:00' }), plan('logs')),
      },
      histories: {
        runs: [
          good,
          run('10-30T11:10Z', '10-30T12:10Z', { plan: 'noon' }),
          run('10-30T16:00Z', '10-30T16:05Z', { id: 'log', plan: 'logs' }),
        ],
      },
      expect: [
        { message: 'respected', subject: 'nightly' },
        { message: 'outside', subject: 'noon', data: { longest: 10 } },
        { message: 'no-window', subject: 'logs' },
      ],
    },
    {
      name: 'A run of an asset with two plans names neither',
      facts: { asset: asset(plan('nightly', NIGHT), plan('logs')) },
      histories: { runs: [good, run('10-30T23:00Z', '10-31T01:00Z', { plan: null })] },
      expect: [
        { message: 'respected', subject: 'nightly' },
        { message: 'no-window', subject: 'logs' },
        { message: 'plan-unknown', subject: '(no plan)' },
      ],
    },
    {
      name: 'Its only plan need not be named',
      ...of(run('10-28T12:00Z', '10-28T13:00Z', { plan: null })),
      expect: { message: 'outside', subject: 'nightly' },
    },
    {
      name: 'A plan that the policy does not know',
      ...of(good, run('10-30T12:00Z', '10-30T13:00Z', { plan: 'test' })),
      expect: [
        { message: 'respected', subject: 'nightly' },
        { message: 'other-plans', subject: '(other plans)' },
      ],
    },
    {
      name: 'Every run names a plan of its own',
      ...of(
        good,
        ...Array.from({ length: 120 }, (_, at) => run('10-30T23:00Z', '10-31T01:00Z', { id: `${at}`, plan: `p${at}` })),
      ),
      expect: [
        { message: 'respected', subject: 'nightly' },
        { message: 'too-many-plans', data: { runs: 21 } },
        { message: 'other-plans', subject: '(other plans)' },
      ],
    },
    { name: 'No run is known', ...of(), expect: { message: 'no-runs', subject: 'nightly' } },
    {
      name: 'The last run is three months old',
      ...of(run('07-28T23:00Z', '07-29T03:00Z')),
      expect: { message: 'no-runs', subject: 'nightly' },
    },
    {
      name: 'A plan without a window',
      facts: { asset: asset(plan('nightly')) },
      histories: { runs: [good] },
      expect: { message: 'no-window', subject: 'nightly' },
    },
    {
      name: 'A run comes from the future',
      ...of(good, run('11-02T23:00Z', '11-03T01:00Z')),
      expect: { message: 'in-future', subject: 'nightly' },
    },
    {
      name: 'The history begins two weeks ago',
      facts: nightly,
      histories: { runs: { items: [good], from: Date.parse('2026-10-18T00:00Z') } },
      expect: { message: 'history-short', subject: 'nightly' },
    },
    {
      name: 'The history begins two weeks ago, and a run was late',
      facts: nightly,
      histories: {
        runs: { items: [run('10-30T23:00Z', '10-31T05:20Z')], from: Date.parse('2026-10-18T00:00Z') },
      },
      expect: { message: 'outside', subject: 'nightly' },
    },
  ],
  absent: { asset: { message: 'no-window', subject: 'nightly' } },
  boundaries: {
    maxOverrunMinutes: {
      question: of(run('10-30T23:00Z', '10-31T05:20Z')),
      limit: 20,
      at: 'respected',
      stricter: 'outside',
      laxer: 'respected',
    },
    windowDays: {
      question: of(good, run('10-22T11:00Z', '10-22T12:00Z')),
      limit: 10,
      at: 'outside',
      stricter: 'outside',
      laxer: 'respected',
    },
  },
} satisfies RuleTest

import type { Asset, BackupPlan, Timetable } from '@backproof/core/audit'
import { RULE_NOW, type RuleTest } from '@backproof/core/testing'
import { planMinFrequency } from '../../src/rules/plan-min-frequency.js'
import { plan } from '../job-run.js'
import { timetableOf } from '../timetable.js'

const HOUR = 3_600_000
const cron = (id: string, ...lines: readonly string[]): BackupPlan =>
  plan(id, { schedules: lines.map((line) => ({ cron: line, timezone: 'UTC' })) })
const asset: Asset = { id: 'shop', plans: [], copies: [] }
/** Worked out once: cases are asked many times. */
const worked = (plans: readonly BackupPlan[]): Timetable => {
  const range = { from: RULE_NOW, to: RULE_NOW + 500 * 24 * HOUR }
  const starts = new Map(plans.map(({ id }) => [id, [...timetableOf(plans).starts(id, range)]]))
  return { starts: (id, { from, to }) => (starts.get(id) ?? []).filter((start) => start >= from && start < to) }
}
const ask = (plans: readonly BackupPlan[], parts: Partial<Asset> = {}, options = {}) => ({
  facts: { asset: { ...asset, plans, ...parts }, timetable: worked(plans) },
  options,
})
const absent = { state: 'absent', source: 'policy', observedAt: RULE_NOW } as const

export default {
  rule: planMinFrequency,
  cases: [
    {
      name: 'Every night',
      ...ask([cron('nightly', '0 3 * * *')]),
      expect: { message: 'frequent', data: { longestHours: 24, limitHours: 24 } },
    },
    {
      name: 'Monday to Friday: three days over each weekend',
      ...ask([cron('nightly', '0 3 * * 1-5')]),
      expect: {
        message: 'too-seldom',
        data: {
          longestHours: 72,
          limitHours: 24,
          from: '2026-11-06T03:00:00.000Z',
          to: '2026-11-09T03:00:00.000Z',
          gaps: 52,
        },
      },
    },
    {
      name: 'Monday to Friday, and three days are allowed',
      ...ask([cron('nightly', '0 3 * * 1-5')], {}, { maxInterval: '3d' }),
      expect: { message: 'frequent', data: { longestHours: 72, limitHours: 72 } },
    },
    {
      name: 'At three in Berlin, 25 hours after the last when clocks are set back',
      ...ask([plan('nightly', { schedules: [{ cron: '0 3 * * *', timezone: 'Europe/Berlin' }] })]),
      expect: { message: 'frequent', data: { longestHours: 25, limitHours: 24 } },
    },
    {
      name: 'Every 25 hours, and not only when clocks are set back',
      ...ask([
        plan('nightly', {
          schedules: [{ rrule: 'FREQ=HOURLY;INTERVAL=25', start: '2026-10-01T00:00:00', timezone: 'UTC' }],
        }),
      ]),
      expect: { message: 'too-seldom', data: { longestHours: 25 } },
    },
    {
      name: 'A weekly one and one each other day',
      ...ask([cron('weekly', '0 3 * * 0'), cron('nightly', '0 3 * * 1-6')]),
      expect: { message: 'frequent', data: { longestHours: 24 } },
    },
    {
      name: 'The same two, each by itself',
      ...ask([cron('weekly', '0 3 * * 0'), cron('nightly', '0 3 * * 1-6')], {}, { eachPlan: true }),
      expect: [
        { message: 'too-seldom', subject: 'weekly', data: { longestHours: 168 } },
        { message: 'too-seldom', subject: 'nightly', data: { longestHours: 48 } },
      ],
    },
    {
      name: 'Two schedules of one plan',
      ...ask([cron('nightly', '0 3 * * 1-5', '0 3 * * 0,6')]),
      expect: { message: 'frequent', data: { longestHours: 24 } },
    },
    {
      name: 'A schedule that ends in December',
      ...ask([
        plan('nightly', {
          schedules: [{ rrule: 'FREQ=DAILY;UNTIL=20261210T030000Z', start: '2026-10-01T03:00:00', timezone: 'UTC' }],
        }),
      ]),
      expect: { message: 'too-seldom', data: { from: '2026-12-10T03:00:00.000Z', to: '2027-11-02T12:00:00.000Z' } },
    },
    {
      name: 'A schedule that begins in December',
      ...ask([
        plan('nightly', { schedules: [{ rrule: 'FREQ=DAILY', start: '2026-12-10T03:00:00', timezone: 'UTC' }] }),
      ]),
      expect: { message: 'too-seldom', data: { from: '2026-11-01T12:00:00.000Z', to: '2026-12-10T03:00:00.000Z' } },
    },
    {
      name: 'A schedule that begins in December, as does the asset',
      ...ask(
        [plan('nightly', { schedules: [{ rrule: 'FREQ=DAILY', start: '2026-12-10T03:00:00', timezone: 'UTC' }] })],
        {
          since: Date.UTC(2026, 11, 10),
        },
      ),
      expect: { message: 'frequent' },
    },
    {
      name: 'A schedule that has ended',
      ...ask([
        plan('nightly', {
          schedules: [{ rrule: 'FREQ=DAILY;COUNT=3', start: '2026-10-01T03:00:00', timezone: 'UTC' }],
        }),
      ]),
      expect: { message: 'no-starts', evidence: ['nightly'] },
    },
    {
      name: 'It runs when somebody asks for it',
      ...ask([plan('by-hand')]),
      expect: { message: 'on-demand', data: { plans: 'by-hand' }, evidence: ['by-hand'] },
    },
    {
      name: 'One plan runs on demand, another every night',
      ...ask([plan('by-hand'), cron('nightly', '0 3 * * *')]),
      expect: { message: 'frequent' },
    },
    { name: 'It has no plan', ...ask([]), expect: { message: 'no-plan' } },
    {
      name: 'The policy does not name it',
      facts: { asset: absent, timetable: absent },
      expect: { message: 'no-policy' },
    },
  ],
  absent: { asset: { message: 'no-policy' }, timetable: { message: 'no-policy' } },
  boundaries: {
    maxInterval: {
      question: ask([cron('nightly', '0 */8 * * *')]),
      limit: 8 * HOUR,
      at: 'frequent',
      stricter: 'too-seldom',
      laxer: 'frequent',
    },
  },
} satisfies RuleTest

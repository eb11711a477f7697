import type { Asset, RetentionClass } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { retentionScheduleComplete } from '../../src/rules/retention-schedule-complete.js'
import { plan, policyOf } from '../job-run.js'
import { timetableOf } from '../timetable.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
/** Made at 3 in the morning of a day. */
const point = (day: string, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: day,
  asset: 'shop',
  created: Date.parse(`${day}T03:00:00Z`),
  complete: true,
  ...more,
})
const WEEK = ['2026-10-26', '2026-10-27', '2026-10-28', '2026-10-29', '2026-10-30', '2026-10-31', '2026-11-01']
const MONTHS = ['2026-08-31', '2026-09-30', '2026-10-31']
const points = (days: readonly string[], more: Partial<RecoveryPoint> = {}): readonly RecoveryPoint[] =>
  days.map((day) => point(day, more))
const without = (days: readonly string[], ...gone: readonly string[]): readonly string[] =>
  days.filter((day) => !gone.includes(day))
const classOf = (gfs: RetentionClass['gfs'], id = 'rotation'): RetentionClass => ({ id, gfs })
const asset: Asset = { id: 'shop', plans: [], copies: [], retention: classOf({ daily: 7 }) }
const ask = (
  items: readonly RecoveryPoint[],
  gfs: RetentionClass['gfs'] = { daily: 7 },
  more: Partial<Asset> = {},
) => ({
  facts: {
    asset: { ...asset, retention: classOf(gfs), ...more },
    policy: policyOf(),
    timetable: timetableOf(more.plans ?? []),
  },
  histories: { points: items },
})
const planOn = (cron: string, id = 'nightly', timezone = 'UTC') => plan(id, { schedules: [{ cron, timezone }] })
/** Asks about plans that have schedules. */
const scheduled = (
  items: readonly RecoveryPoint[],
  plans: Asset['plans'],
  gfs: RetentionClass['gfs'] = { daily: 7 },
  more: Partial<Asset> = {},
) => ask(items, gfs, { plans, ...more })
/** Sunday is today. */
const WEEKDAYS = WEEK.slice(0, 5)
const LATE = planOn('55 23 * * 1-5')
/** Made a quarter of an hour after a start at 23:55 of the day before. */
const after = (days: readonly string[]): readonly RecoveryPoint[] =>
  days.map((day) => point(day, { created: Date.parse(`${day}T00:10:00Z`) }))
const LATE_DAYS = ['2026-10-20', '2026-10-21', '2026-10-22', '2026-10-23', '2026-10-24', ...WEEK.slice(1, 6)]
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const
/** A nightly plan that keeps days, and one that keeps months. */
const two = (items: readonly RecoveryPoint[]) => ({
  facts: {
    asset: { ...asset, plans: [plan('nightly'), plan('archive', { retention: 'long' })] },
    policy: policyOf({ retention: [classOf({ monthly: 3 }, 'long')] }),
    timetable: timetableOf([]),
  },
  histories: { points: items },
})

export default {
  rule: retentionScheduleComplete,
  cases: [
    {
      name: 'One of each of the last seven days',
      ...ask(points(WEEK)),
      expect: { message: 'complete', data: { slots: 7, rotation: '7 daily' } },
    },
    {
      name: 'That of today is yet to come',
      ...ask(points(without(WEEK, '2026-11-01'))),
      expect: { message: 'complete', data: { slots: 6 } },
    },
    {
      name: 'That of Wednesday is gone',
      ...ask(points(without(WEEK, '2026-10-28'))),
      expect: {
        message: 'incomplete',
        data: { missing: 1, slots: 7, names: 'day 2026-10-28', rotation: '7 daily' },
        evidence: ['day 2026-10-28'],
      },
    },
    {
      name: 'At 01:30 in Berlin: in UTC the night in which clocks are set back passes over a day',
      ...ask(
        [
          ...points(['2026-10-22', '2026-10-23', '2026-10-24']).map((one) => ({
            ...one,
            created: one.created + 20.5 * HOUR,
          })),
          ...points(WEEK).map((one) => ({ ...one, created: one.created - 2.5 * HOUR })),
        ],
        { daily: 10 },
      ),
      expect: { message: 'complete', data: { slots: 10 } },
    },
    {
      name: 'That of September was pruned',
      ...ask(points(without(MONTHS, '2026-09-30')), { monthly: 4 }),
      expect: {
        message: 'incomplete',
        data: { missing: 1, slots: 3, names: 'month 2026-09' },
        evidence: ['month 2026-09'],
      },
    },
    {
      name: 'Weeks begin on Monday',
      ...ask(points(['2026-10-18', '2026-10-26']), { weekly: 3 }),
      expect: { message: 'incomplete', data: { names: 'week 2026-W43' }, evidence: ['week 2026-W43'] },
    },
    {
      name: 'The last of each year',
      ...ask(points(['2024-12-31', '2025-12-31']), { yearly: 3 }),
      expect: { message: 'complete', data: { slots: 2, rotation: '3 yearly' } },
    },
    {
      name: 'More are missing than are named',
      ...ask(points(WEEK.slice(-1)), { daily: 31 }),
      expect: {
        message: 'incomplete',
        data: {
          missing: 30,
          slots: 31,
          names: 'day 2026-10-02, day 2026-10-03, day 2026-10-04, day 2026-10-05, day 2026-10-06, and 25 more',
        },
      },
    },
    {
      name: 'That of Wednesday is incomplete',
      ...ask([...points(without(WEEK, '2026-10-28')), point('2026-10-28', { complete: false })]),
      expect: { message: 'incomplete', data: { names: 'day 2026-10-28' }, evidence: ['day 2026-10-28'] },
    },
    {
      name: 'Nobody says whether that of Wednesday is complete',
      ...ask([...points(without(WEEK, '2026-10-28')), point('2026-10-28', { complete: null })]),
      expect: { message: 'not-known-usable', data: { missing: 1, names: 'day 2026-10-28' } },
    },
    {
      name: 'Nobody says whether that of Wednesday is complete, and that is accepted',
      ...ask([...points(without(WEEK, '2026-10-28')), point('2026-10-28', { complete: null })]),
      options: { acceptUnmarked: true },
      expect: { message: 'complete' },
    },
    {
      name: 'One dated in the future fills nothing',
      ...ask([...points(without(WEEK, '2026-10-28', '2026-11-01')), point('2026-11-01', { created: NOW + HOUR })]),
      expect: { message: 'incomplete', data: { slots: 6, names: 'day 2026-10-28' }, evidence: ['day 2026-10-28'] },
    },
    {
      name: 'Put under backup on Thursday',
      ...ask(points(WEEK.slice(4)), { daily: 7 }, { since: Date.UTC(2026, 9, 29, 12) }),
      expect: { message: 'complete', data: { slots: 3 } },
    },
    {
      name: 'Put under backup on Thursday, and that of Saturday is missing',
      ...ask(points(without(WEEK.slice(4), '2026-10-31')), { daily: 7 }, { since: Date.UTC(2026, 9, 29, 12) }),
      expect: { message: 'incomplete', data: { slots: 3, names: 'day 2026-10-31' } },
    },
    {
      name: 'Put under backup today',
      ...ask([], { daily: 7 }, { since: NOW - HOUR }),
      expect: { message: 'not-due', data: { due: '2026-11-02T11:00:00.000Z' } },
    },
    {
      name: 'No slot is over, and there is nothing',
      ...ask([], { yearly: 1 }),
      expect: { message: 'no-points', data: { rotation: '1 yearly' } },
    },
    {
      name: 'A class without a rotation',
      ...ask(points(WEEK), undefined, { retention: { id: 'month', minDays: 30 } }),
      expect: { message: 'no-rotation' },
    },
    {
      name: 'Without a policy: days, weeks and months',
      facts: { asset: absent, policy: absent, timetable: absent },
      histories: { points: points(WEEK) },
      expect: { message: 'incomplete', data: { rotation: '7 daily, 4 weekly, 12 monthly', missing: 13, slots: 23 } },
    },
    {
      name: 'Options beat the class',
      ...ask(points(WEEK), { daily: 9 }),
      options: { daily: 7 },
      expect: { message: 'complete', data: { rotation: '7 daily' } },
    },
    {
      name: 'Recovery points are known from Thursday on',
      ...ask([]),
      histories: { points: { items: points(WEEK.slice(3)), from: Date.UTC(2026, 9, 29) } },
      expect: {
        message: 'history-short',
        data: { from: '2026-10-29T00:00:00.000Z', begin: '2026-10-26T00:00:00.000Z' },
      },
    },
    {
      name: 'Recovery points are known from Thursday on, and that of Friday is missing',
      ...ask([]),
      histories: { points: { items: points(without(WEEK.slice(3), '2026-10-30')), from: Date.UTC(2026, 9, 29) } },
      expect: { message: 'incomplete', data: { missing: 1, names: 'day 2026-10-30' } },
    },
    {
      name: 'The history ends yesterday evening',
      ...ask([]),
      histories: { points: { items: points(WEEK.slice(0, 5)), observedAt: NOW - 18 * HOUR } },
      expect: { message: 'not-observed', data: { until: '2026-10-31T18:00:00.000Z', names: 'day 2026-10-31' } },
    },
    {
      name: 'One seems to be missing, as may others from the history',
      ...ask([]),
      histories: { points: { items: points(without(WEEK, '2026-10-28')), partial: true } },
      expect: { message: 'items-missing', data: { names: 'day 2026-10-28' } },
    },
    {
      name: 'None seems to be missing from a history that is not all there',
      ...ask([]),
      histories: { points: { items: points(WEEK), partial: true } },
      expect: { message: 'items-missing', data: { missing: 0, names: 'none' } },
    },
    {
      name: 'Each plan has its own rotation',
      ...two([
        ...points(MONTHS, { plan: 'archive' }),
        ...points(WEEK, { plan: 'nightly' }).map((one) => ({ ...one, id: `n ${one.id}` })),
      ]),
      expect: [
        { message: 'complete', subject: 'rotation', data: { slots: 7 } },
        { message: 'complete', subject: 'long', data: { slots: 2 } },
      ],
    },
    {
      name: 'The nightly ones fill no slot of the archive',
      ...two([
        ...points(MONTHS.slice(0, 1), { plan: 'archive' }),
        ...points(['2026-09-01', ...WEEK], { plan: 'nightly' }),
      ]),
      expect: [
        { message: 'complete', subject: 'rotation' },
        {
          message: 'incomplete',
          subject: 'long',
          data: { names: 'month 2026-09, month 2026-10' },
          evidence: ['month 2026-09', 'month 2026-10'],
        },
      ],
    },
    {
      name: 'That of September does not say which plan made it',
      ...two([
        point('2026-09-30'),
        point('2026-10-30', { plan: 'archive', id: 'archived' }),
        ...points(WEEK, { plan: 'nightly' }),
      ]),
      expect: [
        { message: 'complete', subject: 'rotation' },
        { message: 'plan-untold', subject: 'long', data: { names: 'month 2026-09' } },
      ],
    },
    {
      name: 'One plan has no class, the other has',
      facts: {
        asset: { ...asset, retention: undefined, plans: [plan('nightly'), plan('archive', { retention: 'long' })] },
        policy: policyOf({ retention: [{ id: 'long', minDays: 30 }] }),
        timetable: timetableOf([]),
      },
      histories: { points: points(WEEK, { plan: 'nightly' }) },
      expect: [
        { message: 'incomplete', subject: '(no class)', data: { missing: 13 } },
        { message: 'no-rotation', subject: 'long' },
      ],
    },
    {
      name: 'A plan names a class that the policy does not have',
      ...ask(points(WEEK), { daily: 7 }, { plans: [plan('nightly', { retention: 'decade' })] }),
      expect: { message: 'class-unknown', data: { class: 'decade' } },
    },
    {
      name: 'It reaches further back than is remembered',
      ...ask(
        Array.from({ length: 100 }, (_, i) => point(`${1927 + i}-01-01`)),
        { yearly: 120 },
      ),
      expect: { message: 'too-many-slots', data: { beyond: 20, rotation: '120 yearly' } },
    },
    {
      name: 'On weekdays only: the weekend is not asked for',
      ...scheduled(points(WEEKDAYS), [planOn('0 3 * * 1-5')]),
      expect: {
        message: 'complete-as-scheduled',
        data: { slots: 5, idle: 1, rotation: '7 daily', names: 'day 2026-10-31' },
      },
    },
    {
      name: 'On weekdays only, and that of Wednesday is gone',
      ...scheduled(points(without(WEEKDAYS, '2026-10-28')), [planOn('0 3 * * 1-5')]),
      expect: {
        message: 'incomplete',
        data: { missing: 1, slots: 5, idle: 1, names: 'day 2026-10-28' },
        evidence: ['day 2026-10-28'],
      },
    },
    {
      name: 'On weekdays only, and that of Friday is gone: it is missing once',
      ...scheduled(points(without(WEEKDAYS, '2026-10-30')), [planOn('0 3 * * 1-5')]),
      expect: { message: 'incomplete', data: { missing: 1, slots: 5, idle: 1, names: 'day 2026-10-30' } },
    },
    {
      name: 'On weekdays only: no older day takes the place of the weekend',
      ...scheduled(points(WEEKDAYS), [planOn('0 3 * * 1-5')], { daily: 9 }),
      expect: {
        message: 'complete-as-scheduled',
        data: { slots: 5, idle: 3, names: 'day 2026-10-24, day 2026-10-25, day 2026-10-31' },
      },
    },
    {
      name: 'One plan on weekdays, one on Saturdays: Saturday is asked for',
      ...scheduled(points(WEEKDAYS), [planOn('0 3 * * 1-5'), planOn('0 3 * * 6', 'weekend')]),
      expect: { message: 'incomplete', data: { names: 'day 2026-10-31', idle: 0 } },
    },
    {
      name: 'One plan on weekdays, one on demand: Saturday is asked for',
      ...scheduled(points(WEEKDAYS), [planOn('0 3 * * 1-5'), plan('by-hand')]),
      expect: { message: 'incomplete', data: { names: 'day 2026-10-31', idle: 0 } },
    },
    {
      name: 'On weekdays only, and no timetable is known',
      facts: {
        asset: { ...asset, plans: [planOn('0 3 * * 1-5')] },
        policy: policyOf(),
        timetable: absent,
      },
      histories: { points: points(WEEKDAYS) },
      expect: { message: 'incomplete', data: { names: 'day 2026-10-31', idle: 0 } },
    },
    {
      name: 'On weekdays only, and nobody says whether one of Saturday is complete: none was asked for',
      ...scheduled([...points(WEEKDAYS), point('2026-10-31', { complete: null })], [planOn('0 3 * * 1-5')]),
      expect: { message: 'complete-as-scheduled', data: { idle: 1 } },
    },
    {
      name: 'On weekdays only, one more by hand on Friday, and nobody says whether the one after it is complete',
      ...scheduled(
        [
          ...points(without(WEEKDAYS, '2026-10-30')),
          point('2026-10-30', { created: Date.UTC(2026, 9, 30, 1) }),
          point('2026-10-30', { id: 'after it', complete: null }),
        ],
        [planOn('0 3 * * 1-5')],
      ),
      expect: { message: 'complete-as-scheduled', data: { slots: 5, names: 'day 2026-10-31' } },
    },
    {
      name: 'On weekdays only, and recovery points are known from Monday on',
      ...scheduled([], [planOn('0 3 * * 1-5')], { daily: 9 }),
      histories: { points: { items: points(WEEKDAYS), from: Date.UTC(2026, 9, 26) } },
      expect: { message: 'complete-as-scheduled', data: { slots: 5, idle: 3 } },
    },
    {
      name: 'On weekdays only, and the history ends before Saturday is over',
      ...scheduled([], [planOn('0 3 * * 1-5')], { daily: 2 }),
      histories: { points: { items: points(WEEKDAYS), observedAt: NOW - 18 * HOUR } },
      expect: { message: 'none-expected', data: { names: 'day 2026-10-31' } },
    },
    {
      name: 'No start is expected in any slot',
      ...scheduled(points(MONTHS.slice(0, 2)), [planOn('0 3 15 * *')]),
      expect: { message: 'none-expected', data: { rotation: '7 daily', slots: 0, idle: 6 } },
    },
    {
      name: 'Every second month: the months between are not asked for',
      ...scheduled(points(['2026-07-15', '2026-09-15']), [planOn('0 3 15 */2 *')], { monthly: 6 }),
      expect: {
        message: 'complete-as-scheduled',
        data: { slots: 2, idle: 3, names: 'month 2026-06, month 2026-08, month 2026-10' },
      },
    },
    {
      name: 'Before midnight on weekdays, made after it: Mondays may be empty, and Saturdays not',
      ...scheduled(after(LATE_DAYS), [LATE], { daily: 14 }),
      expect: {
        message: 'complete-as-scheduled',
        data: { slots: 12, idle: 1, names: 'day 2026-10-25' },
      },
    },
    {
      name: 'Before midnight on weekdays, made after it, and that of Friday is gone',
      ...scheduled(after(without(LATE_DAYS, '2026-10-31')), [LATE]),
      expect: { message: 'incomplete', data: { missing: 1, names: 'day 2026-10-31' } },
    },
    {
      name: 'Before midnight on weekdays, made after it, and that of Tuesday is gone',
      ...scheduled(after(without(LATE_DAYS, '2026-10-28')), [LATE]),
      expect: { message: 'incomplete', data: { missing: 1, names: 'day 2026-10-28' } },
    },
    {
      name: 'Before midnight on weekdays, made before it',
      ...scheduled(
        points(WEEKDAYS).map((one) => ({ ...one, created: one.created + 20.95 * HOUR })),
        [LATE],
      ),
      expect: { message: 'complete-as-scheduled', data: { slots: 5, idle: 1 } },
    },
    {
      name: 'At 01:30 in Berlin on weekdays, the week in which clocks are set back',
      ...scheduled(
        [
          ...points(['2026-10-18', '2026-10-19', '2026-10-20', '2026-10-21', '2026-10-22']).map((one) => ({
            ...one,
            created: one.created + 20.5 * HOUR,
          })),
          ...points(WEEKDAYS).map((one) => ({ ...one, created: one.created - 2.5 * HOUR })),
        ],
        [planOn('30 1 * * 1-5', 'nightly', 'Europe/Berlin')],
        { daily: 15 },
      ),
      expect: {
        message: 'complete-as-scheduled',
        data: { slots: 10, idle: 4, names: 'day 2026-10-23, day 2026-10-24, day 2026-10-25, day 2026-10-31' },
      },
    },
  ],
  absent: {
    asset: { message: 'incomplete', data: { rotation: '7 daily, 4 weekly, 12 monthly' } },
    policy: { message: 'complete' },
    timetable: { message: 'complete' },
  },
  boundaries: {
    daily: { question: ask(points(WEEK)), limit: 7, at: 'complete', stricter: 'incomplete', laxer: 'complete' },
    weekly: {
      question: ask(points(['2026-10-23', ...WEEK]), {}),
      limit: 2,
      at: 'complete',
      stricter: 'incomplete',
      laxer: 'complete',
    },
    monthly: { question: ask(points(MONTHS), {}), limit: 4, at: 'complete', stricter: 'incomplete', laxer: 'complete' },
    yearly: {
      question: ask(points(['2024-12-31', '2025-12-31']), {}),
      limit: 3,
      at: 'complete',
      stricter: 'incomplete',
      laxer: 'complete',
    },
  },
} satisfies RuleTest

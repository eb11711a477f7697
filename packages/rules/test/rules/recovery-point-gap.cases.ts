import type { Asset, BackupPlan } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { recoveryPointGap } from '../../src/rules/recovery-point-gap.js'
import { timetableOf } from '../timetable.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const at = (created: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `shop-${(NOW - created) / HOUR}h`,
  asset: 'shop',
  created,
  complete: true,
  ...more,
})
/** One at noon of each day, oldest first, without those of some days ago. */
const daily = (count: number, without: readonly number[] = []): RecoveryPoint[] =>
  Array.from({ length: count }, (_, i) => count - 1 - i)
    .filter((ago) => !without.includes(ago))
    .map((ago) => at(NOW - ago * DAY))
const nightly: BackupPlan = { id: 'nightly', schedules: [{ cron: '0 12 * * *', timezone: 'UTC' }] }
const weekdays: BackupPlan = { id: 'weekdays', schedules: [{ cron: '0 12 * * MON-FRI', timezone: 'UTC' }] }
const policy: Asset = { id: 'shop', plans: [nightly], copies: [] }
const factsOf = (more: Partial<Asset> = {}) => ({
  policy: { ...policy, ...more },
  timetable: timetableOf(more.plans ?? policy.plans),
})
const ask = (points: readonly RecoveryPoint[], more: Partial<Asset> = {}) => ({
  facts: factsOf(more),
  histories: { points },
})
/** Of which nobody says whether it is complete. */
const unmarked = (points: readonly RecoveryPoint[]): RecoveryPoint[] =>
  points.map((point) => ({ ...point, complete: null }))

export default {
  rule: recoveryPointGap,
  cases: [
    {
      name: 'One a day for a month',
      ...ask(daily(31)),
      expect: { message: 'no-gap', data: { days: 30, longestHours: 24, limitHours: 36 } },
    },
    {
      name: 'One day was missed',
      ...ask(daily(31, [10])),
      expect: {
        message: 'gap',
        data: {
          gaps: 1,
          from: '2026-10-21T12:00:00.000Z',
          to: '2026-10-23T12:00:00.000Z',
          longestHours: 48,
          limitHours: 36,
        },
      },
    },
    {
      name: 'Two gaps, of two days and of three',
      ...ask(daily(31, [5, 20, 21])),
      expect: { message: 'gap', data: { gaps: 2, longestHours: 72 } },
    },
    {
      name: 'Nothing for the last three days',
      ...ask(daily(31, [0, 1, 2])),
      expect: { message: 'gap', data: { gaps: 1, to: '2026-11-01T12:00:00.000Z', longestHours: 72 } },
    },
    {
      name: 'The first weeks of the window are empty',
      ...ask(daily(10)),
      expect: { message: 'gap', data: { from: '2026-10-02T12:00:00.000Z', to: '2026-10-23T12:00:00.000Z' } },
    },
    {
      name: 'No recovery point at all',
      ...ask([]),
      expect: { message: 'gap', data: { gaps: 1, longestHours: 720 } },
    },
    {
      name: 'On weekdays only, as planned',
      ...ask(
        daily(31).filter(({ created }) => ![0, 6].includes(new Date(created).getUTCDay())),
        { plans: [weekdays] },
      ),
      expect: { message: 'no-gap', data: { limitHours: 108, longestHours: 72 } },
    },
    {
      name: 'Once a month, as planned',
      ...ask([at(NOW - 45 * DAY), at(NOW - 14 * DAY)], {
        plans: [{ id: 'monthly', schedules: [{ cron: '0 12 18 * *', timezone: 'UTC' }] }],
      }),
      expect: { message: 'no-gap', data: { limitHours: 1116, longestHours: 384 } },
    },
    {
      name: 'The gap is filled by an incomplete one',
      ...ask([...daily(31, [10]), at(NOW - 10 * DAY, { complete: false })]),
      expect: { message: 'gap', data: { gaps: 1 } },
    },
    {
      name: 'Nobody says whether they are complete',
      ...ask(unmarked(daily(31))),
      expect: { message: 'not-known-usable', data: { gaps: 1 } },
    },
    {
      name: 'Nobody says whether they are complete, and that is accepted',
      ...ask(unmarked(daily(31))),
      options: { acceptUnmarked: true },
      expect: { message: 'no-gap' },
    },
    {
      name: 'A gap among those that nobody can vouch for',
      ...ask(unmarked(daily(31, [10]))),
      expect: { message: 'gap', data: { gaps: 1, longestHours: 48 } },
    },
    {
      name: 'One of which nobody knows the digest',
      ...ask(daily(31)),
      options: { requireDigest: true },
      expect: { message: 'not-known-usable' },
    },
    {
      name: 'Kept for a week only',
      ...ask(daily(8), { retention: { id: 'week', minDays: 7 } }),
      expect: { message: 'no-gap', data: { days: 7 } },
    },
    {
      name: 'A rotation keeps seven dailies and four weeklies',
      ...ask([at(NOW - 28 * DAY), at(NOW - 21 * DAY), at(NOW - 14 * DAY), ...daily(8)], {
        retention: { id: 'gfs', gfs: { daily: 7, weekly: 4 } },
      }),
      expect: { message: 'no-gap', data: { days: 7 } },
    },
    {
      name: 'Under backup for two days',
      ...ask(daily(2), { since: NOW - 2 * DAY }),
      expect: { message: 'no-gap', data: { longestHours: 24 } },
    },
    {
      name: 'Under backup for six hours',
      ...ask([], { since: NOW - 6 * HOUR }),
      expect: { message: 'too-young', data: { since: '2026-11-01T06:00:00.000Z' } },
    },
    {
      name: 'A window shorter than what is allowed',
      ...ask([]),
      options: { windowDays: 1 },
      expect: { message: 'no-points', data: { days: 1 } },
    },
    {
      name: 'The history reaches back for ten days only',
      facts: factsOf(),
      histories: { points: { items: daily(10), from: NOW - 10 * DAY } },
      expect: { message: 'history-short', data: { historyFrom: '2026-10-22T12:00:00.000Z' } },
    },
    {
      name: 'The history reaches back for ten days only, and has a gap',
      facts: factsOf(),
      histories: { points: { items: daily(10, [4]), from: NOW - 10 * DAY } },
      expect: { message: 'gap', data: { gaps: 1 } },
    },
    {
      name: 'The history ended 20 hours ago, and its newest recovery point is two days old',
      facts: factsOf(),
      histories: { points: { items: daily(31, [0, 1]), observedAt: NOW - 20 * HOUR } },
      expect: { message: 'not-observed', data: { until: '2026-10-31T16:00:00.000Z', limitHours: 36 } },
    },
    {
      name: 'The history ended 20 hours ago, and one that is told of all the same came two days after the last',
      facts: factsOf(),
      histories: { points: { items: daily(31, [1]), observedAt: NOW - 20 * HOUR } },
      expect: { message: 'not-observed' },
    },
    {
      name: 'The history ended 20 hours ago, and none has been due since',
      facts: factsOf(),
      histories: { points: { items: daily(33, [0]), observedAt: NOW - 20 * HOUR } },
      expect: { message: 'no-gap' },
    },
    {
      name: 'A gap, but recovery points are missing from the history',
      facts: factsOf(),
      histories: { points: { items: daily(31, [10]), partial: true } },
      expect: { message: 'items-missing' },
    },
    {
      name: 'Many gaps before the days that are kept, and one within',
      facts: factsOf({ retention: { id: 'gfs', gfs: { daily: 1 } } }),
      histories: {
        points: [
          ...Array.from({ length: 80 }, (_, i) => at(NOW - (29 - i / 3) * DAY)),
          ...[20, 19, 18].map((hours) => at(NOW - hours * HOUR)),
        ],
      },
      options: { maxGap: '7h' },
      expect: { message: 'gap' },
    },
    {
      name: 'So many gaps before the days that are kept that those within may be lost',
      facts: factsOf({ retention: { id: 'day', minDays: 1 } }),
      histories: {
        points: [
          ...Array.from({ length: 90 }, (_, i) => at(NOW - (29 - i * 0.31) * DAY)),
          ...[20, 16, 12, 8, 4, 0].map((hours) => at(NOW - hours * HOUR)),
        ],
      },
      options: { maxGap: '5h' },
      expect: { message: 'too-many-gaps' },
    },
  ],
  absent: {
    policy: { message: 'no-gap', data: { limitHours: 36 } },
    timetable: { message: 'no-gap', data: { limitHours: 36 } },
  },
  boundaries: {
    windowDays: {
      // The day that was missed is the tenth from the end: it counts from a window of eleven days on.
      question: { ...ask(daily(31, [10])), options: { maxGap: '36h' } },
      limit: 11,
      at: 'gap',
      stricter: 'gap',
      laxer: 'no-gap',
    },
    maxGap: {
      question: { ...ask(daily(31, [10])) },
      limit: 48 * HOUR,
      at: 'no-gap',
      stricter: 'gap',
      laxer: 'no-gap',
    },
  },
} satisfies RuleTest

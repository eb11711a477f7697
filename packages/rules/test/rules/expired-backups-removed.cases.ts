import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { expiredBackupsRemoved } from '../../src/rules/expired-backups-removed.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Made 60 days ago, and expired so many days ago. */
const point = (expired: number | null, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `expired-${expired}d`,
  asset: 'shop',
  created: NOW - 60 * DAY,
  complete: true,
  expires: expired === null ? null : NOW - expired * DAY,
  ...more,
})
const ask = (...points: readonly RecoveryPoint[]) => ({ histories: { points } })

export default {
  rule: expiredBackupsRemoved,
  cases: [
    {
      name: 'None has expired',
      ...ask(point(-30), point(-1)),
      expect: { message: 'removed', data: { points: 2, held: 0, graceDays: 7 } },
    },
    { name: 'Exactly a week ago', ...ask(point(7)), expect: { message: 'removed' } },
    {
      name: 'A week and an hour ago',
      ...ask(point(-30), point(7 + 1 / 24)),
      expect: {
        message: 'overdue',
        data: { points: 2, overdue: 1, created: '2026-09-02T12:00:00.000Z', removable: '2026-10-25T11:00:00.000Z' },
        evidence: ['expired-7.041666666666667d'],
      },
    },
    {
      name: 'It expired a month ago, and is dated next week',
      ...ask(point(30, { created: NOW + 7 * DAY })),
      expect: { message: 'overdue', evidence: ['expired-30d'] },
    },
    {
      name: 'Several, the longest overdue first',
      ...ask(point(10), point(30), point(20)),
      expect: {
        message: 'overdue',
        data: { overdue: 3, id: 'expired-30d' },
        evidence: ['expired-30d', 'expired-20d', 'expired-10d'],
      },
    },
    {
      name: 'It expired a month ago, and its lock ended last week',
      ...ask(point(30, { lockedUntil: NOW - 6 * DAY })),
      expect: { message: 'removed' },
    },
    {
      name: 'It expired a month ago, and its lock ended two weeks ago',
      ...ask(point(30, { lockedUntil: NOW - 14 * DAY })),
      expect: { message: 'overdue', data: { removable: '2026-10-18T12:00:00.000Z' }, evidence: ['expired-30d'] },
    },
    {
      name: 'A legal hold keeps it',
      ...ask(point(30, { hold: true })),
      expect: { message: 'removed', data: { points: 1, held: 1 } },
    },
    {
      name: 'Nobody says whether a legal hold keeps it',
      ...ask(point(30, { hold: null })),
      expect: { message: 'overdue', evidence: ['expired-30d'] },
    },
    {
      name: 'An incomplete one has to go too',
      ...ask(point(30, { complete: false })),
      expect: { message: 'overdue', evidence: ['expired-30d'] },
    },
    { name: 'It never expires', ...ask(point(0, { expires: 'never' })), expect: { message: 'removed' } },
    {
      name: 'Nobody says when one expires',
      ...ask(point(-1), point(null)),
      expect: { message: 'expiry-unknown', data: { unknown: 1, points: 2, id: 'expired-nulld' } },
    },
    {
      name: 'Nobody says when one expires, and another is overdue',
      ...ask(point(30), point(null)),
      expect: { message: 'overdue', evidence: ['expired-30d'] },
    },
    {
      name: 'It became overdue after the history had ended',
      histories: { points: { items: [point(7.2)], observedAt: NOW - 12 * HOUR } },
      expect: { message: 'not-observed', data: { unknown: 1, until: '2026-11-01T00:00:00.000Z', id: 'expired-7.2d' } },
    },
    {
      name: 'Recovery points are known from September on',
      histories: { points: { items: [point(-1)], from: NOW - 61 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-09-01T12:00:00.000Z' } },
    },
    { name: 'There is none', ...ask(), expect: { message: 'no-points' } },
  ],
  boundaries: {
    graceDays: { question: ask(point(14)), limit: 14, at: 'removed', stricter: 'overdue', laxer: 'removed' },
  },
} satisfies RuleTest

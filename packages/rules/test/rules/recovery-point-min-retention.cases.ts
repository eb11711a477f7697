import type { Asset } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { recoveryPointMinRetention } from '../../src/rules/recovery-point-min-retention.js'
import { policyOf } from '../job-run.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
/** Made so many days ago, and kept for so many days. */
const point = (ago: number, kept: number | null, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `shop-${ago}d`,
  asset: 'shop',
  created: NOW - ago * DAY,
  complete: true,
  expires: kept === null ? null : NOW - ago * DAY + kept * DAY,
  ...more,
})
const asset: Asset = { id: 'shop', plans: [], copies: [], retention: { id: 'quarter', minDays: 90 } }
const daily = { id: 'daily', schedules: [], retention: 'week' }
const monthly = { id: 'monthly', schedules: [], retention: 'year' }
const policy = policyOf({
  plans: [daily, monthly],
  retention: [
    { id: 'week', minDays: 7 },
    { id: 'year', minDays: 365 },
  ],
})
const ask = (points: readonly RecoveryPoint[], more: Partial<Asset> = {}) => ({
  facts: { asset: { ...asset, ...more }, policy },
  histories: { points },
})
const planned = (points: readonly RecoveryPoint[]) => ask(points, { plans: [daily, monthly] })
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const

export default {
  rule: recoveryPointMinRetention,
  cases: [
    {
      name: 'All are kept for 90 days, as promised',
      ...ask([point(80, 90), point(40, 90), point(1, 90)]),
      expect: { message: 'kept', data: { points: 3, promised: '90 days' } },
    },
    {
      name: 'Recovery points of the last week only are known',
      ...ask([]),
      histories: { points: { items: [point(3, 90), point(1, 90)], from: NOW - 7 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-10-25T12:00:00.000Z' } },
    },
    {
      name: 'Older ones are not known, and have been kept for long enough',
      ...ask([]),
      histories: { points: { items: [point(3, 90), point(1, 90)], from: NOW - 90 * DAY } },
      expect: { message: 'kept', data: { points: 2 } },
    },
    {
      name: 'Lifecycle would remove one after 30 days',
      ...ask([point(40, 90), point(10, 30)]),
      expect: {
        message: 'short',
        data: { points: 2, short: 1, id: 'shop-10d', removable: '2026-11-21T12:00:00.000Z', promised: '90 days' },
        evidence: ['shop-10d'],
      },
    },
    {
      name: 'An hour less than promised is short',
      ...ask([point(10, 90 - 1 / 24)]),
      expect: { message: 'short', evidence: ['shop-10d'] },
    },
    {
      name: 'Several are short, the shortest first',
      ...ask([point(30, 60), point(20, 30), point(10, 30), point(5, 90)]),
      expect: { message: 'short', data: { short: 3, id: 'shop-20d' }, evidence: ['shop-20d', 'shop-10d', 'shop-30d'] },
    },
    {
      name: 'It never expires',
      ...ask([point(10, 0, { expires: 'never' })]),
      expect: { message: 'kept' },
    },
    {
      name: 'A lock reaches further than the expiry',
      ...ask([point(10, 30, { lockedUntil: NOW + 80 * DAY })]),
      expect: { message: 'kept' },
    },
    {
      name: 'A lock that is too short, and an expiry that is not',
      ...ask([point(10, 90, { lockedUntil: NOW + DAY })]),
      expect: { message: 'kept' },
    },
    {
      name: 'A legal hold that can be lifted is no promise',
      ...ask([point(10, 30, { hold: true })]),
      expect: { message: 'short' },
    },
    {
      name: 'Nobody says when one expires',
      ...ask([point(10, 90), point(5, null)]),
      expect: { message: 'expiry-unknown', data: { unknown: 1, points: 2, id: 'shop-5d' }, evidence: ['shop-5d'] },
    },
    {
      name: 'Nobody says when it expires, but it is locked for long enough',
      ...ask([point(5, null, { lockedUntil: NOW + 85 * DAY })]),
      expect: { message: 'kept' },
    },
    {
      name: 'Nobody says when it expires, and its lock ends early',
      ...ask([point(5, null, { lockedUntil: NOW + 80 * DAY })]),
      expect: { message: 'expiry-unknown', data: { unknown: 1 } },
    },
    {
      name: 'One is short, of another nobody knows',
      ...ask([point(10, 30), point(5, null)]),
      expect: { message: 'short', data: { short: 1 } },
    },
    {
      name: 'What is incomplete may go early',
      ...ask([point(10, 90), point(5, 1, { complete: false })]),
      expect: { message: 'kept', data: { points: 1 } },
    },
    {
      name: 'Each plan has its own class',
      ...planned([point(10, 7, { plan: 'daily' }), point(5, 365, { plan: 'monthly' })]),
      expect: { message: 'kept', data: { promised: '7 to 365 days' } },
    },
    {
      name: 'The monthly ones are kept as the daily ones',
      ...planned([point(10, 7, { plan: 'daily' }), point(5, 7, { plan: 'monthly' })]),
      expect: { message: 'short', data: { short: 1, id: 'shop-5d' } },
    },
    {
      name: 'It does not say which of two plans made it',
      ...planned([point(5, 30)]),
      expect: { message: 'promise-unknown', data: { promised: '7 to 365 days', id: 'shop-5d' }, evidence: ['shop-5d'] },
    },
    {
      name: 'It does not say which of two plans made it, and is too short for both',
      ...planned([point(5, 6)]),
      expect: { message: 'short' },
    },
    {
      name: 'A rotation promises what its shortest tier comes to',
      ...ask([point(5, 7), point(5, 30, { id: 'weekly' })], { retention: { id: 'gfs', gfs: { daily: 7, weekly: 4 } } }),
      expect: { message: 'kept', data: { promised: '7 days' } },
    },
    {
      name: 'Without a policy 35 days are asked for',
      facts: { asset: absent, policy: absent },
      histories: { points: [point(5, 34)] },
      expect: { message: 'short', data: { promised: '35 days' } },
    },
    {
      name: 'One is dated tomorrow',
      ...ask([point(10, 90), point(-1, 90)]),
      expect: { message: 'in-future', data: { unknown: 1, id: 'shop--1d' }, evidence: ['shop--1d'] },
    },
    {
      name: 'There is none',
      ...ask([]),
      expect: { message: 'no-points' },
    },
  ],
  absent: {
    asset: { message: 'kept', data: { promised: '35 days' } },
    policy: { message: 'kept', data: { promised: '90 days' } },
  },
  boundaries: {
    minDays: {
      question: { ...ask([point(10, 60)]) },
      limit: 60,
      at: 'kept',
      stricter: 'short',
      laxer: 'kept',
    },
  },
} satisfies RuleTest

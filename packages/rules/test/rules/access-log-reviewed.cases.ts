import type { Review } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { accessLogReviewed } from '../../src/rules/access-log-reviewed.js'
import { ABSENT, DAY, NOW } from '../restore-test.js'
import { review, withStores } from '../reviews.js'

/** Days in UTC, the last of them to its last millisecond, as policy files are read. */
const range = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) + DAY - 1 })

const log = (daysAgo: number, from: string, to: string, parts: Partial<Review> = {}): Review =>
  review('access-log', daysAgo, { ...range(from, to), ...parts })

const second = log(124, '2026-04-01', '2026-06-30')
const third = log(22, '2026-07-01', '2026-09-30')

export default {
  rule: accessLogReviewed,
  cases: [
    {
      name: 'Two quarters without a hole, the last reviewed three weeks ago',
      facts: withStores([second, third]),
      expect: {
        message: 'reviewed',
        data: { stores: 2, limit: 92, from: '2026-04-01T00:00:00.000Z', to: '2026-09-30T23:59:59.999Z' },
        evidence: ['access-log 2026-10-10'],
      },
    },
    {
      name: 'A week between two reviews was not looked at',
      facts: withStores([second, log(22, '2026-07-08', '2026-09-30')], ['vault']),
      expect: {
        message: 'hole',
        subject: 'vault',
        data: { after: '2026-06-30T23:59:59.999Z', before: '2026-07-08T00:00:00.000Z', holes: 1, days: 365 },
        evidence: ['access-log 2026-06-30', 'access-log 2026-10-10'],
      },
    },
    {
      name: 'A later review closed the hole',
      facts: withStores([second, log(22, '2026-07-08', '2026-09-30'), log(5, '2026-06-25', '2026-07-10')]),
      expect: { message: 'reviewed' },
    },
    {
      name: 'Old days that were looked at again leave no hole behind them',
      facts: withStores([
        log(22, '2026-04-01', '2026-09-30'),
        log(20, '2026-05-01', '2026-05-31'),
        log(2, '2026-10-01', '2026-10-29'),
      ]),
      expect: { message: 'reviewed', data: { to: '2026-10-29T23:59:59.999Z' }, evidence: ['access-log 2026-10-30'] },
    },
    {
      name: 'To look at old days once more makes no review newer',
      facts: withStores([second, log(5, '2026-04-01', '2026-06-30'), log(4, '2026-05-01', '2026-05-31')], ['vault']),
      expect: { message: 'overdue', subject: 'vault', evidence: ['access-log 2026-06-30'] },
    },
    {
      name: 'A hole is closed so late that the newest days lie far behind that review, but not behind their own',
      facts: withStores([second, log(31, '2026-07-08', '2026-09-01'), log(1, '2026-07-01', '2026-07-07')], ['vault']),
      expect: { message: 'reviewed', evidence: ['access-log 2026-10-01'] },
    },
    {
      name: 'A hole of two years ago is not asked about',
      facts: withStores([log(900, '2024-01-01', '2024-03-31'), log(760, '2024-08-01', '2024-09-30'), third], ['vault']),
      options: { windowDays: 100 },
      expect: { message: 'reviewed', data: { days: 100 } },
    },
    {
      name: 'One store was left out of the newest review',
      facts: withStores([second, { ...third, scope: 'vault' }]),
      expect: {
        message: 'overdue',
        subject: 'tape',
        data: { reviewed: '2026-06-30T12:00:00.000Z', by: 'Ann', limit: 92 },
        evidence: ['access-log 2026-06-30'],
      },
    },
    {
      name: 'No review ever covered one of the stores',
      facts: withStores([
        { ...second, scope: 'vault' },
        { ...third, scope: 'vault' },
      ]),
      expect: {
        message: 'never-reviewed',
        subject: 'tape',
        evidence: ['access-log 2026-10-10', 'access-log 2026-06-30'],
      },
    },
    {
      name: 'Nobody says which days the newest review looked at',
      facts: withStores([second, review('access-log', 22)], ['vault']),
      expect: [
        { message: 'no-range', subject: 'vault', data: { count: 1 }, evidence: ['access-log 2026-10-10'] },
        { message: 'overdue', subject: 'vault', evidence: ['access-log 2026-06-30'] },
      ],
    },
    {
      name: 'A range ends before it begins',
      facts: withStores([log(22, '2026-09-30', '2026-07-01')], ['vault']),
      expect: { message: 'no-range', subject: 'vault', evidence: ['access-log 2026-10-10'] },
    },
    {
      name: 'Of an old review nobody knows the range, which is not asked for any more',
      facts: withStores([review('access-log', 500), third], ['vault']),
      expect: { message: 'reviewed' },
    },
    {
      name: 'The newest review looked at old logs',
      facts: withStores([second, log(22, '2026-07-01', '2026-07-31')], ['vault']),
      expect: {
        message: 'behind',
        subject: 'vault',
        data: { to: '2026-07-31T23:59:59.999Z', lag: 70.6, limit: 31 },
        evidence: ['access-log 2026-10-10'],
      },
    },
    {
      name: 'A review claims days that were still to come',
      facts: withStores([log(80, '2026-07-01', '2026-12-31'), log(10, '2026-09-01', '2026-10-20')], ['vault']),
      expect: { message: 'hole', subject: 'vault', data: { after: '2026-08-14T11:59:59.999Z' } },
    },
    {
      name: 'Nobody signed it',
      facts: withStores([{ ...third, by: '' }]),
      expect: { message: 'no-reviews', evidence: ['reviews'] },
    },
    {
      name: 'It is to be done tomorrow',
      facts: withStores([log(-1, '2026-07-01', '2026-09-30')]),
      expect: { message: 'no-reviews', evidence: ['reviews'] },
    },
    { name: 'The policy names no store', facts: withStores([third], []), expect: { message: 'no-stores' } },
    { name: 'There is no policy', facts: { policy: ABSENT }, expect: { message: 'no-policy' } },
  ],
  absent: { policy: { message: 'no-policy' } },
  boundaries: {
    maxDays: {
      question: { facts: withStores([third], ['vault']) },
      limit: 22,
      at: 'reviewed',
      stricter: 'overdue',
      laxer: 'reviewed',
    },
    maxLagDays: {
      question: {
        facts: withStores([review('access-log', 10, { from: NOW - 90 * DAY, to: NOW - 30 * DAY })], ['vault']),
      },
      limit: 20,
      at: 'reviewed',
      stricter: 'behind',
      laxer: 'reviewed',
    },
    windowDays: {
      question: {
        facts: withStores(
          [
            review('access-log', 60, { from: NOW - 90 * DAY, to: NOW - 62 * DAY }),
            review('access-log', 10, { from: NOW - 61 * DAY, to: NOW - 11 * DAY }),
          ],
          ['vault'],
        ),
      },
      limit: 61,
      at: 'hole',
      stricter: 'hole',
      laxer: 'reviewed',
    },
  },
} satisfies RuleTest

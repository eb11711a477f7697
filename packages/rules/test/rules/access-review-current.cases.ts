import type { Review } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { accessReviewCurrent } from '../../src/rules/access-review-current.js'
import { ABSENT } from '../restore-test.js'
import { review, withStores } from '../reviews.js'

const access = (daysAgo: number, parts: Partial<Review> = {}): Review => review('access', daysAgo, parts)

export default {
  rule: accessReviewCurrent,
  cases: [
    {
      name: 'A review of everything is forty days old',
      facts: withStores([access(40), access(130)]),
      expect: { message: 'reviewed', data: { stores: 2, limit: 92, age: 40 }, evidence: ['access 2026-09-22'] },
    },
    {
      name: 'Each store has a review of its own',
      facts: withStores([access(40, { scope: 'vault' }), access(80, { scope: 'tape' })]),
      expect: { message: 'reviewed', data: { age: 80 }, evidence: ['access 2026-09-22', 'access 2026-08-13'] },
    },
    {
      name: 'One review names both stores in a list',
      facts: withStores([access(40, { scope: 'tape, vault' })]),
      expect: { message: 'reviewed' },
    },
    {
      name: 'One review names the stores by the beginning of their names',
      facts: withStores([access(40, { scope: 'cloud-*; tape' })], ['cloud-1', 'cloud-2', 'tape']),
      expect: { message: 'reviewed', data: { stores: 3 } },
    },
    {
      name: 'A store has a comma in its id',
      facts: withStores([access(40, { scope: 'Berlin, room 3' })], ['Berlin, room 3']),
      expect: { message: 'reviewed', data: { stores: 1 } },
    },
    {
      name: 'It is dated a day, 92 days ago: it may have been done at the end of that day',
      facts: withStores([access(92.5)]),
      expect: { message: 'reviewed', data: { age: 91.6 } },
    },
    {
      name: 'One store was left out',
      facts: withStores([access(40, { scope: 'vault' })]),
      expect: { message: 'never-reviewed', subject: 'tape', evidence: ['access 2026-09-22'] },
    },
    {
      name: 'The review of one store is too old',
      facts: withStores([access(40, { scope: 'vault' }), access(120)]),
      expect: {
        message: 'overdue',
        subject: 'tape',
        data: { reviewed: '2026-07-04T12:00:00.000Z', by: 'Ann', limit: 92 },
        evidence: ['access 2026-07-04'],
      },
    },
    {
      name: 'Nobody signed it',
      facts: withStores([access(40, { by: ' ' })]),
      expect: { message: 'no-reviews', evidence: ['reviews'] },
    },
    {
      name: 'It is to be done tomorrow',
      facts: withStores([access(-1)]),
      expect: { message: 'no-reviews', evidence: ['reviews'] },
    },
    {
      name: 'Only logs were reviewed',
      facts: withStores([review('access-log', 40)]),
      expect: { message: 'no-reviews', evidence: ['reviews'] },
    },
    {
      name: 'The policy names no store',
      facts: withStores([access(40)], []),
      expect: { message: 'no-stores' },
    },
    { name: 'There is no policy', facts: { policy: ABSENT }, expect: { message: 'no-policy' } },
  ],
  absent: { policy: { message: 'no-policy' } },
  boundaries: {
    maxDays: {
      question: { facts: withStores([access(60)], ['vault']) },
      limit: 60,
      at: 'reviewed',
      stricter: 'overdue',
      laxer: 'reviewed',
    },
  },
} satisfies RuleTest

import type { RuleTest } from '@backproof/core/testing'
import { restoreTestRecent } from '../../src/rules/restore-test-recent.js'
import { ABSENT, DAY, NOW, restoreTest, shop } from '../restore-test.js'

const critical = { asset: shop({ criticality: 'critical' }) }
const low = { asset: shop({ criticality: 'low' }) }
const unrated = { asset: shop() }

export default {
  rule: restoreTestRecent,
  cases: [
    {
      name: 'A critical asset was restored 20 days ago',
      facts: critical,
      histories: { tests: [restoreTest(55), restoreTest(20)] },
      expect: { message: 'recent', data: { drill: 'test-20', days: 20, limit: 31 }, evidence: ['test-20'] },
    },
    {
      name: 'A critical asset was restored 40 days ago',
      facts: critical,
      histories: { tests: [restoreTest(40)] },
      expect: { message: 'overdue', data: { days: 40, limit: 31 }, evidence: ['test-40'] },
    },
    {
      name: 'Any other asset was restored 40 days ago',
      facts: low,
      histories: { tests: [restoreTest(40)] },
      expect: { message: 'recent', data: { days: 40, limit: 92 } },
    },
    {
      name: 'Exactly 92 days ago is in time',
      facts: low,
      histories: { tests: [restoreTest(92)] },
      expect: { message: 'recent', data: { days: 92 } },
    },
    {
      name: 'A second more than 92 days ago is too late, and reads so',
      facts: low,
      histories: { tests: [restoreTest(92, { started: NOW - 92 * DAY - 1_000 })] },
      expect: { message: 'overdue', data: { days: 92.1, limit: 92 } },
    },
    {
      name: 'Restored 40 days ago, and the policy does not say how critical the asset is',
      facts: unrated,
      histories: { tests: [restoreTest(40)] },
      expect: { message: 'criticality-unknown', data: { criticalLimit: 31, limit: 92 }, evidence: ['test-40'] },
    },
    {
      name: 'Restored 20 days ago: enough for any asset',
      facts: { asset: ABSENT },
      histories: { tests: [restoreTest(20)] },
      expect: { message: 'recent', data: { limit: 31 } },
    },
    {
      name: 'Restored 93 days ago: too long for any asset',
      facts: { asset: ABSENT },
      histories: { tests: [restoreTest(93)] },
      expect: { message: 'overdue', data: { limit: 92 } },
    },
    {
      name: 'The policy asks for a restore each week',
      facts: { asset: shop({ criticality: 'low', restoreEvery: 7 * DAY }) },
      histories: { tests: [restoreTest(8)] },
      expect: { message: 'overdue', data: { days: 8, limit: 7 } },
    },
    {
      name: 'The option wins over the policy',
      facts: { asset: shop({ criticality: 'critical', restoreEvery: 7 * DAY }) },
      options: { maxDays: 10 },
      histories: { tests: [restoreTest(8)] },
      expect: { message: 'recent', data: { limit: 10 } },
    },
    {
      name: 'Restored in time, but the check of the data failed and the next run was cancelled',
      facts: critical,
      histories: {
        tests: [
          restoreTest(50),
          restoreTest(20, { validation: 'failed' }),
          restoreTest(10, { outcome: 'cancelled' }),
          restoreTest(5, { validation: 'timed-out' }),
        ],
      },
      expect: { message: 'overdue', data: { days: 50 }, evidence: ['test-50', 'test-20', 'test-10', 'test-5'] },
    },
    {
      name: 'A restore that runs right now is none yet',
      facts: critical,
      histories: { tests: [restoreTest(40), restoreTest(0, { outcome: 'running', validation: null })] },
      expect: { message: 'overdue', data: { drill: 'test-40' } },
    },
    {
      name: 'A restore whose data nobody checked counts',
      facts: critical,
      histories: { tests: [restoreTest(20, { validation: 'none' })] },
      expect: { message: 'recent' },
    },
    {
      name: 'Never restored',
      facts: critical,
      histories: { tests: [] },
      expect: { message: 'never', data: { tests: 0, limit: 31 }, evidence: ['restore.drills'] },
    },
    {
      name: 'Tried twice, and never with success',
      facts: low,
      histories: { tests: [restoreTest(30, { outcome: 'failed' }), restoreTest(3, { outcome: 'failed' })] },
      expect: { message: 'never', data: { tests: 2 }, evidence: ['restore.drills', 'test-30', 'test-3'] },
    },
    {
      name: 'Only other assets were restored',
      facts: critical,
      histories: { tests: [restoreTest(1, { asset: 'mail' })] },
      expect: { message: 'never', data: { tests: 0 } },
    },
    {
      name: 'The newest restore has an outcome that nobody knows',
      facts: critical,
      histories: { tests: [restoreTest(40), restoreTest(20, { outcome: 'unknown' })] },
      expect: { message: 'undecided', data: { drill: 'test-20', limit: 31 }, evidence: ['test-40', 'test-20'] },
    },
    {
      name: 'The data of the newest restore is still being checked',
      facts: critical,
      histories: { tests: [restoreTest(0.1, { validation: 'validating' })] },
      expect: { message: 'undecided' },
    },
    {
      name: 'An unknown outcome long ago does not matter',
      facts: critical,
      histories: { tests: [restoreTest(40, { outcome: 'unknown' })] },
      expect: { message: 'never' },
    },
    {
      name: 'No restore in a history that begins 10 days ago',
      facts: critical,
      histories: { tests: { items: [], from: NOW - 10 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-10-22T12:00:00.000Z', limit: 31 } },
    },
    {
      name: 'No restore in a history that begins early enough',
      facts: critical,
      histories: { tests: { items: [], from: NOW - 31 * DAY } },
      expect: { message: 'never' },
    },
    {
      name: 'A restore test from tomorrow proves nothing',
      facts: critical,
      histories: { tests: [restoreTest(40), restoreTest(-1)] },
      expect: { message: 'in-future', data: { drill: 'test--1', started: '2026-11-02T12:00:00.000Z' } },
    },
    {
      name: 'A restore test that ends tomorrow proves nothing',
      facts: critical,
      histories: { tests: [restoreTest(2, { ended: NOW + DAY })] },
      expect: { message: 'in-future', data: { drill: 'test-2' } },
    },
    {
      name: 'A clock that is four minutes fast is fine',
      facts: critical,
      histories: { tests: [restoreTest(0, { started: NOW + 240_000 })] },
      expect: { message: 'recent', data: { days: 0 } },
    },
    {
      name: 'It became overdue after the history was read, half a day ago',
      facts: critical,
      histories: { tests: { items: [restoreTest(31.4)], observedAt: NOW - DAY / 2 } },
      expect: {
        message: 'not-observed',
        data: { until: '2026-11-01T00:00:00.000Z', limit: 31 },
        evidence: ['test-31.4'],
      },
    },
    {
      name: 'It was overdue already when the history was read, half a day ago',
      facts: critical,
      histories: { tests: { items: [restoreTest(31.6)], observedAt: NOW - DAY / 2 } },
      expect: { message: 'overdue', data: { days: 31.1 } },
    },
    {
      name: 'The first restore of a new asset became due after the history was read',
      facts: { asset: shop({ criticality: 'critical', since: NOW - 31.4 * DAY }) },
      histories: { tests: { items: [], observedAt: NOW - DAY / 2 } },
      expect: { message: 'not-observed', data: { limit: 31 } },
    },
    {
      name: 'A new asset that was not restored yet',
      facts: { asset: shop({ criticality: 'critical', since: NOW - 20 * DAY }) },
      histories: { tests: [] },
      expect: {
        message: 'not-due',
        data: { since: '2026-10-12T12:00:00.000Z', due: '2026-11-12T12:00:00.000Z' },
      },
    },
    {
      name: 'An asset that is 40 days new, and nobody knows how critical',
      facts: { asset: shop({ since: NOW - 40 * DAY }) },
      histories: { tests: [] },
      expect: { message: 'criticality-unknown' },
    },
    {
      name: 'An asset that has been there for long enough',
      facts: { asset: shop({ criticality: 'critical', since: NOW - 32 * DAY }) },
      histories: { tests: [] },
      expect: { message: 'never' },
    },
  ],
  absent: { asset: { message: 'recent', data: { limit: 31 } } },
  boundaries: {
    maxDays: {
      question: { facts: critical, histories: { tests: [restoreTest(45)] } },
      limit: 45,
      at: 'recent',
      stricter: 'overdue',
      laxer: 'recent',
    },
  },
} satisfies RuleTest

import type { RuleTest } from '@backproof/core/testing'
import { restoreMeetsRpo } from '../../src/rules/restore-meets-rpo.js'
import { ABSENT, DAY, MINUTE, NOW, restoreTest, shop } from '../restore-test.js'

const facts = { asset: shop({ rpo: DAY }) }
const then = NOW - 2 * DAY

export default {
  rule: restoreMeetsRpo,
  cases: [
    {
      name: 'The restored data was ten hours old; a day is allowed',
      facts,
      histories: { tests: [restoreTest(2, { dataAsOf: then - 600 * MINUTE })] },
      expect: { message: 'met', data: { minutes: 600, limit: 1_440 }, evidence: ['test-2'] },
    },
    {
      name: 'The restored data was 30 hours old, though the recovery point was fresh',
      facts,
      histories: {
        tests: [restoreTest(2, { dataAsOf: then - 1_800 * MINUTE, recoveryPointCreated: then - 60 * MINUTE })],
      },
      expect: { message: 'exceeded', data: { minutes: 1_800, limit: 1_440 }, evidence: ['test-2'] },
    },
    {
      name: 'A second too old reads as too old',
      facts,
      histories: { tests: [restoreTest(2, { dataAsOf: then - DAY - 1_000 })] },
      expect: { message: 'exceeded', data: { minutes: 1_440.1 } },
    },
    {
      name: 'A state of last week was to be restored, and was',
      facts,
      histories: { tests: [restoreTest(2, { lostAt: then - 7 * DAY, dataAsOf: then - 7 * DAY - 60 * MINUTE })] },
      expect: { message: 'met', data: { minutes: 60 } },
    },
    {
      name: 'Nobody looked at the data, but the recovery point was already too old',
      facts,
      histories: { tests: [restoreTest(2, { recoveryPointCreated: then - 2 * DAY })] },
      expect: { message: 'point-too-old', data: { minutes: 2_880, dataAsOf: null }, evidence: ['test-2'] },
    },
    {
      name: 'Nobody looked at the data of a fresh recovery point',
      facts,
      histories: { tests: [restoreTest(2, { recoveryPointCreated: then - 60 * MINUTE })] },
      expect: { message: 'age-unknown', data: { limit: 1_440 } },
    },
    {
      name: 'Nobody can say what came back',
      facts,
      histories: { tests: [restoreTest(2, { dataAsOf: null })] },
      expect: { message: 'age-unknown', data: { minutes: null } },
    },
    {
      name: 'The data is newer than what was to be restored',
      facts,
      histories: { tests: [restoreTest(2, { dataAsOf: then + 10 * MINUTE })] },
      expect: { message: 'after-loss', data: { dataAsOf: '2026-10-30T12:10:00.000Z' } },
    },
    {
      name: 'Clocks that are four minutes apart are fine',
      facts,
      histories: { tests: [restoreTest(2, { dataAsOf: then + 4 * MINUTE })] },
      expect: { message: 'met', data: { minutes: 0 } },
    },
    {
      name: 'The option wins over the policy',
      facts,
      options: { maxAge: '4h' },
      histories: { tests: [restoreTest(2, { dataAsOf: then - 600 * MINUTE })] },
      expect: { message: 'exceeded', data: { limit: 240 } },
    },
    {
      name: 'The policy promises nothing',
      facts: { asset: shop() },
      histories: { tests: [restoreTest(2, { dataAsOf: then - 600 * MINUTE })] },
      expect: { message: 'no-objective' },
    },
    {
      name: 'Without a policy the option decides',
      facts: { asset: ABSENT },
      options: { maxAge: '1d' },
      histories: { tests: [restoreTest(2, { dataAsOf: then - DAY })] },
      expect: { message: 'met', data: { minutes: 1_440, limit: 1_440 } },
    },
    {
      name: 'The newest restore test failed; what an older one brought back does not count',
      facts,
      histories: {
        tests: [
          restoreTest(30, { dataAsOf: NOW - 30 * DAY }),
          restoreTest(2, { validation: 'failed', dataAsOf: then }),
        ],
      },
      expect: { message: 'not-restored', data: { drill: 'test-2', end: 'validation failed' } },
    },
    { name: 'Never restored', facts, histories: { tests: [] }, expect: { message: 'no-drill' } },
    {
      name: 'A restore test from tomorrow, after one with fresh data',
      facts,
      histories: { tests: [restoreTest(2, { dataAsOf: then }), restoreTest(-1)] },
      expect: { message: 'in-future', data: { drill: 'test--1' } },
    },
  ],
  absent: { asset: { message: 'no-objective' } },
  boundaries: {
    maxAge: {
      question: { facts, histories: { tests: [restoreTest(2, { dataAsOf: then - 90 * MINUTE })] } },
      limit: 90 * MINUTE,
      at: 'met',
      stricter: 'exceeded',
      laxer: 'met',
    },
  },
} satisfies RuleTest

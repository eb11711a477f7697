import type { RuleTest } from '@backproof/core/testing'
import { restoreTestPassed } from '../../src/rules/restore-test-passed.js'
import { restoreTest } from '../restore-test.js'

export default {
  rule: restoreTestPassed,
  cases: [
    {
      name: 'The newest restore test succeeded, and its data was checked',
      histories: { tests: [restoreTest(30, { outcome: 'failed' }), restoreTest(2)] },
      expect: {
        message: 'passed',
        data: { drill: 'test-2', started: '2026-10-30T12:00:00.000Z' },
        evidence: ['test-2'],
      },
    },
    {
      name: 'The newest restore test failed after one that passed',
      histories: { tests: [restoreTest(30), restoreTest(2, { outcome: 'failed', validation: null })] },
      expect: { message: 'failed', data: { drill: 'test-2', end: 'failed' }, evidence: ['test-2'] },
    },
    {
      name: 'It restored, and the check of its data failed',
      histories: { tests: [restoreTest(2, { validation: 'failed' })] },
      expect: { message: 'failed', data: { end: 'validation failed' } },
    },
    {
      name: 'It restored, and the check of its data ran out of time',
      histories: { tests: [restoreTest(2, { validation: 'timed-out' })] },
      expect: { message: 'failed', data: { end: 'validation timed-out' } },
    },
    {
      name: 'It was cancelled',
      histories: { tests: [restoreTest(2, { outcome: 'cancelled' })] },
      expect: { message: 'failed', data: { end: 'cancelled' } },
    },
    {
      name: 'A check cannot make a failed restore good',
      histories: { tests: [restoreTest(2, { outcome: 'failed', validation: 'successful' })] },
      expect: { message: 'failed' },
    },
    {
      name: 'It restored, and nobody checked the data',
      histories: { tests: [restoreTest(2, { validation: 'none' })] },
      expect: { message: 'unvalidated', evidence: ['test-2'] },
    },
    {
      name: 'It restored, and nobody can say whether the data was checked',
      histories: { tests: [restoreTest(2, { validation: null })] },
      expect: { message: 'unvalidated' },
    },
    {
      name: 'It restored, nobody checked the data, and nobody has to',
      options: { requireValidation: false },
      histories: { tests: [restoreTest(2, { validation: 'none' })] },
      expect: { message: 'restored' },
    },
    {
      name: 'A check that failed counts, even where none is required',
      options: { requireValidation: false },
      histories: { tests: [restoreTest(2, { validation: 'failed' })] },
      expect: { message: 'failed' },
    },
    {
      name: 'Nobody can say how it ended',
      histories: { tests: [restoreTest(30), restoreTest(2, { outcome: 'unknown' })] },
      expect: { message: 'undecided', data: { drill: 'test-2' } },
    },
    {
      name: 'One that still runs is passed over for the one before',
      histories: {
        tests: [
          restoreTest(30),
          restoreTest(1, { validation: 'validating' }),
          restoreTest(0, { outcome: 'running', validation: null }),
        ],
      },
      expect: { message: 'passed', data: { drill: 'test-30' } },
    },
    {
      name: 'The first one is still running',
      histories: { tests: [restoreTest(0, { outcome: 'running', validation: null })] },
      expect: { message: 'no-drill' },
    },
    { name: 'Never restored', histories: { tests: [] }, expect: { message: 'no-drill' } },
    {
      name: 'A restore test from tomorrow, after one that passed',
      histories: { tests: [restoreTest(2), restoreTest(-1)] },
      expect: { message: 'in-future', data: { drill: 'test--1' } },
    },
    {
      name: 'A restore test from tomorrow hides no failure',
      histories: { tests: [restoreTest(2, { outcome: 'failed' }), restoreTest(-1)] },
      expect: { message: 'failed', data: { drill: 'test-2' } },
    },
  ],
} satisfies RuleTest

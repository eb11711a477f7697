import type { RuleTest } from '@backproof/core/testing'
import { restoreIsolated } from '../../src/rules/restore-isolated.js'
import { DAY, NOW, restoreTest } from '../restore-test.js'

export default {
  rule: restoreIsolated,
  cases: [
    {
      name: 'The newest restore test went to a laboratory',
      histories: {
        tests: [restoreTest(30, { isolated: false }), restoreTest(2, { isolated: true, destination: 'lab' })],
      },
      expect: { message: 'isolated', data: { drill: 'test-2', destination: 'lab' }, evidence: ['test-2'] },
    },
    {
      name: 'The newest restore test went to production',
      histories: {
        tests: [restoreTest(30, { isolated: true }), restoreTest(2, { isolated: false, destination: 'vm-prod-3' })],
      },
      expect: { message: 'in-production', data: { destination: 'vm-prod-3' }, evidence: ['test-2'] },
    },
    {
      name: 'One that failed went to production all the same',
      histories: { tests: [restoreTest(2, { outcome: 'failed', isolated: false })] },
      expect: { message: 'in-production', data: { destination: 'an unnamed place' } },
    },
    {
      name: 'One that runs right now goes to production',
      histories: {
        tests: [restoreTest(2, { isolated: true }), restoreTest(0, { outcome: 'running', isolated: false })],
      },
      expect: { message: 'in-production', data: { drill: 'test-0' } },
    },
    {
      name: 'Nobody can say where it went',
      histories: { tests: [restoreTest(30, { isolated: true }), restoreTest(2, { isolated: null })] },
      expect: { message: 'isolation-unknown', data: { drill: 'test-2' } },
    },
    { name: 'Never restored', histories: { tests: [] }, expect: { message: 'no-drill' } },
    {
      name: 'No restore test in a history that does not go back to the beginning',
      histories: { tests: { items: [], from: NOW - 400 * DAY } },
      expect: { message: 'history-short', data: { from: '2025-09-27T12:00:00.000Z' } },
    },
    {
      name: 'A restore test from tomorrow, after one in a laboratory',
      histories: { tests: [restoreTest(2, { isolated: true }), restoreTest(-1, { isolated: true })] },
      expect: { message: 'in-future', data: { drill: 'test--1' } },
    },
    {
      name: 'A restore test from tomorrow hides no restore into production',
      histories: { tests: [restoreTest(2, { isolated: false }), restoreTest(-1, { isolated: true })] },
      expect: { message: 'in-production' },
    },
  ],
} satisfies RuleTest

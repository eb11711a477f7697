import type { RuleTest } from '@backproof/core/testing'
import { restoreConsistencyVerified } from '../../src/rules/restore-consistency-verified.js'
import { ABSENT, restoreTest, shop } from '../restore-test.js'

const facts = { asset: shop() }

export default {
  rule: restoreConsistencyVerified,
  cases: [
    {
      name: 'The restored content was compared',
      facts,
      histories: { tests: [restoreTest(30, { level: 'bytes' }), restoreTest(2, { level: 'content' })] },
      expect: { message: 'verified', data: { level: 'content', needed: 'content' }, evidence: ['test-2'] },
    },
    {
      name: 'The restored machine booted, which is more than is asked',
      facts,
      histories: { tests: [restoreTest(2, { level: 'boot' })] },
      expect: { message: 'verified', data: { level: 'boot' } },
    },
    {
      name: 'Bytes were written, and nobody looked at them',
      facts,
      histories: {
        tests: [restoreTest(30, { level: 'boot' }), restoreTest(2, { level: 'bytes', validation: 'none' })],
      },
      expect: { message: 'too-weak', data: { level: 'bytes', needed: 'content' }, evidence: ['test-2'] },
    },
    {
      name: 'The policy wants the application to answer; the machine only booted',
      facts: { asset: shop({ restoreLevel: 'application' }) },
      histories: { tests: [restoreTest(2, { level: 'boot' })] },
      expect: { message: 'too-weak', data: { level: 'boot', needed: 'application' } },
    },
    {
      name: 'The policy asks for less than the option',
      facts: { asset: shop({ restoreLevel: 'bytes' }) },
      options: { minLevel: 'mount' },
      histories: { tests: [restoreTest(2, { level: 'bytes', validation: 'none' })] },
      expect: { message: 'verified', data: { needed: 'bytes' } },
    },
    {
      name: 'Without a policy the option decides',
      facts: { asset: ABSENT },
      options: { minLevel: 'mount' },
      histories: { tests: [restoreTest(2, { level: 'content' })] },
      expect: { message: 'too-weak', data: { needed: 'mount' } },
    },
    {
      name: 'The newest restore test failed',
      facts,
      histories: { tests: [restoreTest(30, { level: 'boot' }), restoreTest(2, { outcome: 'failed', level: null })] },
      expect: { message: 'failed', data: { end: 'failed', needed: 'content' }, evidence: ['test-2'] },
    },
    {
      name: 'The check of the restored data failed',
      facts,
      histories: { tests: [restoreTest(2, { validation: 'failed', level: 'boot' })] },
      expect: { message: 'failed', data: { end: 'validation failed' } },
    },
    {
      name: 'Nobody wrote down what it proved',
      facts,
      histories: { tests: [restoreTest(2, { level: null })] },
      expect: { message: 'level-unknown', data: { level: 'unknown' } },
    },
    {
      name: 'The history says both that content was compared and that nobody checked',
      facts,
      histories: { tests: [restoreTest(2, { level: 'content', validation: 'none' })] },
      expect: { message: 'level-unknown' },
    },
    {
      name: 'A level that nobody knows',
      facts,
      histories: { tests: [{ ...restoreTest(2), level: 'telepathy' }] },
      expect: { message: 'level-unknown' },
    },
    {
      name: 'The newest restore test was cancelled',
      facts,
      histories: {
        tests: [restoreTest(30, { level: 'boot' }), restoreTest(2, { outcome: 'cancelled', level: 'boot' })],
      },
      expect: { message: 'level-unknown', data: { drill: 'test-2' } },
    },
    { name: 'Never restored', facts, histories: { tests: [] }, expect: { message: 'no-drill' } },
    {
      name: 'A restore test from tomorrow',
      facts,
      histories: { tests: [restoreTest(2, { level: 'boot' }), restoreTest(-1, { level: 'boot' })] },
      expect: { message: 'in-future', data: { drill: 'test--1' } },
    },
  ],
  absent: { asset: { message: 'verified', data: { needed: 'content' } } },
} satisfies RuleTest

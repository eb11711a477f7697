import type { RuleTest } from '@backproof/core/testing'
import { restoreMeetsRto } from '../../src/rules/restore-meets-rto.js'
import { ABSENT, MINUTE, NOW, restoreTest, shop } from '../restore-test.js'

const facts = { asset: shop({ rto: 240 * MINUTE }) }
const whole = { bytesRestored: 4e12, bytesTotal: 4e12 }
const quarter = { bytesRestored: 1e12, bytesTotal: 4e12 }

export default {
  rule: restoreMeetsRto,
  cases: [
    {
      name: 'All of it came back in three of the four hours that the policy allows',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 180 * MINUTE })] },
      expect: { message: 'met', data: { minutes: 180, limit: 240 }, evidence: ['test-2'] },
    },
    {
      name: 'All of it came back in five hours; four are allowed',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 300 * MINUTE })] },
      expect: { message: 'exceeded', data: { minutes: 300, limit: 240 }, evidence: ['test-2'] },
    },
    {
      name: 'Where nobody measured from end to end, start and end of the restore test count',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, ended: NOW - 2 * 86_400_000 + 90 * MINUTE })] },
      expect: { message: 'met', data: { minutes: 90 } },
    },
    {
      name: 'A second too long reads as too long',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 240 * MINUTE + 1_000 })] },
      expect: { message: 'exceeded', data: { minutes: 240.1 } },
    },
    {
      name: 'A quarter came back in 80 minutes, 20 of them waiting for the archive',
      facts: { asset: shop({ rto: 260 * MINUTE }) },
      histories: { tests: [restoreTest(2, { ...quarter, endToEndMs: 80 * MINUTE, thawMs: 20 * MINUTE })] },
      expect: { message: 'met-scaled', data: { measured: 80, minutes: 260, limit: 260 } },
    },
    {
      name: 'A quarter came back in 80 minutes: too slow for the whole',
      facts,
      histories: { tests: [restoreTest(2, { ...quarter, endToEndMs: 80 * MINUTE, thawMs: 20 * MINUTE })] },
      expect: { message: 'exceeded-scaled', data: { measured: 80, minutes: 260, limit: 240 }, evidence: ['test-2'] },
    },
    {
      name: 'A wait for the archive that nobody told counts as none',
      facts,
      histories: { tests: [restoreTest(2, { ...quarter, endToEndMs: 80 * MINUTE })] },
      expect: { message: 'exceeded-scaled', data: { minutes: 320 } },
    },
    {
      name: 'Three of seven parts came back in exactly three sevenths of the time',
      facts: { asset: shop({ rto: 15_400_000 }) },
      histories: {
        tests: [restoreTest(2, { bytesRestored: 3e12, bytesTotal: 7e12, endToEndMs: 110 * MINUTE })],
      },
      expect: { message: 'met-scaled', data: { measured: 110, minutes: 256.7, limit: 256.7 } },
    },
    {
      name: 'A sample of unknown size came back in time',
      facts,
      histories: { tests: [restoreTest(2, { bytesTotal: 4e12, endToEndMs: 80 * MINUTE })] },
      expect: { message: 'size-unknown', data: { measured: 80 } },
    },
    {
      name: 'Nobody can say how large the whole is',
      facts,
      histories: { tests: [restoreTest(2, { bytesRestored: 4e12, endToEndMs: 80 * MINUTE })] },
      expect: { message: 'size-unknown' },
    },
    {
      name: 'Nothing came back, and quickly',
      facts,
      histories: { tests: [restoreTest(2, { bytesRestored: 0, bytesTotal: 0, endToEndMs: MINUTE })] },
      expect: { message: 'size-unknown' },
    },
    {
      name: 'Too slow already, whatever the size was',
      facts,
      histories: { tests: [restoreTest(2, { endToEndMs: 300 * MINUTE })] },
      expect: { message: 'exceeded', data: { minutes: 300 } },
    },
    {
      name: 'Without any objective 720 minutes are allowed',
      facts: { asset: shop() },
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 721 * MINUTE })] },
      expect: { message: 'exceeded', data: { limit: 720 } },
    },
    {
      name: 'The option wins over the policy',
      facts,
      options: { maxMinutes: 60 },
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 180 * MINUTE })] },
      expect: { message: 'exceeded', data: { limit: 60 } },
    },
    {
      name: 'Nobody measured how long it took',
      facts,
      histories: { tests: [restoreTest(2, { ...whole })] },
      expect: { message: 'not-measured', data: { limit: 240 } },
    },
    {
      name: 'It ended at the moment at which it began',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, ended: NOW - 2 * 86_400_000 })] },
      expect: { message: 'not-measured' },
    },
    {
      name: 'It ends tomorrow',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 90 * MINUTE, ended: NOW + 86_400_000 })] },
      expect: { message: 'in-future', data: { drill: 'test-2' } },
    },
    {
      name: 'It ended before it began',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, ended: NOW - 3 * 86_400_000 })] },
      expect: { message: 'not-measured' },
    },
    {
      name: 'It waited for the archive for longer than it took',
      facts,
      histories: { tests: [restoreTest(2, { ...quarter, endToEndMs: 80 * MINUTE, thawMs: 90 * MINUTE })] },
      expect: { message: 'not-measured' },
    },
    {
      name: 'The newest restore test failed; what an older one took does not count',
      facts,
      histories: {
        tests: [restoreTest(30, { ...whole, endToEndMs: MINUTE }), restoreTest(2, { ...whole, outcome: 'failed' })],
      },
      expect: { message: 'not-restored', data: { drill: 'test-2', end: 'failed' } },
    },
    { name: 'Never restored', facts, histories: { tests: [] }, expect: { message: 'no-drill' } },
    {
      name: 'A restore test from tomorrow, after one that was fast enough',
      facts,
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: MINUTE }), restoreTest(-1)] },
      expect: { message: 'in-future', data: { drill: 'test--1' } },
    },
    {
      name: 'Without a policy 720 minutes are allowed',
      facts: { asset: ABSENT },
      histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 720 * MINUTE })] },
      expect: { message: 'met', data: { limit: 720 } },
    },
  ],
  absent: { asset: { message: 'met', data: { minutes: 180, limit: 720 } } },
  boundaries: {
    maxMinutes: {
      question: { facts, histories: { tests: [restoreTest(2, { ...whole, endToEndMs: 100 * MINUTE })] } },
      limit: 100,
      at: 'met',
      stricter: 'exceeded',
      laxer: 'met',
    },
  },
} satisfies RuleTest

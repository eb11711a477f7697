import type { CaseHistory, RuleTest } from '@backproof/core/testing'
import { dedupEffective } from '../../src/rules/dedup-effective.js'
import { dailyPoints, pointOf } from '../recovery-point.js'

const GB = 1_000_000_000
const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
const ask = (points: CaseHistory) => ({ histories: { points } })
const stored = (duplicateBytes: number | null, more = {}) => ({
  bytes: 10 * GB,
  duplicateBytes,
  store: 'cloud',
  ...more,
})
const digest = (value: string, algorithm = 'sha256') => ({ digest: { algorithm, value } })

export default {
  rule: dedupEffective,
  cases: [
    {
      name: 'Of ten gigabytes each day one repeats',
      ...ask(dailyPoints(10, () => stored(GB))),
      expect: { message: 'little-repeats', data: { bytes: 100 * GB, percent: 10, maxDuplicatePercent: 20 } },
    },
    {
      name: 'Full backups of each day hold what the one before held',
      ...ask(dailyPoints(4, (ago) => stored(ago === 3 ? 0 : 9 * GB + ago))),
      expect: {
        message: 'repeats',
        data: { bytes: 40 * GB, repeated: 27 * GB + 3, percent: 67.5 },
        evidence: ['point-2', 'point-1', 'point-0', 'point-3'],
      },
    },
    {
      name: 'The same archive is kept three times in one store',
      ...ask(dailyPoints(4, (ago) => stored(null, digest(ago === 3 ? 'aa' : 'bb')))),
      expect: { message: 'repeats', data: { repeated: 20 * GB, percent: 50 } },
    },
    {
      name: 'The same archive is kept in three stores, or has an equal CRC',
      ...ask([
        ...dailyPoints(3, (ago) => stored(null, { ...digest('bb'), store: `store-${ago}` })),
        ...dailyPoints(3, (ago) => ({ ...stored(null, digest('cc', 'crc32c')), id: `crc-${ago}` })),
      ]),
      expect: { message: 'not-measured', data: { untold: 6 } },
    },
    {
      name: 'Of a third nobody knows',
      ...ask(dailyPoints(3, (ago) => stored(ago === 0 ? null : 0))),
      expect: { message: 'not-measured', data: { untold: 1, points: 3 } },
    },
    {
      name: 'Of one nobody knows the size',
      ...ask(dailyPoints(10, (ago) => stored(0, ago === 5 ? { bytes: null } : {}))),
      expect: { message: 'not-measured', data: { untold: 1 } },
    },
    {
      name: 'Of a tenth nobody knows, which does not matter',
      ...ask(dailyPoints(10, (ago) => stored(ago === 0 ? null : 0))),
      expect: { message: 'little-repeats', data: { percent: 10 } },
    },
    {
      name: 'More repeats than there is',
      ...ask(dailyPoints(2, () => stored(50 * GB))),
      expect: { message: 'repeats', data: { repeated: 20 * GB, percent: 100 } },
    },
    {
      name: 'They are empty',
      ...ask(dailyPoints(2, () => stored(null, { bytes: 0 }))),
      expect: { message: 'not-measured', data: { untold: 0 } },
    },
    {
      name: 'The history begins three days ago',
      ...ask({ items: dailyPoints(3, () => stored(0)), from: NOW - 3 * DAY }),
      expect: { message: 'history-short', data: { points: 3, sample: 200 } },
    },
    {
      name: 'One is of tomorrow',
      ...ask([...dailyPoints(3, () => stored(0)), pointOf(-1, stored(0))]),
      expect: { message: 'in-future', data: { id: 'point--1' } },
    },
    { name: 'There are none', ...ask([]), expect: { message: 'no-points' } },
  ],
  boundaries: {
    sample: {
      question: ask(dailyPoints(10, (ago) => stored(ago < 3 ? 0 : 10 * GB))),
      limit: 3,
      at: 'little-repeats',
      stricter: 'repeats',
      laxer: 'little-repeats',
    },
    maxDuplicatePercent: {
      question: ask(dailyPoints(4, () => stored(3 * GB))),
      limit: 30,
      at: 'little-repeats',
      stricter: 'repeats',
      laxer: 'little-repeats',
    },
  },
} satisfies RuleTest

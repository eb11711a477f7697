import type { CaseHistory, RuleTest } from '@backproof/core/testing'
import { compressionEffective } from '../../src/rules/compression-effective.js'
import { dailyPoints, pointOf } from '../recovery-point.js'

const GB = 1_000_000_000
const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
const ask = (points: CaseHistory) => ({ histories: { points } })
const stored = (entropy: number | null, more = {}) => ({ bytes: 10 * GB, entropy, encrypted: false, ...more })

export default {
  rule: compressionEffective,
  cases: [
    {
      name: 'Dumps of a database are compressed',
      ...ask(dailyPoints(10, () => stored(7.98))),
      expect: { message: 'dense', data: { bytes: 100 * GB, percent: 0.3, points: 10, minGainPercent: 20 } },
    },
    {
      name: 'Dumps of a database are stored as they are',
      ...ask(dailyPoints(3, (ago) => stored(ago === 1 ? 4 : 5))),
      expect: {
        message: 'compressible',
        data: { bytes: 30 * GB, saved: 12.5 * GB, percent: 41.6 },
        evidence: ['point-1', 'point-2', 'point-0'],
      },
    },
    {
      name: 'One small recovery point in ten would shrink',
      ...ask(dailyPoints(10, (ago) => (ago === 2 ? stored(2, { bytes: GB }) : stored(7.99)))),
      expect: { message: 'dense' },
    },
    {
      name: 'Encrypted recovery points compress all the same',
      ...ask(dailyPoints(3, () => stored(5, { encrypted: true }))),
      expect: { message: 'compressible' },
    },
    {
      name: 'An entropy of 7.2 bits shows that ten per cent can be saved, and not how much more',
      ...ask(dailyPoints(3, () => stored(7.2))),
      expect: { message: 'between', data: { percent: 9.9 } },
    },
    {
      name: 'Dense, and encrypted',
      ...ask(dailyPoints(3, () => stored(7.9999, { encrypted: true }))),
      expect: { message: 'encrypted', data: { hidden: 30 * GB } },
    },
    {
      name: 'Dense, and nobody says whether that comes of encryption',
      ...ask(dailyPoints(3, () => stored(7.9999, { encrypted: undefined }))),
      expect: { message: 'encrypted', data: { hidden: 30 * GB } },
    },
    {
      name: 'Dense, and encrypted, and that is accepted',
      ...ask(dailyPoints(3, () => stored(8, { encrypted: true }))),
      options: { acceptEncrypted: true },
      expect: { message: 'dense', data: { percent: 0 } },
    },
    {
      name: 'Of a third nobody measured the entropy',
      ...ask(dailyPoints(3, (ago) => stored(ago === 0 ? null : 7.99))),
      expect: { message: 'not-measured', data: { untold: 1, points: 3 } },
    },
    {
      name: 'Of one nobody knows the size',
      ...ask(dailyPoints(10, (ago) => stored(7.99, ago === 5 ? { bytes: null } : {}))),
      expect: { message: 'not-measured', data: { untold: 1 } },
    },
    {
      name: 'Of a tenth nobody measured the entropy, which does not matter',
      ...ask(dailyPoints(10, (ago) => stored(ago === 0 ? null : 7.99))),
      expect: { message: 'dense', data: { percent: 10.2 } },
    },
    {
      name: 'What is measured shows it, whatever the rest may be',
      ...ask(dailyPoints(4, (ago) => stored(ago === 0 ? 1 : null))),
      expect: { message: 'compressible', data: { percent: 21.8 } },
    },
    {
      name: 'Of half the bytes the entropy is known, and it bounds what these save',
      ...ask(dailyPoints(4, () => stored(4, { entropyBytes: 5 * GB }))),
      expect: { message: 'compressible', data: { saved: 10 * GB, percent: 25 } },
    },
    {
      name: 'Of half the bytes the entropy is known, and of the others nothing',
      ...ask(dailyPoints(4, () => stored(7.99, { entropyBytes: 5 * GB }))),
      expect: { message: 'not-measured', data: { untold: 4 } },
    },
    {
      name: 'Of one the entropy of half its bytes is known',
      ...ask(dailyPoints(1, () => stored(7.99, { entropyBytes: 5 * GB }))),
      expect: { message: 'not-measured', data: { untold: 1 } },
    },
    {
      name: 'Of how many bytes the entropy is known nobody says',
      ...ask(dailyPoints(2, () => stored(4, { entropyBytes: null }))),
      expect: { message: 'not-measured', data: { untold: 2 } },
    },
    {
      name: 'Of a tenth of the bytes the entropy is not known, which does not matter',
      ...ask(dailyPoints(4, () => stored(7.99, { entropyBytes: 9 * GB }))),
      expect: { message: 'dense', data: { percent: 10.2 } },
    },
    {
      name: 'Dense as far as it is known, and encrypted',
      ...ask(dailyPoints(4, () => stored(7.99, { entropyBytes: 9 * GB, encrypted: true }))),
      expect: { message: 'not-measured', data: { untold: 4 } },
    },
    {
      name: 'The entropy of more bytes than there are',
      ...ask(dailyPoints(4, () => stored(6, { entropyBytes: 90 * GB }))),
      expect: { message: 'compressible', data: { saved: 10 * GB, percent: 25 } },
    },
    {
      name: 'They are empty',
      ...ask(dailyPoints(2, () => stored(null, { bytes: 0 }))),
      expect: { message: 'not-measured', data: { untold: 0 } },
    },
    {
      name: 'Since last week they are compressed, and the newest three are asked about',
      ...ask(dailyPoints(10, (ago) => stored(ago < 3 ? 7.99 : 4))),
      options: { sample: 3 },
      expect: { message: 'dense', data: { points: 3 } },
    },
    {
      name: 'The history begins three days ago',
      ...ask({ items: dailyPoints(3, () => stored(7.99)), from: NOW - 3 * DAY }),
      expect: { message: 'history-short', data: { points: 3, sample: 50 } },
    },
    {
      name: 'One is of tomorrow',
      ...ask([...dailyPoints(3, () => stored(7.99)), pointOf(-1, stored(7.99))]),
      expect: { message: 'in-future', data: { id: 'point--1' } },
    },
    { name: 'There are none', ...ask([]), expect: { message: 'no-points' } },
  ],
  boundaries: {
    sample: {
      question: ask(dailyPoints(10, (ago) => stored(ago < 3 ? 7.99 : 0))),
      limit: 3,
      at: 'dense',
      stricter: 'compressible',
      laxer: 'dense',
    },
    minGainPercent: {
      question: ask(dailyPoints(4, () => stored(6))),
      limit: 25,
      at: 'between',
      stricter: 'compressible',
      laxer: 'between',
    },
    denseEntropy: {
      question: ask(dailyPoints(4, () => stored(7.8))),
      limit: 7.8,
      at: 'dense',
      stricter: 'between',
      laxer: 'dense',
    },
  },
} satisfies RuleTest

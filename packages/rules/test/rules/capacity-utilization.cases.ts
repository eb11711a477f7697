import type { CapacitySample } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { capacityUtilization } from '../../src/rules/capacity-utilization.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const TB = 1_000_000_000_000
const sample = (usedBytes: number, more: Partial<CapacitySample> = {}): CapacitySample => ({
  store: 'basement',
  at: NOW - HOUR,
  usedBytes,
  limitBytes: 10 * TB,
  ...more,
})
const target = { id: 'basement' }
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const
const ask = (...samples: CapacitySample[]) => ({ target, facts: { store: absent }, histories: { samples } })

export default {
  rule: capacityUtilization,
  cases: [
    {
      name: 'Seven of ten terabytes are used',
      ...ask(sample(7 * TB)),
      expect: {
        message: 'within',
        subject: 'bytes',
        data: { percent: 70, used: 7 * TB, limit: 10 * TB, limitFrom: 'sample' },
        evidence: ['basement'],
      },
    },
    {
      name: 'Exactly 80 % are used',
      ...ask(sample(8 * TB)),
      expect: { message: 'within', subject: 'bytes', data: { percent: 80 } },
    },
    {
      name: 'One byte more than 80 % is used',
      ...ask(sample(8 * TB + 1)),
      expect: { message: 'above-warning', subject: 'bytes', data: { percent: 80.01 }, evidence: ['basement'] },
    },
    {
      name: 'It is nearly full',
      ...ask(sample(9.3 * TB)),
      expect: { message: 'nearly-full', subject: 'bytes', data: { percent: 93 } },
    },
    {
      name: 'More is used than there is room for',
      ...ask(sample(10.5 * TB)),
      expect: { message: 'nearly-full', subject: 'bytes', data: { percent: 105 } },
    },
    {
      name: 'It was nearly full, and was cleared',
      ...ask(sample(9.5 * TB, { at: NOW - 30 * HOUR }), sample(4 * TB)),
      expect: { message: 'within', subject: 'bytes', data: { percent: 40 } },
    },
    {
      name: 'There is room for bytes, but not for files',
      ...ask(sample(3 * TB, { usedObjects: 8_700_000, limitObjects: 10_000_000 })),
      expect: [
        { message: 'within', subject: 'bytes' },
        { message: 'above-warning', subject: 'objects', data: { percent: 87 } },
      ],
    },
    {
      name: 'A sample before told the limit, and the newest does not',
      ...ask(sample(6 * TB, { at: NOW - 30 * HOUR }), sample(7 * TB, { limitBytes: null })),
      expect: { message: 'limit-lost', subject: 'bytes', data: { resource: 'bytes' }, evidence: ['basement'] },
    },
    {
      name: 'The newest sample does not tell the limit, which may be tighter than the quota',
      target,
      facts: { store: { id: 'basement', quotaBytes: 20 * TB } },
      histories: { samples: [sample(9 * TB, { at: NOW - 30 * HOUR }), sample(9.5 * TB, { limitBytes: null })] },
      expect: { message: 'limit-lost', subject: 'bytes' },
    },
    {
      name: 'The newest sample does not tell the limit, and more is used than the quota allows',
      target,
      facts: { store: { id: 'basement', quotaBytes: 10 * TB } },
      histories: { samples: [sample(9 * TB, { at: NOW - 30 * HOUR }), sample(9.5 * TB, { limitBytes: null })] },
      expect: { message: 'nearly-full', subject: 'bytes', data: { limitFrom: 'policy' } },
    },
    {
      name: 'The newest sample no longer tells of inodes',
      ...ask(sample(3 * TB, { at: NOW - 30 * HOUR, usedObjects: 9_700_000, limitObjects: 10_000_000 }), sample(3 * TB)),
      expect: [
        { message: 'within', subject: 'bytes' },
        { message: 'limit-lost', subject: 'objects' },
      ],
    },
    {
      name: 'Inodes are nobody’s concern',
      ...ask(sample(3 * TB, { usedObjects: 8_700_000, limitObjects: 10_000_000 })),
      options: { inodes: false },
      expect: { message: 'within', subject: 'bytes' },
    },
    {
      name: 'Nobody says how many of the inodes are used',
      ...ask(sample(3 * TB, { limitObjects: 10_000_000 })),
      expect: [
        { message: 'within', subject: 'bytes' },
        { message: 'use-unknown', subject: 'objects' },
      ],
    },
    {
      name: 'The policy allows a bucket less than is used',
      ...ask(sample(4.5 * TB, { limitBytes: null })),
      facts: { store: { id: 'basement', quotaBytes: 5 * TB } },
      expect: { message: 'above-warning', subject: 'bytes', data: { percent: 90, limitFrom: 'policy' } },
    },
    {
      name: 'The quota is larger than the disk',
      ...ask(sample(8.5 * TB)),
      facts: { store: { id: 'basement', quotaBytes: 20 * TB } },
      expect: { message: 'above-warning', subject: 'bytes', data: { percent: 85, limitFrom: 'sample' } },
    },
    {
      name: 'A bucket without a quota',
      ...ask(sample(4.5 * TB, { limitBytes: null })),
      expect: { message: 'no-limit', subject: 'bytes' },
    },
    {
      name: 'A file system of no size',
      ...ask(sample(0, { limitBytes: 0 })),
      expect: { message: 'no-number', subject: 'bytes' },
    },
    { name: 'Nobody has looked', ...ask(), expect: { message: 'no-sample' } },
    {
      name: 'Nobody has looked for three days',
      ...ask(sample(1 * TB, { at: NOW - 72 * HOUR })),
      expect: { message: 'stale', data: { days: 3, limit: 2 } },
    },
    {
      name: 'The only sample comes from the future',
      ...ask(sample(1 * TB, { at: NOW + HOUR })),
      expect: { message: 'in-future' },
    },
    {
      name: 'A later sample comes from the future',
      ...ask(sample(1 * TB), sample(1 * TB, { at: NOW + HOUR })),
      expect: { message: 'in-future', subject: 'bytes' },
    },
    {
      name: 'It is too full whatever a sample from the future says',
      ...ask(sample(9 * TB), sample(1 * TB, { at: NOW + HOUR })),
      expect: { message: 'above-warning', subject: 'bytes' },
    },
    {
      name: 'Two clocks are four minutes apart',
      ...ask(sample(1 * TB, { at: NOW + 4 * 60_000 })),
      expect: { message: 'within', subject: 'bytes' },
    },
  ],
  absent: { store: { message: 'within', subject: 'bytes' } },
  boundaries: {
    warnPercent: {
      question: ask(sample(7 * TB)),
      limit: 70,
      at: 'within',
      stricter: 'above-warning',
      laxer: 'within',
    },
    failPercent: {
      question: ask(sample(9.5 * TB)),
      limit: 95,
      at: 'above-warning',
      stricter: 'nearly-full',
      laxer: 'above-warning',
    },
    maxSampleAge: {
      question: ask(sample(1 * TB, { at: NOW - 30 * HOUR })),
      limit: 30 * HOUR,
      at: 'within',
      stricter: 'stale',
      laxer: 'within',
    },
  },
} satisfies RuleTest

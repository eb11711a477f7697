import type { CapacitySample } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { capacityRunway } from '../../src/rules/capacity-runway.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const GB = 1_000_000_000

/** A sample a day, the last of them now: gigabytes used, by days before now. */
const daily = (
  count: number,
  used: (ago: number) => number,
  more: (ago: number) => Partial<CapacitySample> = () => ({}),
): CapacitySample[] =>
  Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index
    return { store: 'basement', at: NOW - ago * DAY, usedBytes: used(ago) * GB, limitBytes: 1_000 * GB, ...more(ago) }
  })
const target = { id: 'basement' }
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const
const ask = (samples: CapacitySample[]) => ({ target, facts: { store: absent }, histories: { samples } })

export default {
  rule: capacityRunway,
  cases: [
    {
      name: 'It grows by one gigabyte a day and has 500 left',
      ...ask(daily(30, (ago) => 500 - ago)),
      expect: { message: 'enough', subject: 'bytes', data: { days: 500, samples: 30, perDay: GB } },
    },
    {
      name: 'It grows by ten gigabytes a day and has 500 left',
      ...ask(daily(30, (ago) => 500 - 10 * ago)),
      expect: {
        message: 'too-short',
        subject: 'bytes',
        data: { days: 50, full: '2026-12-21', from: '2026-10-03T12:00:00.000Z' },
      },
    },
    {
      name: 'One day on which much was written, and removed, is no trend',
      ...ask(daily(30, (ago) => (ago === 10 ? 900 : 500 - ago))),
      expect: { message: 'enough', subject: 'bytes', data: { days: 500 } },
    },
    {
      name: 'Every week much is removed, and it grows all the same',
      ...ask(daily(84, (ago) => 700 - 5 * ago - 20 * (ago % 7))),
      expect: { message: 'too-short', subject: 'bytes' },
    },
    {
      name: 'The newest sample does not tell the limit',
      ...ask(
        daily(
          30,
          (ago) => 500 - ago,
          (ago) => (ago === 0 ? { limitBytes: null } : {}),
        ),
      ),
      expect: { message: 'limit-lost', subject: 'bytes' },
    },
    {
      name: 'The newest sample does not tell the limit, and the quota is far away',
      target,
      facts: { store: { id: 'basement', quotaBytes: 2_000 * GB } },
      histories: {
        samples: daily(
          30,
          (ago) => 500 - ago,
          (ago) => (ago === 0 ? { limitBytes: null } : {}),
        ),
      },
      expect: { message: 'limit-lost', subject: 'bytes' },
    },
    {
      name: 'It shrinks',
      ...ask(daily(30, (ago) => 500 + ago)),
      expect: { message: 'not-growing', subject: 'bytes', data: { perDay: -GB } },
    },
    {
      name: 'Its use does not change',
      ...ask(daily(30, () => 500)),
      expect: { message: 'not-growing', subject: 'bytes', data: { perDay: 0 } },
    },
    {
      name: 'It shrinks, and is full all the same',
      ...ask(daily(30, (ago) => 1_000 + ago)),
      expect: { message: 'full', subject: 'bytes' },
    },
    {
      name: 'Bytes last, inodes do not',
      ...ask(
        daily(
          30,
          () => 500,
          (ago) => ({ usedObjects: 9_000 - 100 * ago, limitObjects: 10_000 }),
        ),
      ),
      expect: [
        { message: 'not-growing', subject: 'bytes' },
        { message: 'too-short', subject: 'objects', data: { days: 10 } },
      ],
    },
    {
      name: 'Inodes are nobody’s concern',
      ...ask(
        daily(
          30,
          () => 500,
          (ago) => ({ usedObjects: 9_000 - 100 * ago, limitObjects: 10_000 }),
        ),
      ),
      options: { inodes: false },
      expect: { message: 'not-growing', subject: 'bytes' },
    },
    {
      name: 'How many inodes are used is known since yesterday',
      ...ask(
        daily(
          30,
          () => 500,
          (ago) => (ago < 2 ? { usedObjects: 10, limitObjects: 10_000 } : {}),
        ),
      ),
      expect: [
        { message: 'not-growing', subject: 'bytes' },
        { message: 'too-few', subject: 'objects', data: { samples: 2, span: 1 } },
      ],
    },
    {
      name: 'Nobody says how many of the inodes are used',
      ...ask(
        daily(
          30,
          () => 500,
          () => ({ limitObjects: 10_000 }),
        ),
      ),
      expect: [
        { message: 'not-growing', subject: 'bytes' },
        { message: 'use-unknown', subject: 'objects' },
      ],
    },
    {
      name: 'Thirteen days of samples',
      ...ask(daily(13, (ago) => 500 - ago)),
      expect: { message: 'too-few', subject: 'bytes', data: { samples: 13, span: 12 } },
    },
    {
      name: 'A thousand samples of one day',
      ...ask(
        Array.from({ length: 1_000 }, (_, at) => ({
          store: 'basement',
          at: NOW - DAY + at * 60_000,
          usedBytes: 500 * GB,
          limitBytes: 1_000 * GB,
        })),
      ),
      expect: { message: 'too-few', subject: 'bytes' },
    },
    {
      name: 'A bucket grows towards its quota',
      ...ask(
        daily(
          30,
          (ago) => 500 - ago,
          () => ({ limitBytes: null }),
        ),
      ),
      facts: { store: { id: 'basement', quotaBytes: 560 * GB } },
      expect: { message: 'too-short', subject: 'bytes', data: { days: 60 } },
    },
    {
      name: 'A bucket without a quota',
      ...ask(
        daily(
          30,
          (ago) => 500 - ago,
          () => ({ limitBytes: null }),
        ),
      ),
      expect: { message: 'no-limit', subject: 'bytes' },
    },
    {
      name: 'A file system of no size',
      ...ask(
        daily(
          30,
          () => 0,
          () => ({ limitBytes: 0 }),
        ),
      ),
      expect: { message: 'no-number', subject: 'bytes' },
    },
    { name: 'Nobody has looked', ...ask([]), expect: { message: 'no-sample' } },
    {
      name: 'Nobody has looked for a week',
      ...ask(daily(40, (ago) => 500 - ago).filter(({ at }) => at <= NOW - 7 * DAY)),
      expect: { message: 'stale', data: { days: 7 } },
    },
    {
      name: 'A sample comes from the future',
      ...ask([...daily(30, (ago) => 500 - ago), { store: 'basement', at: NOW + HOUR, usedBytes: 1 }]),
      expect: { message: 'in-future', subject: 'bytes' },
    },
    {
      name: 'It fills too fast whatever a sample from the future says',
      ...ask([...daily(30, (ago) => 500 - 10 * ago), { store: 'basement', at: NOW + HOUR, usedBytes: 1 }]),
      expect: { message: 'too-short', subject: 'bytes' },
    },
  ],
  absent: { store: { message: 'enough', subject: 'bytes' } },
  boundaries: {
    minDays: {
      question: ask(daily(30, (ago) => 900 - ago)),
      limit: 100,
      at: 'enough',
      stricter: 'too-short',
      laxer: 'enough',
    },
    windowDays: {
      question: ask([
        ...daily(30, (ago) => 500 - ago).filter(({ at }) => at < NOW - 28 * DAY),
        ...daily(13, (ago) => 500 - ago),
      ]),
      limit: 29,
      at: 'enough',
      stricter: 'enough',
      laxer: 'too-few',
    },
    minSamples: {
      question: ask(daily(20, (ago) => 500 - ago)),
      limit: 20,
      at: 'enough',
      stricter: 'too-few',
      laxer: 'enough',
    },
    minSpanDays: {
      question: ask(daily(20, (ago) => 500 - ago)),
      limit: 19,
      at: 'enough',
      stricter: 'too-few',
      laxer: 'enough',
    },
    maxSampleAge: {
      question: ask(daily(30, (ago) => 500 - ago).filter(({ at }) => at <= NOW - DAY)),
      limit: DAY,
      at: 'enough',
      stricter: 'stale',
      laxer: 'enough',
    },
  },
} satisfies RuleTest

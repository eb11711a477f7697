import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { checksumRecorded } from '../../src/rules/checksum-recorded.js'
import { DAY, NOW } from '../restore-test.js'

const SHA = 'ab'.repeat(32)
/** A recovery point of so many days ago, with a digest. */
const point = (daysAgo: number, algorithm: string | null = 'sha256', value: string = SHA): RecoveryPoint => ({
  id: `shop-${daysAgo}d`,
  asset: 'shop',
  created: NOW - daysAgo * DAY,
  complete: true,
  digest: algorithm === null ? null : { algorithm, value },
})
const ask = (...points: RecoveryPoint[]) => ({ histories: { points } })

export default {
  rule: checksumRecorded,
  cases: [
    {
      name: 'Each has a SHA-256, SHA-512 or BLAKE3, however that is spelled',
      ...ask(point(3, 'SHA-256'), point(2, 'sha512', SHA + SHA), point(1, 'Blake3')),
      expect: { message: 'recorded', data: { points: 3 } },
    },
    {
      name: 'One has a checksum that a service computed',
      ...ask(point(2), point(1, 'CRC64NVME', '0011223344556677')),
      expect: { message: 'recorded' },
    },
    {
      name: 'One has a checksum that a service computed, and those do not count',
      ...ask(point(2), point(1, 'crc32c', '00112233')),
      options: { allowProviderChecksum: false },
      expect: {
        message: 'weak',
        data: { weak: 1, points: 2, id: 'shop-1d', algorithm: 'crc32c', created: '2026-10-31T12:00:00.000Z' },
        evidence: ['shop-1d'],
      },
    },
    {
      name: 'One has the ETag of an upload in parts',
      ...ask(point(2), point(1, 'md5', `${'0f'.repeat(16)}-12`)),
      expect: { message: 'weak', data: { algorithm: 'md5' } },
    },
    {
      name: 'The digest is one of digests of parts',
      ...ask(point(1, 'sha256', `${SHA}-3`)),
      expect: { message: 'weak' },
    },
    {
      name: 'Half of a digest is none, nor is a part of a checksum',
      ...ask(point(2, 'sha256', SHA.slice(0, 32)), point(1, 'crc64nvme', '00112233')),
      expect: { message: 'weak', data: { weak: 2, characters: 32 }, evidence: ['shop-2d', 'shop-1d'] },
    },
    {
      name: 'The digest is no digest',
      ...ask(point(1, 'sha256', 'see the manifest')),
      expect: { message: 'weak' },
    },
    {
      name: 'An algorithm that nobody asked for',
      ...ask(point(1, 'xxh3-64', '0011223344556677')),
      expect: { message: 'weak', data: { algorithm: 'xxh3-64' } },
    },
    {
      name: 'An algorithm that is asked for',
      ...ask(point(1, 'sha3-256')),
      options: { algorithms: ['SHA3-256'] },
      expect: { message: 'recorded' },
    },
    {
      name: 'Nobody tells a digest of one of them',
      ...ask(point(3), point(2, null), point(1)),
      expect: {
        message: 'not-told',
        data: { untold: 1, points: 3, id: 'shop-2d', created: '2026-10-30T12:00:00.000Z' },
        evidence: ['shop-2d'],
      },
    },
    {
      name: 'One is weak, of another nobody tells',
      ...ask(point(2, null), point(1, 'xxh64', '0011223344556677')),
      expect: { message: 'weak', data: { weak: 1, untold: 1, id: 'shop-1d' } },
    },
    {
      name: 'Twenty-one without',
      ...ask(...Array.from({ length: 21 }, (_, i) => point(21 - i, 'none', ''))),
      expect: {
        message: 'weak',
        data: { weak: 21, id: 'shop-21d' },
        evidence: Array.from({ length: 20 }, (_, i) => `shop-${21 - i}d`),
      },
    },
    {
      name: 'One is dated tomorrow',
      ...ask(point(1), point(-1)),
      expect: { message: 'in-future', data: { ahead: 1, id: 'shop--1d' }, evidence: ['shop--1d'] },
    },
    {
      name: 'The incomplete one does not count',
      ...ask(point(2), { ...point(1, null), complete: false }),
      expect: { message: 'recorded', data: { points: 1 } },
    },
    {
      name: 'The history begins a week ago, and older ones may be there',
      histories: { points: { items: [point(2)], from: NOW - 7 * DAY } },
      expect: { message: 'history-short', data: { from: '2026-10-25T12:00:00.000Z' } },
    },
    {
      name: 'The history begins a week ago, and that is what is asked about',
      histories: { points: { items: [point(2)], from: NOW - 7 * DAY } },
      options: { windowDays: 7 },
      expect: { message: 'recorded' },
    },
    {
      name: 'An old one without, before the days that are asked about',
      ...ask(point(30, null), point(1)),
      options: { windowDays: 20 },
      expect: { message: 'recorded', data: { points: 1 } },
    },
    { name: 'There is none', ...ask(), expect: { message: 'no-points' } },
  ],
  boundaries: {
    windowDays: {
      question: ask(point(30.5, 'none', ''), point(1)),
      limit: 31,
      at: 'weak',
      stricter: 'weak',
      laxer: 'recorded',
    },
  },
} satisfies RuleTest

import type { Asset } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { recoveryPointFresh } from '../../src/rules/recovery-point-fresh.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const MINUTE = 60_000
/** A recovery point of so many hours ago. */
const point = (hours: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `shop-${hours}h`,
  asset: 'shop',
  created: NOW - hours * HOUR,
  complete: true,
  ...more,
})
const policy: Asset = { id: 'shop', plans: [], copies: [], rpo: 4 * HOUR }
const ask = (...points: RecoveryPoint[]) => ({ facts: { policy }, histories: { points } })
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const

export default {
  rule: recoveryPointFresh,
  cases: [
    {
      name: 'The newest is three hours old, and four are allowed',
      ...ask(point(27), point(3)),
      expect: {
        message: 'fresh',
        data: { id: 'shop-3h', created: '2026-11-01T09:00:00.000Z', ageHours: 3, limitHours: 4 },
        evidence: ['shop-3h'],
      },
    },
    {
      name: 'Exactly as old as allowed',
      ...ask(point(4)),
      expect: { message: 'fresh', data: { ageHours: 4 } },
    },
    {
      name: 'One minute older than the RPO',
      ...ask(point(4 + 1 / 60)),
      expect: {
        message: 'stale',
        data: { ageHours: 4.1, limitHours: 4, until: '2026-11-01T12:00:00.000Z' },
        evidence: ['shop-4.016666666666667h'],
      },
    },
    {
      name: 'Without a policy a day is allowed',
      histories: { points: [point(23)] },
      facts: { policy: absent },
      expect: { message: 'fresh', data: { limitHours: 24 } },
    },
    {
      name: 'The option beats the RPO of the policy',
      ...ask(point(3)),
      options: { maxAge: '2h' },
      expect: { message: 'stale', data: { limitHours: 2 } },
    },
    {
      name: 'The newest is incomplete, the one before is too old',
      ...ask(point(20), point(1, { complete: false })),
      expect: { message: 'stale', data: { id: 'shop-20h' }, evidence: ['shop-20h', 'shop-1h'] },
    },
    {
      name: 'The key of the newest was destroyed',
      ...ask(point(20), point(1, { keyUsable: false })),
      expect: { message: 'stale', evidence: ['shop-20h', 'shop-1h'] },
    },
    {
      name: 'The newest is incomplete, the one before is young enough',
      ...ask(point(3), point(1, { complete: false })),
      expect: { message: 'fresh', data: { id: 'shop-3h' } },
    },
    {
      name: 'Nothing was ever backed up',
      ...ask(),
      expect: { message: 'none', data: { limitHours: 4 } },
    },
    {
      name: 'All there is cannot be used',
      ...ask(point(2, { complete: false }), point(1, { keyUsable: false })),
      expect: { message: 'none' },
    },
    {
      name: 'Put under backup an hour ago',
      histories: { points: [] },
      facts: { policy: { ...policy, since: NOW - HOUR } },
      expect: { message: 'not-due', data: { since: '2026-11-01T11:00:00.000Z' } },
    },
    {
      name: 'Put under backup five hours ago, and nothing since',
      histories: { points: [] },
      facts: { policy: { ...policy, since: NOW - 5 * HOUR } },
      expect: { message: 'none' },
    },
    {
      name: 'Nobody says whether the newest is complete',
      ...ask(point(30), point(1, { complete: null })),
      expect: { message: 'not-known-usable', data: { id: 'shop-1h' }, evidence: ['shop-1h'] },
    },
    {
      name: 'Nobody says whether the newest is complete, and that is accepted',
      ...ask(point(1, { complete: null })),
      options: { acceptUnmarked: true },
      expect: { message: 'fresh', data: { id: 'shop-1h' } },
    },
    {
      name: 'What nobody can vouch for is too old as well',
      ...ask(point(30), point(5, { complete: null })),
      expect: { message: 'stale', data: { id: 'shop-5h' }, evidence: ['shop-5h'] },
    },
    {
      name: 'It needs a key, and nobody says whether that can be used',
      ...ask(point(1, { keyUsable: null })),
      expect: { message: 'not-known-usable', data: { id: 'shop-1h' } },
    },
    {
      name: 'A digest is asked for, and none was recorded',
      ...ask(point(1, { digest: null })),
      options: { requireDigest: true },
      expect: { message: 'not-known-usable' },
    },
    {
      name: 'A digest is asked for, and there is one',
      ...ask(point(1, { digest: { algorithm: 'sha256', value: 'ab'.repeat(32) } })),
      options: { requireDigest: true },
      expect: { message: 'fresh' },
    },
    {
      name: 'It names its key, and nobody says whether that can be used',
      ...ask(point(1, { key: 'shop-2026' })),
      expect: { message: 'not-known-usable', evidence: ['shop-1h'] },
    },
    {
      name: 'A clock that is five minutes ahead is borne with',
      histories: { points: [point(0, { created: NOW + 5 * MINUTE })] },
      facts: { policy },
      expect: { message: 'fresh', data: { ageHours: 0 } },
    },
    {
      name: 'The only one is dated tomorrow',
      ...ask(point(-24)),
      expect: { message: 'in-future', data: { id: 'shop--24h' }, evidence: ['shop--24h'] },
    },
    {
      name: 'The history ends six hours ago',
      facts: { policy },
      histories: { points: { items: [point(7)], observedAt: NOW - 6 * HOUR } },
      expect: { message: 'not-observed', data: { until: '2026-11-01T06:00:00.000Z' }, evidence: ['shop-7h'] },
    },
    {
      name: 'The first one became due after the history had ended',
      facts: { policy: { ...policy, since: NOW - 5 * HOUR } },
      histories: { points: { items: [], observedAt: NOW - 6 * HOUR } },
      expect: { message: 'not-observed' },
    },
    {
      name: 'It was too old already when the history ended',
      facts: { policy },
      histories: { points: { items: [point(11)], observedAt: NOW - 6 * HOUR } },
      expect: { message: 'stale', data: { ageHours: 5, until: '2026-11-01T06:00:00.000Z' } },
    },
    {
      name: 'The history begins two hours ago',
      facts: { policy },
      histories: { points: { items: [], from: NOW - 2 * HOUR } },
      expect: { message: 'history-short', data: { from: '2026-11-01T10:00:00.000Z' } },
    },
    {
      name: 'Too old, but recovery points are missing from the history',
      facts: { policy },
      histories: { points: { items: [point(30)], partial: true } },
      expect: { message: 'items-missing' },
    },
  ],
  absent: { policy: { message: 'fresh', data: { limitHours: 24 } } },
  boundaries: {
    maxAge: {
      question: { ...ask(point(6)) },
      limit: 6 * HOUR,
      at: 'fresh',
      stricter: 'stale',
      laxer: 'fresh',
    },
  },
} satisfies RuleTest

import type { Review } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { copyAirGapped } from '../../src/rules/copy-air-gapped.js'
import { askCopies, pointIn, S3, TAPE } from '../copies-of-shop.js'
import { DAY, NOW } from '../restore-test.js'

const HOUR = 3_600_000
const VAULT = { ...S3, id: 'vault', airGapped: true }
const locked = (hours: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint =>
  pointIn('vault', hours, { lockedUntil: NOW + 30 * DAY, lockMode: 'compliance', ...more })
const open = (hours: number): RecoveryPoint => pointIn('vault', hours, { lockedUntil: NOW - DAY })
const reviewed = (daysAgo: number, more: Partial<Review> = {}) => ({
  reviews: [{ kind: 'media', at: NOW - daysAgo * DAY, by: 'keeper', ...more }],
})
const onTape = (...parts: [policy?: ReturnType<typeof reviewed>]) =>
  askCopies([TAPE], [pointIn('tape', 3, { lockedUntil: NOW - DAY })], {}, parts[0] ?? {})

export default {
  rule: copyAirGapped,
  cases: [
    {
      name: 'A vault of its own, locked',
      ...askCopies([S3, VAULT], [pointIn('s3', 1), locked(3)]),
      expect: {
        message: 'air-gapped',
        data: { store: 'vault', created: '2026-11-01T09:00:00.000Z', how: 'which nobody can remove' },
        evidence: ['vault'],
      },
    },
    {
      name: 'The newest in the vault is not locked yet, the one before is',
      ...askCopies([VAULT], [locked(6), open(1)]),
      expect: { message: 'air-gapped', data: { created: '2026-11-01T06:00:00.000Z' } },
    },
    {
      name: 'A tape in custody, inspected in spring',
      ...onTape(reviewed(200)),
      expect: {
        message: 'air-gapped',
        data: { store: 'tape', how: 'on media that were in custody at 2026-04-15T12:00:00.000Z' },
      },
    },
    {
      name: 'A tape in custody, the record names it',
      ...onTape(reviewed(10, { scope: 'tape' })),
      expect: { message: 'air-gapped' },
    },
    {
      name: 'A tape in custody, the record names it among others',
      ...onTape(reviewed(10, { scope: 'discs, tape' })),
      expect: { message: 'air-gapped' },
    },
    {
      name: 'Nobody signed the record',
      ...onTape(reviewed(10, { by: ' ' })),
      expect: { message: 'unprotected' },
    },
    {
      name: 'The record is about other media',
      ...onTape(reviewed(10, { scope: 'discs' })),
      expect: { message: 'unprotected', evidence: ['production', 'tape'] },
    },
    {
      name: 'A review of access is no record of custody',
      ...onTape(reviewed(10, { kind: 'access' })),
      expect: { message: 'unprotected' },
    },
    {
      name: 'The record of custody is of next year',
      ...onTape(reviewed(-70)),
      expect: { message: 'unprotected' },
    },
    {
      name: 'Nobody has seen the tape for two years',
      ...onTape(reviewed(730)),
      expect: { message: 'unprotected', data: { custodySince: '2025-11-01T12:00:00.000Z' } },
    },
    {
      name: 'An object store is in nobody’s custody',
      ...askCopies([VAULT], [open(3)], {}, reviewed(10)),
      expect: { message: 'unprotected', evidence: ['production', 'vault'] },
    },
    {
      name: 'In custody, and nobody says what the store is made of',
      ...askCopies([{ ...VAULT, media: undefined }], [open(3)], {}, reviewed(10)),
      expect: { message: 'not-known', data: { why: 'vault: nobody says whether it can be removed' } },
    },
    {
      name: 'The lock can be lifted by those who may',
      ...askCopies([VAULT], [locked(3, { lockMode: 'governance' })]),
      expect: { message: 'unprotected' },
    },
    {
      name: 'Nobody says in which mode the lock is',
      ...askCopies([VAULT], [locked(3, { lockMode: null })]),
      expect: { message: 'not-known' },
    },
    {
      name: 'Nobody says whether it is locked',
      ...askCopies([VAULT], [pointIn('vault', 3)]),
      expect: { message: 'not-known', data: { why: 'vault: nobody says whether it can be removed' } },
    },
    {
      name: 'The vault has not been written to for two days',
      ...askCopies([S3, VAULT], [locked(48), pointIn('s3', 1)]),
      expect: { message: 'late', data: { limitHours: 24 }, evidence: ['production', 's3', 'vault'] },
    },
    {
      name: 'A vault that is written to once a week, as is asked for',
      ...askCopies([VAULT], [locked(48)]),
      options: { maxAge: '8d' },
      expect: { message: 'air-gapped' },
    },
    {
      name: 'The store is locked, and not air-gapped',
      ...askCopies([{ ...VAULT, airGapped: false }], [locked(3)]),
      expect: { message: 'no-store', evidence: ['production', 'vault'] },
    },
    {
      name: 'The policy does not know the store',
      ...askCopies([], [locked(3)]),
      expect: { message: 'not-known', data: { why: 'the policy does not know the store vault' } },
    },
    {
      name: 'Nobody says whether what is in the vault is complete',
      ...askCopies([VAULT], [locked(3, { complete: null })]),
      expect: {
        message: 'not-known',
        data: { why: 'vault: nobody vouches for its newest recovery point (unmarked)' },
      },
    },
    {
      name: 'The vault holds a copy that the policy names, and nobody tells what',
      ...askCopies([VAULT], [], { copies: [{ uri: 's3://vault/shop/', store: 'vault' }] }),
      expect: { message: 'not-known', data: { why: 'vault: nobody tells what it holds' } },
    },
    {
      name: 'A tape is on its way, and nobody tells what it holds',
      ...askCopies([TAPE], [], { copies: [{ uri: 'tape:shop', store: 'tape' }] }, reviewed(10)),
      expect: { message: 'not-known', data: { why: 'tape: nobody tells what it holds' } },
    },
    {
      name: 'The vault is broken, and the copy that is asked for may be among recovery points that are missing',
      ...askCopies([VAULT], []),
      histories: { points: { items: [open(3)], partial: true } },
      expect: { message: 'not-known', data: { why: 'recovery points are missing from the history' } },
    },
    {
      name: 'The history ended ten hours ago, when the copy was young enough',
      ...askCopies([VAULT], []),
      histories: { points: { items: [locked(30)], observedAt: NOW - 10 * HOUR } },
      expect: { message: 'not-known', data: { why: 'vault: the history ends at 2026-11-01T02:00:00.000Z' } },
    },
    {
      name: 'Put under backup an hour ago',
      ...askCopies([S3], [pointIn('s3', 1)], { since: NOW - HOUR }),
      expect: { message: 'not-due' },
    },
  ],
  absent: {
    asset: { message: 'air-gapped' },
    policy: { message: 'not-known' },
  },
  boundaries: {
    maxAge: {
      question: askCopies([VAULT], [locked(6)]),
      limit: 6 * HOUR,
      at: 'air-gapped',
      stricter: 'late',
      laxer: 'air-gapped',
    },
    custodyMaxAgeDays: {
      question: onTape(reviewed(100)),
      limit: 100,
      at: 'air-gapped',
      stricter: 'unprotected',
      laxer: 'air-gapped',
    },
  },
} satisfies RuleTest

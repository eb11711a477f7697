import type { Asset, Policy, Store } from '@backproof/core/audit'
import type { Drill, ProofReport, RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { threeTwoOneOneZero } from '../../src/rules/three-two-one-one-zero.js'
import { AZURE, askCopies, PRODUCTION, pointIn, S3 } from '../copies-of-shop.js'
import { side, verified } from '../proof/report.js'
import { DAY, NOW, restoreTest } from '../restore-test.js'

const HOUR = 3_600_000
const URI = 's3://backups/shop/'
const OTHER = 'azblob://backups/shop/'
const LOCK = { lockedUntil: NOW + 30 * DAY, lockMode: 'compliance' } as const
const COPIES: Asset['copies'] = [
  { uri: URI, store: 's3' },
  { uri: OTHER, store: 'azure' },
]
const PROOFS = [verified(URI, { match: 1_000 }), verified(OTHER, { match: 1_000 }, { name: 'azure.json' })]

interface Parts {
  readonly stores?: readonly Store[]
  readonly points?: readonly RecoveryPoint[]
  readonly asset?: Partial<Asset>
  readonly policy?: Partial<Policy>
  readonly reports?: readonly ProofReport[]
  readonly tests?: readonly Drill[]
}

/** As it should be: production on a disk, copies on S3, which is locked, and on Azure; both proven, and restored. */
const ask = ({
  stores = [S3, AZURE],
  points = [pointIn('s3', 1, LOCK), pointIn('azure', 1)],
  asset = {},
  policy = {},
  reports = PROOFS,
  tests = [restoreTest(20)],
}: Parts = {}) => {
  const { facts, histories } = askCopies(stores, points, { copies: COPIES, ...asset }, policy)
  return { facts: { ...facts, reports }, histories: { ...histories, tests } }
}

/** All five rows, some of them other than they should be. */
const rows = (other: Readonly<Record<string, object>> = {}) =>
  Object.entries({
    copies: { message: 'copies-enough' },
    media: { message: 'media-enough' },
    offsite: { message: 'offsite-enough' },
    immutable: { message: 'immutable-enough' },
    errors: { message: 'no-errors' },
    ...other,
  }).map(([subject, row]) => ({ subject, ...(row as { readonly message: string }) }))

const PLACES = ['production', 'azure', 's3']
const bad = (name: string, most: number, evidence = PLACES) => ({
  [name]: { message: `${name}-few`, data: { most }, evidence },
})
const unknown = (name: string, why: string, least?: number) => ({
  [name]: { message: `${name}-not-known`, data: { why, ...(least !== undefined && { least }) } },
})

export default {
  rule: threeTwoOneOneZero,
  cases: [
    {
      name: 'All is as it should be',
      ...ask(),
      expect: rows({
        copies: { message: 'copies-enough', data: { least: 3, most: 3, needed: 3 }, evidence: PLACES },
        media: { message: 'media-enough', data: { least: 2, needed: 2 } },
        offsite: { message: 'offsite-enough', data: { least: 2, needed: 1 } },
        immutable: { message: 'immutable-enough', data: { least: 1, needed: 1 } },
        errors: { message: 'no-errors', data: { errors: 0 }, evidence: ['test-20', 'verified.json', 'azure.json'] },
      }),
    },
    {
      name: 'The copy on Azure stopped three days ago',
      ...ask({ points: [pointIn('azure', 72), pointIn('s3', 1, LOCK)] }),
      expect: rows(bad('copies', 2)),
    },
    {
      name: 'Two copies lie on one device',
      ...ask({
        stores: [
          { ...S3, device: 'ceph' },
          { ...AZURE, device: 'Ceph' },
        ],
      }),
      expect: rows(bad('copies', 2)),
    },
    {
      name: 'All lie on disks',
      ...ask({
        stores: [
          { ...S3, media: 'disk' },
          { ...AZURE, media: 'Disk' },
        ],
      }),
      expect: rows(bad('media', 1)),
    },
    {
      name: 'All lie in the building of production',
      ...ask({
        asset: { production: { ...PRODUCTION, site: 'hq' } },
        stores: [
          { ...S3, site: 'hq' },
          { ...AZURE, site: 'hq' },
        ],
      }),
      expect: rows(bad('offsite', 0)),
    },
    {
      name: 'The lock ran out',
      ...ask({
        points: [
          pointIn('s3', 1, { ...LOCK, lockedUntil: NOW }),
          pointIn('azure', 1, { ...LOCK, lockMode: 'governance' }),
        ],
      }),
      expect: rows(bad('immutable', 0)),
    },
    {
      name: 'Not locked, and air-gapped as the policy declares',
      ...ask({
        stores: [S3, { ...AZURE, airGapped: true }],
        points: [pointIn('s3', 1, { lockedUntil: NOW - 1 }), pointIn('azure', 1, { lockedUntil: NOW - 1 })],
      }),
      expect: rows(),
    },
    {
      name: 'Two objects of a copy are damaged',
      ...ask({ reports: [verified(URI, { match: 998, mismatch: 2 }), PROOFS[1]!] }),
      expect: rows({
        errors: { message: 'errors', data: { errors: 2, needed: 0 }, evidence: ['test-20', 'verified.json'] },
      }),
    },
    {
      name: 'Two objects were damaged, and all was read again since',
      ...ask({
        reports: [verified(URI, { match: 998, mismatch: 2 }, { at: NOW - 40 * DAY, name: 'old.json' }), ...PROOFS],
      }),
      expect: rows(),
    },
    {
      name: 'Two objects were damaged, and only a part was read since',
      ...ask({
        reports: [
          verified(URI, { match: 998, mismatch: 2 }, { at: NOW - 40 * DAY, name: 'old.json' }),
          verified(URI, { match: 1_000, read: 500 }),
          PROOFS[1]!,
        ],
      }),
      expect: rows({ errors: { message: 'errors', data: { errors: 2 }, evidence: ['test-20', 'old.json'] } }),
    },
    {
      name: 'The last restore test failed',
      ...ask({ tests: [restoreTest(20), restoreTest(3, { outcome: 'failed' })] }),
      expect: rows({
        errors: { message: 'errors', data: { errors: 1 }, evidence: ['test-3', 'verified.json', 'azure.json'] },
      }),
    },
    {
      name: 'The check of the restored data failed',
      ...ask({ tests: [restoreTest(3, { validation: 'failed' })] }),
      expect: rows({ errors: { message: 'errors', evidence: ['test-3', 'verified.json', 'azure.json'] } }),
    },
    {
      name: 'Nobody restored anything, nor read the copy on Azure',
      ...ask({ tests: [], reports: [PROOFS[0]!] }),
      expect: rows({
        errors: {
          message: 'errors-not-known',
          data: { why: `no accepted report read ${OTHER}; no checked restore test of the last year` },
        },
      }),
    },
    {
      name: 'Nobody checked the restored data',
      ...ask({ tests: [restoreTest(3, { validation: 'none' })] }),
      expect: rows({ errors: { message: 'errors-not-known' } }),
    },
    {
      name: 'The last restore test was more than a year ago',
      ...ask({ tests: [restoreTest(367)] }),
      expect: rows({ errors: { message: 'errors-not-known' } }),
    },
    {
      name: 'A restore test of tomorrow',
      ...ask({ tests: [restoreTest(3), restoreTest(-1)] }),
      expect: rows({ errors: { message: 'errors-not-known' } }),
    },
    {
      name: 'The proof of a copy is filtered, dated in the future, too old, or read nothing',
      ...ask({
        asset: { copies: ['a:', 'b:', 'c:', 'd:'].map((uri) => ({ uri, store: 's3' })) },
        reports: [
          verified('a:', { match: 1_000 }, { options: { include: ['*.db'], exclude: [] } }),
          verified('b:', { match: 1_000 }, { at: NOW + DAY }),
          verified('c:', { match: 1_000 }, { at: NOW - 31 * DAY }),
          verified('d:', { match: 1_000, read: 0 }, { source: side('d:', 1_000) }),
        ],
      }),
      expect: rows({
        errors: {
          message: 'errors-not-known',
          data: {
            why: ['a:', 'b:', 'c:', 'd:'].map((uri) => `no accepted report read ${uri}`).join('; '),
          },
        },
      }),
    },
    {
      name: 'The policy names no copies to prove',
      ...ask({ asset: { copies: [] } }),
      expect: rows({ errors: { message: 'errors-not-known', data: { why: 'the policy names no copies' } } }),
    },
    {
      name: 'Nobody says where production is, what it lies on, nor of the primary copy',
      ...ask({ asset: { production: undefined }, stores: [{ ...S3, region: undefined }, AZURE] }),
      expect: rows({
        ...unknown('copies', 'the policy does not say the device of production, azure, s3', 2),
        ...unknown('offsite', 'the policy does not say the site of production, nor of the primary copy, s3', 0),
        ...unknown('media', 'the policy does not say the media of production', 1),
      }),
    },
    {
      name: 'Nobody says where production is: the primary copy stands for it',
      ...ask({ asset: { production: { device: 'esx-1', provider: 'own', media: 'disk' } } }),
      expect: rows({ offsite: { message: 'offsite-enough', data: { least: 1 } } }),
    },
    {
      name: 'Nobody says whether the copies are locked',
      ...ask({ points: [pointIn('s3', 1), pointIn('azure', 1, { lockedUntil: NOW - 1 })] }),
      expect: rows(unknown('immutable', 'nobody says whether what s3 holds can be removed', 0)),
    },
    {
      name: 'Nobody says whether the copy on S3 is complete',
      ...ask({
        points: [pointIn('s3', 1, { ...LOCK, complete: null }), pointIn('azure', 1, { lockedUntil: NOW - 1 })],
      }),
      expect: rows({
        ...unknown('copies', 's3: nobody vouches for its newest recovery point (unmarked)', 2),
        ...unknown(
          'immutable',
          'nobody says whether what s3 holds can be removed; s3: nobody vouches for its newest recovery point (unmarked)',
        ),
      }),
    },
    {
      name: 'The copy on Azure stopped, or its recovery points are missing from the history',
      ...ask(),
      histories: { points: { items: [pointIn('s3', 1, LOCK)], partial: true }, tests: [restoreTest(20)] },
      expect: rows({
        ...unknown('copies', 'recovery points are missing from the history; azure: nobody tells what it holds', 2),
        ...unknown('media', 'recovery points are missing from the history; azure: nobody tells what it holds'),
        ...unknown('offsite', 'recovery points are missing from the history; azure: nobody tells what it holds'),
        ...unknown(
          'immutable',
          'nobody says whether what azure holds can be removed; recovery points are missing from the history; azure: nobody tells what it holds',
        ),
        errors: { message: 'errors-not-known', data: { why: 'recovery points are missing from the history' } },
      }),
    },
    {
      name: 'There is nothing at all',
      ...ask({ points: [], asset: { copies: [] } }),
      expect: rows({
        ...bad('copies', 1, ['production']),
        ...bad('media', 1, ['production']),
        ...bad('offsite', 0, ['production']),
        ...bad('immutable', 0, ['production']),
        errors: { message: 'errors-not-known' },
      }),
    },
    {
      name: 'Put under backup a day ago, and neither copied nor proven yet',
      ...ask({ points: [], asset: { since: NOW - DAY, copies: [] }, reports: [], tests: [] }),
      expect: rows({
        copies: { message: 'not-asked' },
        media: { message: 'not-asked' },
        offsite: { message: 'not-asked' },
        immutable: { message: 'not-asked' },
        errors: { message: 'errors-not-known' },
      }),
    },
    {
      name: 'Nothing off-site or immutable is asked for',
      ...ask({ points: [pointIn('s3', 1), pointIn('azure', 1)] }),
      options: { offsite: 0, immutable: 0 },
      expect: rows({ offsite: { message: 'not-asked' }, immutable: { message: 'not-asked' } }),
    },
  ],
  absent: {
    asset: rows({
      ...unknown('copies', 'the policy does not say the device of production, azure, s3', 2),
      ...unknown('media', 'the policy does not say the media of production', 1),
      ...unknown('offsite', 'the policy does not say the site of production, nor of the primary copy'),
      errors: { message: 'errors-not-known' },
    }),
    policy: rows({
      ...unknown('copies', 'the policy does not say the device of azure, s3', 1),
      ...unknown('media', 'the policy does not say the media of azure, s3', 1),
      ...unknown('offsite', 'the policy does not say the site of azure, s3', 0),
    }),
    reports: rows({ errors: { message: 'errors-not-known' } }),
  },
  boundaries: {
    copies: { question: ask(), limit: 3, at: 'copies-enough', stricter: 'copies-few', laxer: 'copies-enough' },
    media: { question: ask(), limit: 2, at: 'media-enough', stricter: 'media-few', laxer: 'media-enough' },
    offsite: { question: ask(), limit: 2, at: 'offsite-enough', stricter: 'offsite-few', laxer: 'offsite-enough' },
    immutable: {
      question: ask({ points: [pointIn('s3', 1, LOCK), pointIn('azure', 1, LOCK)] }),
      limit: 2,
      at: 'immutable-enough',
      stricter: 'immutable-few',
      laxer: 'immutable-enough',
    },
    errors: {
      question: ask({ reports: [verified(URI, { match: 998, mismatch: 2 }), PROOFS[1]!] }),
      limit: 2,
      at: 'no-errors',
      stricter: 'errors',
      laxer: 'no-errors',
    },
    maxLag: {
      question: ask({ points: [pointIn('azure', 40), pointIn('s3', 1, LOCK)] }),
      limit: 16 * HOUR,
      at: 'copies-enough',
      stricter: 'copies-few',
      laxer: 'copies-enough',
    },
  },
} satisfies RuleTest

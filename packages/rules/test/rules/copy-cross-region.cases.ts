import type { RuleTest } from '@backproof/core/testing'
import { copyCrossRegion } from '../../src/rules/copy-cross-region.js'
import { AZURE, askCopies, PRODUCTION, pointIn, S3, shopAt } from '../copies-of-shop.js'
import { policyOf } from '../job-run.js'
import { ABSENT, NOW } from '../restore-test.js'

const HOUR = 3_600_000
/** In the region of production. */
const NEAR = { ...S3, id: 'near', region: 'Berlin ' }
const WHERE = { ...S3, region: undefined }
const primary = { uri: 's3://backups/shop/', store: 's3' }

export default {
  rule: copyCrossRegion,
  cases: [
    {
      name: 'Copies in Berlin and Frankfurt, production in Berlin',
      ...askCopies([NEAR, S3], [pointIn('near', 1), pointIn('s3', 30)]),
      expect: {
        message: 'elsewhere',
        data: {
          store: 's3',
          place: 'eu-central-1',
          created: '2026-10-31T06:00:00.000Z',
          reference: 'production',
          limitHours: 48,
        },
        evidence: ['s3'],
      },
    },
    {
      name: 'All copies in Berlin, where production is',
      ...askCopies([NEAR], [pointIn('near', 1)]),
      expect: { message: 'none', data: { reference: 'production', limitHours: 48 }, evidence: ['production', 'near'] },
    },
    {
      name: 'The copy in Frankfurt stopped three days ago',
      ...askCopies([NEAR, S3], [pointIn('s3', 72), pointIn('near', 1)]),
      expect: { message: 'none', evidence: ['production', 'near', 's3'] },
    },
    {
      name: 'The newest in Frankfurt is incomplete, the one before too old',
      ...askCopies([S3], [pointIn('s3', 72), pointIn('s3', 1, { complete: false })]),
      expect: { message: 'none' },
    },
    {
      name: 'A copy may be older than the RPO by as much as copying takes',
      ...askCopies([S3], [pointIn('s3', 28)], { rpo: 4 * HOUR }),
      expect: { message: 'elsewhere', data: { limitHours: 28 } },
    },
    {
      name: 'A minute older than that',
      ...askCopies([S3], [pointIn('s3', 28 + 1 / 60)], { rpo: 4 * HOUR }),
      expect: { message: 'none' },
    },
    {
      name: 'Of two copies elsewhere the newer is told',
      ...askCopies([S3, AZURE], [pointIn('s3', 9), pointIn('azure', 3)]),
      expect: { message: 'elsewhere', data: { store: 'azure' }, evidence: ['azure', 's3'] },
    },
    {
      name: 'Only listed regions count, and the copy is in another',
      ...askCopies([S3], [pointIn('s3', 1)]),
      options: { regions: ['eu-north-1'] },
      expect: { message: 'none' },
    },
    {
      name: 'Only listed regions count, and the copy is in one, in other letters',
      ...askCopies([S3], [pointIn('s3', 1)]),
      options: { regions: ['EU-Central-1'] },
      expect: { message: 'elsewhere' },
    },
    {
      name: 'The policy does not say the region of the store',
      ...askCopies([WHERE], [pointIn('s3', 1)]),
      expect: {
        message: 'not-known',
        data: { why: 'the policy does not say the region of s3' },
        evidence: ['production', 's3'],
      },
    },
    {
      name: 'The policy does not say the region of the store, and regions are listed',
      ...askCopies([WHERE], [pointIn('s3', 1)]),
      options: { regions: ['eu-central-1'] },
      expect: { message: 'not-known' },
    },
    {
      name: 'The policy does not know the store',
      ...askCopies([], [pointIn('s3', 1)]),
      expect: { message: 'not-known', data: { why: 'the policy does not say the region of s3' } },
    },
    {
      name: 'Nobody says where production is: the primary copy stands for it',
      ...askCopies([S3, AZURE], [pointIn('s3', 1), pointIn('azure', 1)], { production: undefined, copies: [primary] }),
      expect: { message: 'elsewhere', data: { store: 'azure', reference: 'the primary copy in s3' } },
    },
    {
      name: 'The primary copy alone is nowhere else',
      ...askCopies([S3], [pointIn('s3', 1)], { production: { device: 'esx-1' }, copies: [primary] }),
      expect: { message: 'none', data: { reference: 'the primary copy in s3' } },
    },
    {
      name: 'Nobody says where production is, nor which copy is the primary',
      ...askCopies([S3], [pointIn('s3', 1)], { production: undefined }),
      expect: {
        message: 'not-known',
        data: { why: 'the policy does not say the region of production, nor of the primary copy' },
      },
    },
    {
      name: 'Nobody says whether the newest copy is complete',
      ...askCopies([S3], [pointIn('s3', 1, { complete: null })]),
      expect: { message: 'not-known', data: { why: 's3: nobody vouches for its newest recovery point (unmarked)' } },
    },
    {
      name: 'Nobody says whether the newest copy is complete, and that is accepted',
      ...askCopies([S3], [pointIn('s3', 1, { complete: null })]),
      options: { acceptUnmarked: true },
      expect: { message: 'elsewhere' },
    },
    {
      name: 'A digest is asked for, and none was recorded',
      ...askCopies([S3], [pointIn('s3', 1)]),
      options: { requireDigest: true },
      expect: { message: 'not-known', data: { why: 's3: nobody vouches for its newest recovery point (digest)' } },
    },
    {
      name: 'The only copy elsewhere is dated tomorrow',
      ...askCopies([S3], [pointIn('s3', -24)]),
      expect: {
        message: 'not-known',
        data: { why: 's3: nobody vouches for its newest recovery point (dated in the future)' },
      },
    },
    {
      name: 'Recovery points do not say where they lie',
      ...askCopies([S3], [pointIn('s3', 1, { store: null })]),
      expect: { message: 'not-known', data: { why: 'recovery points do not name their store' } },
    },
    {
      name: 'Those that do not say where they lie are old, and unusable',
      ...askCopies([S3], [pointIn('s3', 72, { store: null }), pointIn('s3', 1, { store: null, complete: false })]),
      expect: { message: 'none', evidence: ['production'] },
    },
    {
      name: 'The policy names a copy in Frankfurt of which nobody tells',
      ...askCopies([NEAR, S3], [pointIn('near', 1)], { copies: [primary] }),
      expect: { message: 'not-known', data: { why: 's3: nobody tells what it holds' } },
    },
    {
      name: 'The policy names a copy, and not where it lies',
      ...askCopies([NEAR], [pointIn('near', 1)], { copies: [{ uri: 's3://backups/shop/' }] }),
      expect: { message: 'not-known', data: { why: 'the policy does not name the store of s3://backups/shop/' } },
    },
    {
      name: 'The history ended ten hours ago, when the copy was young enough',
      ...askCopies([S3], []),
      histories: { points: { items: [pointIn('s3', 50)], observedAt: NOW - 10 * HOUR } },
      expect: { message: 'not-known', data: { why: 's3: the history ends at 2026-11-01T02:00:00.000Z' } },
    },
    {
      name: 'The history begins yesterday, and a copy might be older',
      ...askCopies([S3], []),
      histories: { points: { items: [], from: NOW - 24 * HOUR } },
      expect: { message: 'not-known', data: { why: 'the history begins at 2026-10-31T12:00:00.000Z' } },
    },
    {
      name: 'There may be a copy among recovery points that are missing',
      ...askCopies([NEAR], []),
      histories: { points: { items: [pointIn('near', 1)], partial: true } },
      expect: { message: 'not-known', data: { why: 'recovery points are missing from the history' } },
    },
    {
      name: 'More stores than can be told apart',
      ...askCopies(
        [],
        Array.from({ length: 25 }, (_, i) => pointIn(`store-${i + 10}`, 72 - i, { ...(i === 24 && { created: NOW }) })),
      ),
      expect: { message: 'not-known', data: { why: 'too many stores to hold' } },
    },
    {
      name: 'Put under backup a day ago, and not copied yet',
      ...askCopies([NEAR], [pointIn('near', 1)], { since: NOW - 24 * HOUR }),
      expect: { message: 'not-due', data: { since: '2026-10-31T12:00:00.000Z', limitHours: 48 } },
    },
    {
      name: 'There is nothing at all',
      ...askCopies([S3], []),
      expect: { message: 'none' },
    },
    {
      name: 'There is nothing at all, and the policy does not know the asset',
      facts: { asset: ABSENT, policy: policyOf({ stores: [S3] }) },
      histories: { points: [] },
      expect: { message: 'none', data: { reference: 'production' } },
    },
    {
      name: 'Production is described, and has no region',
      facts: { asset: shopAt({ production: { ...PRODUCTION, region: ' ' } }), policy: policyOf({ stores: [S3] }) },
      histories: { points: [pointIn('s3', 1)] },
      expect: { message: 'not-known' },
    },
  ],
  absent: {
    asset: { message: 'not-known' },
    policy: { message: 'not-known', data: { why: 'the policy does not say the region of near, s3' } },
  },
  boundaries: {
    maxLag: {
      question: askCopies([S3], [pointIn('s3', 40)]),
      limit: 16 * HOUR,
      at: 'elsewhere',
      stricter: 'none',
      laxer: 'elsewhere',
    },
  },
} satisfies RuleTest

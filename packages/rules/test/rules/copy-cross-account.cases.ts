import type { RuleTest } from '@backproof/core/testing'
import { copyCrossAccount } from '../../src/rules/copy-cross-account.js'
import { AZURE, askCopies, pointIn, S3 } from '../copies-of-shop.js'
import { NOW } from '../restore-test.js'

const HOUR = 3_600_000
/** In the account of production. */
const OWN = { ...S3, id: 'own', account: 'corp' }
const primary = { uri: 's3://backups/shop/', store: 's3', primary: true }

export default {
  rule: copyCrossAccount,
  cases: [
    {
      name: 'A copy in the account of production, another in one of its own',
      ...askCopies([OWN, S3], [pointIn('own', 1), pointIn('s3', 30)]),
      expect: {
        message: 'elsewhere',
        data: { store: 's3', place: '1111', reference: 'production', limitHours: 48 },
        evidence: ['s3'],
      },
    },
    {
      name: 'All copies belong to the account of production',
      ...askCopies([OWN], [pointIn('own', 1)]),
      expect: { message: 'none', evidence: ['production', 'own'] },
    },
    {
      name: 'The copy in the other account stopped three days ago',
      ...askCopies([OWN, S3], [pointIn('s3', 72), pointIn('own', 1)]),
      expect: { message: 'none', evidence: ['production', 'own', 's3'] },
    },
    {
      name: 'Only one account counts, and the copy is in another',
      ...askCopies([S3], [pointIn('s3', 1)]),
      options: { accounts: ['2222'] },
      expect: { message: 'none' },
    },
    {
      name: 'Nobody says where production is: the primary copy stands for it',
      ...askCopies([AZURE, S3], [pointIn('s3', 1), pointIn('azure', 1)], {
        production: undefined,
        copies: [{ uri: 'azblob://backups/shop/', store: 'azure' }, primary],
      }),
      expect: { message: 'elsewhere', data: { store: 'azure', reference: 'the primary copy in s3' } },
    },
    {
      name: 'The policy does not say to whom the store belongs',
      ...askCopies([{ ...S3, account: undefined }], [pointIn('s3', 1)]),
      expect: { message: 'not-known', data: { why: 'the policy does not say the account of s3' } },
    },
    {
      name: 'Nobody can say whether the key of the copy can be used',
      ...askCopies([S3], [pointIn('s3', 1, { keyUsable: null })]),
      expect: { message: 'not-known', data: { why: 's3: nobody vouches for its newest recovery point (key)' } },
    },
    {
      name: 'Put under backup a day ago, and not copied yet',
      ...askCopies([OWN], [pointIn('own', 1)], { since: NOW - 24 * HOUR }),
      expect: { message: 'not-due' },
    },
  ],
  absent: {
    asset: { message: 'not-known' },
    policy: { message: 'not-known', data: { why: 'the policy does not say the account of own, s3' } },
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

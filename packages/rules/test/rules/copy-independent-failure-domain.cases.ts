import type { Store } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { copyIndependentFailureDomain } from '../../src/rules/copy-independent-failure-domain.js'
import { AZURE, askCopies, PRODUCTION, pointIn, S3, TAPE } from '../copies-of-shop.js'
import { NOW } from '../restore-test.js'

const HOUR = 3_600_000
const ask = (...stores: Store[]) =>
  askCopies(
    stores,
    stores.map(({ id }) => pointIn(id, 1)),
  )
/** On the disk of production. */
const SAME_DISK: Store = { ...TAPE, id: 'snapshots', device: 'esx-1' }

export default {
  rule: copyIndependentFailureDomain,
  cases: [
    {
      name: 'Production, S3 and Azure share nothing',
      ...ask(S3, AZURE),
      expect: {
        message: 'independent',
        data: {
          least: 3,
          most: 3,
          needed: 3,
          domains: 'device, account, region, provider, administrators, key',
        },
        evidence: ['production', 'azure', 's3'],
      },
    },
    {
      name: 'Two buckets of one provider count once',
      ...ask(S3, { ...AZURE, provider: 'AWS' }),
      expect: {
        message: 'dependent',
        data: { least: 2, most: 2, places: 3, needed: 3 },
        evidence: ['production', 'azure', 's3'],
      },
    },
    {
      name: 'Two buckets of one provider, which is not asked about',
      ...ask(S3, { ...AZURE, provider: 'AWS' }),
      options: { domains: ['region', 'administrators'] },
      expect: { message: 'independent', data: { domains: 'region, administrators' } },
    },
    {
      name: 'One administrator can delete production and a copy',
      ...ask(S3, { ...AZURE, administrators: ['azure-backup', 'Ops'] }),
      expect: { message: 'dependent', data: { most: 2 } },
    },
    {
      name: 'Two copies are encrypted with one key',
      ...ask(S3, { ...AZURE, key: 'kms-1' }),
      expect: { message: 'dependent', data: { most: 2 } },
    },
    {
      name: 'A snapshot on the disk of production counts as one with it',
      ...ask(S3, SAME_DISK),
      expect: { message: 'dependent', data: { most: 2 } },
    },
    {
      name: 'A snapshot on the disk of production, beside two copies elsewhere',
      ...ask(S3, AZURE, SAME_DISK),
      expect: { message: 'independent', data: { least: 3 } },
    },
    {
      name: 'A copy that shares something with each of two others takes nothing away',
      ...ask(S3, AZURE, { ...TAPE, account: '1111', key: 'vault-1' }),
      expect: { message: 'independent', data: { least: 3 } },
    },
    {
      name: 'The third copy stopped three days ago',
      ...askCopies([S3, AZURE], [pointIn('azure', 72), pointIn('s3', 1)]),
      expect: { message: 'dependent', data: { most: 2, places: 2 }, evidence: ['production', 'azure', 's3'] },
    },
    {
      name: 'Two are enough, and there is a copy',
      ...ask(S3),
      options: { minDistinct: 2 },
      expect: { message: 'independent', data: { least: 2 } },
    },
    {
      name: 'Nobody names keys',
      ...ask(S3, { ...AZURE, key: undefined }),
      expect: {
        message: 'not-known',
        data: { least: 2, most: 3, why: 'the policy does not say the key of azure' },
        evidence: ['production', 'azure', 's3'],
      },
    },
    {
      name: 'Nobody says who has rights in the store, and an empty list is no answer',
      ...ask(S3, { ...AZURE, administrators: [] }),
      expect: { message: 'not-known', data: { why: 'the policy does not say the administrators of azure' } },
    },
    {
      name: 'Nobody names keys, and two copies are of one provider all the same',
      ...ask({ ...S3, key: undefined }, { ...AZURE, key: undefined, provider: 'aws' }),
      expect: { message: 'dependent', data: { most: 2 } },
    },
    {
      name: 'Nobody says where production is',
      ...askCopies([S3, AZURE], [pointIn('s3', 1), pointIn('azure', 1)], { production: undefined }),
      expect: {
        message: 'not-known',
        data: {
          least: 2,
          why: [
            'the policy does not say the device of production, azure, s3',
            ...['account', 'region', 'provider', 'administrators'].map(
              (domain) => `the policy does not say the ${domain} of production`,
            ),
          ].join('; '),
        },
      },
    },
    {
      name: 'Devices without names, in one region, are not known to be two',
      ...ask(S3, { ...AZURE, region: 'eu-central-1', provider: 'aws' }),
      options: { domains: ['device'] },
      expect: { message: 'not-known', data: { why: 'the policy does not say the device of azure, s3' } },
    },
    {
      name: 'Devices without names, in two buildings',
      ...ask({ ...S3, site: 'fra-1' }, { ...AZURE, region: 'eu-central-1', provider: 'aws', site: 'fra-2' }),
      options: { domains: ['device'] },
      expect: { message: 'independent' },
    },
    {
      name: 'Only one of two stores in a region names its building',
      ...ask({ ...S3, site: 'fra-1' }, { ...AZURE, region: 'eu-central-1' }),
      options: { domains: ['site'] },
      expect: { message: 'not-known', data: { why: '' } },
    },
    {
      name: 'Nobody says whether the third copy is complete',
      ...askCopies([S3, AZURE], [pointIn('s3', 1), pointIn('azure', 1, { complete: null })]),
      expect: { message: 'not-known', data: { why: 'azure: nobody vouches for its newest recovery point (unmarked)' } },
    },
    {
      name: 'Recovery points do not say where they lie',
      ...askCopies([S3], [pointIn('s3', 1), pointIn('s3', 2, { store: undefined })]),
      expect: { message: 'not-known', data: { least: 2, why: 'recovery points do not name their store' } },
    },
    {
      name: 'Put under backup a day ago, and not copied yet',
      ...askCopies([S3], [pointIn('s3', 1)], { since: NOW - 24 * HOUR }),
      expect: { message: 'not-due', data: { limitHours: 48 } },
    },
    {
      name: 'Production alone, described',
      ...askCopies([], [], { production: PRODUCTION }),
      options: { minDistinct: 2 },
      expect: { message: 'dependent', data: { most: 1 }, evidence: ['production'] },
    },
  ],
  absent: {
    asset: { message: 'not-known', data: { least: 2 } },
    policy: { message: 'not-known', data: { least: 1 } },
  },
  boundaries: {
    minDistinct: {
      question: ask(S3, AZURE, TAPE),
      limit: 4,
      at: 'independent',
      stricter: 'dependent',
      laxer: 'independent',
    },
    maxLag: {
      question: askCopies([S3, AZURE], [pointIn('azure', 40), pointIn('s3', 1)]),
      limit: 16 * HOUR,
      at: 'independent',
      stricter: 'dependent',
      laxer: 'independent',
    },
  },
} satisfies RuleTest

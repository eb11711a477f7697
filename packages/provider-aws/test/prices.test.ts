import { provider, S3_LIST_PRICES, type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { ownPrices, pricesSuite } from '@backproof/test-servers/suites'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../src/client/connection.js'
import { s3Settings } from '../src/options.js'
import { pricesOf } from '../src/prices.js'
import type { S3Profile } from '../src/profile.js'
import { freshName, withBucket } from './support/bucket.js'

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server.close())

const OWN = ownPrices(S3_LIST_PRICES)

/** A connection after its first request, to that host. */
const connectionTo = (endpoint: string | undefined, bucket = 'backups', profile: S3Profile = 'aws'): Connection =>
  ({
    settings: s3Settings({ bucket }),
    profile: () => profile,
    endpoint: () => endpoint,
  }) as Partial<Connection> as Connection

pricesSuite<Partial<S3SourceOptions>>({
  name: 'S3',
  prices: S3_LIST_PRICES,
  classes: { word: 'class', first: 'STANDARD' },
  costs: [
    [undefined, 0.4, 90.000_4],
    ['STANDARD', 0.4, 90.000_4],
    ['REDUCED_REDUNDANCY', 0.4, 90.000_4],
    ['INTELLIGENT_TIERING', 0.4, 90.000_4],
    ['STANDARD_IA', 1, 100.001],
    ['ONEZONE_IA', 1, 100.001],
    ['GLACIER_IR', 10, 120.01],
    ['EXPRESS_ONEZONE', 0.03, 90.600_03],
  ],
  addresses: [
    ['https://s3.eu-central-1.amazonaws.com', true],
    ['https://s3.dualstack.us-west-2.amazonaws.com', true],
    ['https://s3.us-east-1.api.aws', true],
    [undefined, true],
    ['http://127.0.0.1:9000', true],
    ['https://s3.cn-north-1.amazonaws.com.cn', false],
    ['https://s3.us-gov-west-1.amazonaws.com', false],
    ['https://s3-fips.us-gov-east-1.amazonaws.com', false],
    ['https://s3.eusc-de-east-1.amazonaws.eu', false],
    ['https://s3.us-iso-east-1.c2s.ic.gov', false],
    ['https://s3.eu-isoe-west-1.cloud.adc-e.uk', false],
  ],
  pricesAt: (endpoint) => pricesOf(connectionTo(endpoint)),
  traits: [
    ['as Amazon', { profile: 'aws' }, S3_LIST_PRICES],
    ['as Ceph', { profile: 'ceph' }, undefined],
    ['of nobody knows whom', { profile: undefined }, undefined],
    ['with prices of the host', { profile: 'aws', prices: OWN }, OWN],
    ['of another service with prices of the host', { profile: 'other', prices: OWN }, OWN],
    ['without prices', { profile: 'aws', prices: 'none' }, undefined],
  ],
  traitsOf: async (options) => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket })
    return withBucket(server, bucket, options, (source) => source.describe())
  },
  options: {
    provider: 'aws',
    factory: 's3Source',
    open: (prices) => s3Source({ bucket: 'backups', prices: prices as never }),
    uri: 's3://backups',
    fromUri: (uri) => provider.fromUri(uri, { options: { prices: 'none' } }),
  },
  guide: {
    page: new URL('../../../docs/guides/what-a-run-costs.md', import.meta.url),
    section: 'Amazon S3',
    requests: 1_000,
  },
})

describe('prices of S3 alone', () => {
  it.each<S3Profile>(['ceph', 'minio', 'other'])('of %s are not known', (profile) => {
    expect(pricesOf(connectionTo('https://s3.example.org', 'backups', profile))).toBeUndefined()
  })

  it('of directory buckets have listings of their own', () => {
    const prices = pricesOf(connectionTo('https://s3express-use1-az4.us-east-1.amazonaws.com', 'b--use1-az4--x-s3'))
    expect(prices).toEqual({ ...S3_LIST_PRICES, list: 0.001_13 / 1_000 })
  })
})

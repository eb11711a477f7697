import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkedPrices, costOf, ratesOf } from '@backproof/core/evidence'
import type { PlacePrices } from '@backproof/core/source'
import { provider, S3_LIST_PRICES, s3Source } from '@backproof/provider-aws'
import { type S3Server, startS3Server } from '@backproof/test-servers'
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

const OWN: PlacePrices = { ...S3_LIST_PRICES, currency: 'EUR', source: 'our contract', egressByte: 0 }

/** A connection after its first request, to that host. */
const connectionTo = (endpoint: string | undefined, bucket = 'backups', profile: S3Profile = 'aws'): Connection =>
  ({
    settings: s3Settings({ bucket }),
    profile: () => profile,
    endpoint: () => endpoint,
  }) as Partial<Connection> as Connection

describe('prices of S3', () => {
  it('are right in form, and cannot be changed', () => {
    expect(checkedPrices(S3_LIST_PRICES, 'S3')).toEqual(S3_LIST_PRICES)
    for (const one of [S3_LIST_PRICES, S3_LIST_PRICES.classes, ...Object.values(S3_LIST_PRICES.classes ?? {})]) {
      expect(Object.isFrozen(one)).toBe(true)
    }
  })

  // A million requests, and a thousand reads of 1 GiB each with egress, in dollars.
  it.each([
    [undefined, 0.4, 90.000_4],
    ['STANDARD', 0.4, 90.000_4],
    ['REDUCED_REDUNDANCY', 0.4, 90.000_4],
    ['INTELLIGENT_TIERING', 0.4, 90.000_4],
    ['STANDARD_IA', 1, 100.001],
    ['ONEZONE_IA', 1, 100.001],
    ['GLACIER_IR', 10, 120.01],
    ['EXPRESS_ONEZONE', 0.03, 90.600_03],
  ])('of the class %s: $%d for a million HEADs, $%d for a thousand reads of 1 GiB', (storageClass, heads, reads) => {
    const rates = ratesOf({ readCost: 'paid', prices: S3_LIST_PRICES, storageClass })
    expect(costOf({ stats: 1e6 }, rates)).toBeCloseTo(heads, 9)
    expect(costOf({ reads: 1_000, bytes: 1_000 * 2 ** 30 }, rates)).toBeCloseTo(reads, 9)
  })

  it.each([
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
  ])('of Amazon at %s: %s', (endpoint, known) => {
    expect(pricesOf(connectionTo(endpoint))).toBe(known ? S3_LIST_PRICES : undefined)
  })

  it.each<S3Profile>(['ceph', 'minio', 'other'])('of %s are not known', (profile) => {
    expect(pricesOf(connectionTo('https://s3.example.org', 'backups', profile))).toBeUndefined()
  })

  it('of directory buckets have listings of their own', () => {
    const prices = pricesOf(connectionTo('https://s3express-use1-az4.us-east-1.amazonaws.com', 'b--use1-az4--x-s3'))
    expect(prices).toEqual({ ...S3_LIST_PRICES, list: 0.001_13 / 1_000 })
  })
})

describe('the traits of a bucket', () => {
  it.each([
    ['as Amazon', { profile: 'aws' }, S3_LIST_PRICES],
    ['as Ceph', { profile: 'ceph' }, undefined],
    ['of nobody knows whom', { profile: undefined }, undefined],
    ['with prices of the host', { profile: 'aws', prices: OWN }, OWN],
    ['of another service with prices of the host', { profile: 'other', prices: OWN }, OWN],
    ['without prices', { profile: 'aws', prices: 'none' }, undefined],
  ] as const)('%s', async (_, options, prices) => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket })
    const traits = await withBucket(server, bucket, options, (source) => source.describe())
    expect(traits.prices).toEqual(prices)
    expect('prices' in traits).toBe(prices !== undefined)
    expect(Object.isFrozen(traits.prices)).toBe(true)
  })
})

describe('the option prices', () => {
  it.each<[string, unknown, string]>([
    ['a word', 'all', 's3Source: prices must be an object of prices, not "all".'],
    ['a number', 0.09, 's3Source: prices must be an object of prices, not 0.09.'],
    ['a price for a gigabyte', { ...OWN, egressByte: 0.09 }, 'prices: egressByte is 0.09 for a single byte.'],
    ['a name that nobody knows', { ...OWN, put: 1 }, 's3Source: prices has no price "put"'],
  ])('refuses %s at once', (_, prices, message) => {
    const open = (): unknown => s3Source({ bucket: 'backups', prices: prices as never })
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-config', provider: 'aws' }) as Error)
    expect(open).toThrow(message)
  })

  it('is taken from a command line', async () => {
    const source = await provider.fromUri('s3://backups', { options: { prices: 'none' } })
    expect(source.uri).toBe('s3://backups')
    await source[Symbol.asyncDispose]?.()
  })
})

describe('the guide', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/what-a-run-costs.md'), 'utf8')
  const [section = ''] = page.slice(page.indexOf('### Amazon S3')).split(/\n##+ (?!Amazon S3)/)
  const cellsOf = (row: string): readonly number[] =>
    row
      .split('|')
      .flatMap((cell) =>
        /^ (?:\$[\d.]+|none) $/.test(cell) ? [Number(cell.replace('none', '0').replace('$', ''))] : [],
      )

  it('has every price', () => {
    const rows = [...section.matchAll(/^\| ([A-Z]\w+).*\|$/gm)]
    const { classes = {} } = S3_LIST_PRICES
    expect(rows.map(([, name]) => name)).toEqual(['STANDARD', ...Object.keys(classes)])
    for (const [row, name] of rows) {
      const rates = ratesOf({ readCost: 'paid', prices: S3_LIST_PRICES, storageClass: name })
      const told = cellsOf(row)
      const retrieval = (rates.byte - S3_LIST_PRICES.egressByte) * 2 ** 30
      expect(
        [rates.stat * 1_000, rates.read * 1_000, retrieval].map((one) => one.toFixed(9)),
        name,
      ).toEqual(told.map((one) => one.toFixed(9)))
    }
  })

  it('has the prices of listings and egress', () => {
    const rows = [...section.matchAll(/^\| (1,000 pages of a listing|egress).*\|$/gm)].map(([row]) => cellsOf(row)[0])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBeCloseTo(S3_LIST_PRICES.list * 1_000, 12)
    expect(rows[1]).toBeCloseTo(S3_LIST_PRICES.egressByte * 2 ** 30, 12)
    expect(section).toContain(`each of ${S3_LIST_PRICES.pageSize.toLocaleString('en-US')} entries`)
  })
})

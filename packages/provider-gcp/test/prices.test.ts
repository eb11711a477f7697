import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkedPrices, costOf, ratesOf } from '@backproof/core/evidence'
import type { PlacePrices } from '@backproof/core/source'
import { GCS_LIST_PRICES, gcsSource, provider } from '@backproof/provider-gcp'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../src/client/connection.js'
import { gcsSettings } from '../src/options.js'
import { pricesOf } from '../src/prices.js'
import { freshName, withBucket } from './support/bucket.js'

let server: GcsServer
beforeAll(async () => {
  server = await startGcsServer()
})
afterAll(() => server.close())

const OWN: PlacePrices = { ...GCS_LIST_PRICES, currency: 'EUR', source: 'our contract', egressByte: 0 }

describe('prices of Google Cloud Storage', () => {
  it('are right in form, and cannot be changed', () => {
    expect(checkedPrices(GCS_LIST_PRICES, 'GCS')).toEqual(GCS_LIST_PRICES)
    for (const one of [GCS_LIST_PRICES, GCS_LIST_PRICES.classes, ...Object.values(GCS_LIST_PRICES.classes ?? {})]) {
      expect(Object.isFrozen(one)).toBe(true)
    }
  })

  // A million requests, and a thousand reads of 1 GiB each with egress, in dollars.
  it.each([
    [undefined, 0.4, 120.000_4],
    ['STANDARD', 0.4, 120.000_4],
    ['MULTI_REGIONAL', 0.4, 120.000_4],
    ['NEARLINE', 1, 130.001],
    ['COLDLINE', 10, 140.01],
    ['ARCHIVE', 50, 170.05],
  ])(
    'of the class %s: $%d for asking a million times, $%d for a thousand reads of 1 GiB',
    (storageClass, asks, reads) => {
      const rates = ratesOf({ readCost: 'paid', prices: GCS_LIST_PRICES, storageClass })
      expect(costOf({ stats: 1e6 }, rates)).toBeCloseTo(asks, 9)
      expect(costOf({ reads: 1_000, bytes: 1_000 * 2 ** 30 }, rates)).toBeCloseTo(reads, 9)
    },
  )

  it.each([
    ['https://storage.googleapis.com', true],
    ['https://storage.us-central1.rep.googleapis.com/storage/v1/', true],
    ['https://storage-mine.p.googleapis.com', true],
    ['https://googleapis.com.example.org', false],
    ['https://gcs.example.org', false],
    ['http://127.0.0.1:4443', false],
  ])('at %s are known: %s', (endpoint, known) => {
    const connection = connect(gcsSettings({ bucket: 'backups', endpoint, anonymous: true }))
    expect(pricesOf(connection)).toBe(known ? GCS_LIST_PRICES : undefined)
    connection.close()
  })
})

describe('the traits of a bucket', () => {
  it.each([
    ['of an emulator', {}, undefined],
    ['of an emulator with prices of the host', { prices: OWN }, OWN],
    ['without prices', { prices: 'none' }, undefined],
  ] as const)('%s', async (_, options, prices) => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket })
    const traits = await withBucket(server, bucket, options, (source) => source.describe())
    expect(traits.prices).toEqual(prices)
    expect('prices' in traits).toBe(prices !== undefined)
    expect(Object.isFrozen(traits.prices)).toBe(true)
  })

  it('of Google, where somebody asked for none', () => {
    const connection = connect(gcsSettings({ bucket: 'backups', anonymous: true, prices: 'none' }))
    expect(pricesOf(connection)).toBeUndefined()
    connection.close()
  })
})

describe('the option prices', () => {
  it.each<[string, unknown, string]>([
    ['a word', 'all', 'gcsSource: prices must be an object of prices, not "all".'],
    ['a number', 0.09, 'gcsSource: prices must be an object of prices, not 0.09.'],
    ['a price for a gigabyte', { ...OWN, egressByte: 0.09 }, 'prices: egressByte is 0.09 for a single byte.'],
    ['a name that nobody knows', { ...OWN, put: 1 }, 'gcsSource: prices has no price "put"'],
  ])('refuses %s at once', (_, prices, message) => {
    const open = (): unknown => gcsSource({ bucket: 'backups', prices: prices as never })
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-config', provider: 'gcp' }) as Error)
    expect(open).toThrow(message)
  })

  it('is taken from a command line', async () => {
    const source = await provider.fromUri('gs://backups', { options: { prices: 'none', anonymous: true } })
    expect(source.uri).toBe('gs://backups')
    await source[Symbol.asyncDispose]?.()
  })
})

describe('the guide', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/what-a-run-costs.md'), 'utf8')
  const [section = ''] = page.slice(page.indexOf('### Google Cloud')).split(/\n##+ (?!Google Cloud)/)
  const cellsOf = (row: string): readonly number[] =>
    row
      .split('|')
      .flatMap((cell) =>
        /^ (?:\$[\d.]+|none) $/.test(cell) ? [Number(cell.replace('none', '0').replace('$', ''))] : [],
      )

  it('has every price', () => {
    const rows = [...section.matchAll(/^\| ([A-Z]\w+).*\|$/gm)]
    const { classes = {} } = GCS_LIST_PRICES
    expect(rows.map(([, name]) => name)).toEqual(['STANDARD', ...Object.keys(classes)])
    for (const [row, name] of rows) {
      const rates = ratesOf({ readCost: 'paid', prices: GCS_LIST_PRICES, storageClass: name })
      const told = cellsOf(row)
      const retrieval = (rates.byte - GCS_LIST_PRICES.egressByte) * 2 ** 30
      expect(
        [rates.stat * 1_000, rates.read * 1_000, retrieval].map((one) => one.toFixed(9)),
        name,
      ).toEqual(told.map((one) => one.toFixed(9)))
    }
  })

  it('has the prices of listings and egress', () => {
    const rows = [...section.matchAll(/^\| (1,000 pages of a listing|egress).*\|$/gm)].map(([row]) => cellsOf(row)[0])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBeCloseTo(GCS_LIST_PRICES.list * 1_000, 12)
    expect(rows[1]).toBeCloseTo(GCS_LIST_PRICES.egressByte * 2 ** 30, 12)
    expect(section).toContain(`each of ${GCS_LIST_PRICES.pageSize.toLocaleString('en-US')} entries`)
  })
})

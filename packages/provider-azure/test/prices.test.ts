import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkedPrices, costOf, ratesOf } from '@backproof/core/evidence'
import type { PlacePrices } from '@backproof/core/source'
import { AZURE_BLOB_LIST_PRICES, azureBlobSource, provider } from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../src/client/connection.js'
import { azureSettings } from '../src/options.js'
import { pricesOf } from '../src/prices.js'
import { containerWith, withContainer } from './support/container.js'

let server: AzureServer
beforeAll(async () => {
  server = await startAzureServer()
})
afterAll(() => server.close())

const OWN: PlacePrices = { ...AZURE_BLOB_LIST_PRICES, currency: 'EUR', source: 'our contract', egressByte: 0 }

const connectionTo = (url: string): Connection =>
  ({ settings: azureSettings({ url, account: undefined, container: 'backups' }) }) as Partial<Connection> as Connection

describe('prices of Azure Blob Storage', () => {
  it('are right in form, and cannot be changed', () => {
    expect(checkedPrices(AZURE_BLOB_LIST_PRICES, 'Azure')).toEqual(AZURE_BLOB_LIST_PRICES)
    const { classes = {} } = AZURE_BLOB_LIST_PRICES
    for (const one of [AZURE_BLOB_LIST_PRICES, classes, ...Object.values(classes)]) {
      expect(Object.isFrozen(one)).toBe(true)
    }
  })

  // A million requests, and a thousand reads of 1 GiB each with egress, in dollars.
  it.each([
    [undefined, 0.44, 87.000_44],
    ['Hot', 0.44, 87.000_44],
    ['Cool', 0.44, 97.001],
    ['Cold', 0.52, 117.01],
    ['Premium', 0.18, 87.000_18],
  ])(
    'of the tier %s: $%d for asking a million times, $%d for a thousand reads of 1 GiB',
    (storageClass, asks, reads) => {
      const rates = ratesOf({ readCost: 'paid', prices: AZURE_BLOB_LIST_PRICES, storageClass })
      expect(costOf({ stats: 1e6 }, rates)).toBeCloseTo(asks, 9)
      expect(costOf({ reads: 1_000, bytes: 1_000 * 2 ** 30 }, rates)).toBeCloseTo(reads, 9)
    },
  )

  it.each([
    ['https://backups1.blob.core.windows.net', true],
    ['https://backups1-secondary.blob.core.windows.net', true],
    ['https://backups1.z01.blob.storage.azure.net', true],
    ['https://backups1.privatelink.blob.core.windows.net', true],
    ['https://backups1.blob.core.chinacloudapi.cn', false],
    ['https://backups1.blob.core.usgovcloudapi.net', false],
    ['https://backups1.blob.core.windows.net.example.org', false],
    ['https://backups.example.org', false],
    ['http://127.0.0.1:10000/devstoreaccount1', false],
  ])('at %s are known: %s', (url, known) => {
    expect(pricesOf(connectionTo(url))).toBe(known ? AZURE_BLOB_LIST_PRICES : undefined)
  })
})

describe('the traits of a container', () => {
  it.each([
    ['of an emulator', {}, undefined],
    ['of an emulator with prices of the host', { prices: OWN }, OWN],
    ['without prices', { prices: 'none' }, undefined],
  ] as const)('%s', async (_, options, prices) => {
    const container = await containerWith(server, ['a'])
    const traits = await withContainer(server, container, options, (source) => source.describe())
    expect(traits.prices).toEqual(prices)
    expect('prices' in traits).toBe(prices !== undefined)
    expect(Object.isFrozen(traits.prices)).toBe(true)
  })

  it('in the public cloud, where somebody asked for none', () => {
    const settings = azureSettings({ account: 'backups1', container: 'backups', prices: 'none' })
    expect(pricesOf({ settings } as Partial<Connection> as Connection)).toBeUndefined()
  })
})

describe('the option prices', () => {
  it.each<[string, unknown, string]>([
    ['a word', 'all', 'azureBlobSource: prices must be an object of prices, not "all".'],
    ['a number', 0.09, 'azureBlobSource: prices must be an object of prices, not 0.09.'],
    ['a price for a gigabyte', { ...OWN, egressByte: 0.09 }, 'prices: egressByte is 0.09 for a single byte.'],
    ['a name that nobody knows', { ...OWN, put: 1 }, 'azureBlobSource: prices has no price "put"'],
  ])('refuses %s at once', (_, prices, message) => {
    const open = (): unknown => azureBlobSource({ account: 'backups1', container: 'backups', prices: prices as never })
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-config', provider: 'azure' }) as Error)
    expect(open).toThrow(message)
  })

  it('is taken from a command line', async () => {
    const options = { prices: 'none', credential: 'anonymous' }
    const source = await provider.fromUri('azblob://backups1/backups', { options })
    expect(source.uri).toBe('azblob://backups1/backups')
    await source[Symbol.asyncDispose]?.()
  })
})

describe('the guide', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/what-a-run-costs.md'), 'utf8')
  const [section = ''] = page.slice(page.indexOf('### Azure Blob')).split(/\n##+ (?!Azure Blob)/)
  const cellsOf = (row: string): readonly number[] =>
    row
      .split('|')
      .flatMap((cell) =>
        /^ (?:\$[\d.]+|none) $/.test(cell) ? [Number(cell.replace('none', '0').replace('$', ''))] : [],
      )

  it('has every price', () => {
    const rows = [...section.matchAll(/^\| ([A-Z]\w+).*\|$/gm)]
    const { classes = {} } = AZURE_BLOB_LIST_PRICES
    expect(rows.map(([, name]) => name)).toEqual(['Hot', ...Object.keys(classes)])
    for (const [row, name] of rows) {
      const rates = ratesOf({ readCost: 'paid', prices: AZURE_BLOB_LIST_PRICES, storageClass: name })
      const told = cellsOf(row)
      const retrieval = (rates.byte - AZURE_BLOB_LIST_PRICES.egressByte) * 2 ** 30
      expect(
        [rates.stat * 10_000, rates.read * 10_000, retrieval].map((one) => one.toFixed(9)),
        name,
      ).toEqual(told.map((one) => one.toFixed(9)))
    }
  })

  it('has the prices of listings and egress', () => {
    const rows = [...section.matchAll(/^\| (10,000 pages of a listing|egress).*\|$/gm)].map(([row]) => cellsOf(row)[0])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBeCloseTo(AZURE_BLOB_LIST_PRICES.list * 10_000, 12)
    expect(rows[1]).toBeCloseTo(AZURE_BLOB_LIST_PRICES.egressByte * 2 ** 30, 12)
    expect(section).toContain(`each of ${AZURE_BLOB_LIST_PRICES.pageSize.toLocaleString('en-US')} entries`)
  })
})

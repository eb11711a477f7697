import { readFileSync } from 'node:fs'
import { checkedPrices, costOf, ratesOf } from '@backproof/core/evidence'
import type { BackupSource, PlacePrices, SourceTraits } from '@backproof/core/source'
import { describe, expect, it } from 'vitest'

/** What a platform's list prices are, and how a source of it takes those of its host. */
export interface PricesHarness<Options> {
  /** In titles. */
  readonly name: string
  readonly prices: PlacePrices
  /** What the platform calls a class of storage, and the one whose prices stand at the top: `class` and `STANDARD`. */
  readonly classes: { readonly word: string; readonly first: string }
  /** A class; what a million questions cost there, and a thousand reads of 1 GiB each with egress, in dollars. */
  readonly costs: readonly (readonly [storageClass: string | undefined, asks: number, reads: number])[]
  /** Addresses, and whether these are the prices there. */
  readonly addresses: readonly (readonly [address: string | undefined, known: boolean])[]
  /** The prices of a source at this address, without a request to it. */
  pricesAt(address: string | undefined): PlacePrices | undefined
  /** Sources by their options, and the prices that their traits must tell. */
  readonly traits: readonly (readonly [title: string, options: Options, prices: PlacePrices | undefined])[]
  /** The traits of a source that was opened with these options on the test's own server. */
  traitsOf(options: Options): Promise<SourceTraits>
  readonly options: {
    readonly provider: string
    readonly factory: string
    /** Opens a source with this as its `prices`, and no server. */
    open(prices: unknown): BackupSource
    /** A URI, and the source that a command line without prices makes of it. */
    readonly uri: string
    fromUri(uri: string): BackupSource | Promise<BackupSource>
  }
  readonly guide: {
    readonly page: URL
    /** The title of the platform's section. */
    readonly section: string
    /** How many requests its prices are for. */
    readonly requests: number
  }
}

/** The prices of a host that has a contract of its own. */
export const ownPrices = (prices: PlacePrices): PlacePrices => ({
  ...prices,
  currency: 'EUR',
  source: 'our contract',
  egressByte: 0,
})

/** Registers what must hold of the list prices of a platform, of the option `prices`, and of what the guide says of both. */
export const pricesSuite = <Options>(harness: PricesHarness<Options>): void => {
  describe(`prices of ${harness.name}`, () => listPrices(harness))
  describe('the traits of a source', () => traits(harness))
  describe('the option prices', () => option(harness))
  describe('the guide', () => guidePage(harness))
}

const listPrices = <Options>({ prices, name, classes, costs, addresses, pricesAt }: PricesHarness<Options>): void => {
  it('are right in form, and cannot be changed', () => {
    expect(checkedPrices(prices, name)).toEqual(prices)
    for (const one of [prices, prices.classes, ...Object.values(prices.classes ?? {})]) {
      expect(Object.isFrozen(one)).toBe(true)
    }
  })

  it.each(costs)(
    `of the ${classes.word} %s: $%d for asking a million times, $%d for a thousand reads of 1 GiB`,
    (storageClass, asks, reads) => {
      const rates = ratesOf({ readCost: 'paid', prices, storageClass })
      expect(costOf({ stats: 1e6 }, rates)).toBeCloseTo(asks, 9)
      expect(costOf({ reads: 1_000, bytes: 1_000 * 2 ** 30 }, rates)).toBeCloseTo(reads, 9)
    },
  )

  it.each(addresses)('at %s are known: %s', (address, known) => {
    expect(pricesAt(address)).toBe(known ? prices : undefined)
  })
}

const traits = <Options>(harness: PricesHarness<Options>): void => {
  it.each(harness.traits)('%s', async (_, options, prices) => {
    const told = await harness.traitsOf(options)
    expect(told.prices).toEqual(prices)
    expect('prices' in told).toBe(prices !== undefined)
    expect(Object.isFrozen(told.prices)).toBe(true)
  })
}

const option = <Options>({ prices: list, options }: PricesHarness<Options>): void => {
  const { provider, factory, open, uri, fromUri } = options
  const own = ownPrices(list)

  it.each<[string, unknown, string]>([
    ['a word', 'all', `${factory}: prices must be an object of prices, not "all".`],
    ['a number', 0.09, `${factory}: prices must be an object of prices, not 0.09.`],
    ['a price for a gigabyte', { ...own, egressByte: 0.09 }, 'prices: egressByte is 0.09 for a single byte.'],
    ['a name that nobody knows', { ...own, put: 1 }, `${factory}: prices has no price "put"`],
  ])('refuses %s at once', (_, prices, message) => {
    expect(() => open(prices)).toThrow(expect.objectContaining({ code: 'invalid-config', provider }) as Error)
    expect(() => open(prices)).toThrow(message)
  })

  it('is taken from a command line', async () => {
    const source = await fromUri(uri)
    expect(source.uri).toBe(uri)
    await source[Symbol.asyncDispose]?.()
  })
}

const guidePage = <Options>({ prices, classes, guide }: PricesHarness<Options>): void => {
  const { section: title, requests } = guide
  const page = readFileSync(guide.page, 'utf8')
  const [section = ''] = page.slice(page.indexOf(`### ${title}`)).split(new RegExp(`\n##+ (?!${title})`))

  it('has every price', () => {
    const rows = [...section.matchAll(/^\| ([A-Z]\w+).*\|$/gm)]
    expect(rows.map(([, name]) => name)).toEqual([classes.first, ...Object.keys(prices.classes ?? {})])
    for (const [row, name] of rows) {
      const rates = ratesOf({ readCost: 'paid', prices, storageClass: name })
      const retrieval = (rates.byte - prices.egressByte) * 2 ** 30
      expect(
        [rates.stat * requests, rates.read * requests, retrieval].map((one) => one.toFixed(9)),
        name,
      ).toEqual(cellsOf(row).map((one) => one.toFixed(9)))
    }
  })

  it('has the prices of listings and egress', () => {
    const pages = `${requests.toLocaleString('en-US')} pages of a listing`
    const rows = [...section.matchAll(new RegExp(`^\\| (${pages}|egress).*\\|$`, 'gm'))].map(([row]) => cellsOf(row)[0])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toBeCloseTo(prices.list * requests, 12)
    expect(rows[1]).toBeCloseTo(prices.egressByte * 2 ** 30, 12)
    expect(section).toContain(`each of ${prices.pageSize.toLocaleString('en-US')} entries`)
  })
}

/** The prices in a row of a table, in dollars; `none` is nothing. */
const cellsOf = (row: string): readonly number[] =>
  row
    .split('|')
    .flatMap((cell) => (/^ (?:\$[\d.]+|none) $/.test(cell) ? [Number(cell.replace('none', '0').replace('$', ''))] : []))

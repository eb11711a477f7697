import { isBackupError } from '@backproof/core/errors'
import { checkedPrices, type PriceTable, parsePrices, pricesFor, validatePrices } from '@backproof/core/evidence'
import type { PlacePrices } from '@backproof/core/source'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PRICES } from './prices.js'

const named = (source: string): PlacePrices => ({ ...PRICES, source })

/** The message of an `invalid-config`. */
const refusal = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (isBackupError(error) && error.code === 'invalid-config') return error.message
    throw error
  }
  throw new Error('It was not refused.')
}

describe('pricesFor', () => {
  const table: PriceTable = {
    's3:': named('scheme'),
    's3://backups': named('bucket'),
    's3://backups/shop/': named('folder'),
    'AZBLOB://': named('azure'),
    'file:///mnt/s3fs': named('mount'),
  }
  it.each([
    ['s3://other', 'scheme'],
    ['s3://backups', 'bucket'],
    ['s3://backups-2', 'scheme'],
    ['s3://backups/db', 'bucket'],
    ['s3://backups/shop', 'folder'],
    ['s3://backups/shop/2026', 'folder'],
    ['s3://backups/shopping', 'bucket'],
    ['azblob://account/container', 'azure'],
    ['file:///mnt/s3fs/daily', 'mount'],
    ['file:///mnt/s3fs2', 'own'],
    ['gs://backups', 'own'],
    ['s3a://backups', 'own'],
  ])('of %s are those of the %s', (uri, source) => {
    expect(pricesFor(uri, table, named('own'))?.source).toBe(source)
  })

  it('are those of the place where the host has no table, and none where nobody has any', () => {
    expect(pricesFor('s3://backups', undefined, PRICES)).toBe(PRICES)
    expect(pricesFor('s3://backups', {}, PRICES)).toBe(PRICES)
    expect(pricesFor('gs://backups', table, undefined)).toBeUndefined()
  })

  it('do not rest on the order of the table', () => {
    const entries = Object.entries(table)
    const uri = fc.constantFrom('s3://other', 's3://backups/db', 's3://backups/shop/x', 'azblob://a/b')
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), uri, (shuffled, one) => {
        expect(pricesFor(one, Object.fromEntries(shuffled), undefined)).toBe(pricesFor(one, table, undefined))
      }),
    )
  })
})

describe('checkedPrices', () => {
  it('gives a frozen copy of what is right', () => {
    const copy = checkedPrices(PRICES, 'here')
    expect(copy).toEqual(PRICES)
    expect(copy).not.toBe(PRICES)
    for (const one of [copy, copy.classes, ...Object.values(copy.classes ?? {})])
      expect(Object.isFrozen(one)).toBe(true)
    const { classes: _, ...plain } = PRICES
    expect(checkedPrices({ ...plain, asOf: '2026-11-30' }, 'here')).toEqual({ ...plain, asOf: '2026-11-30' })
  })

  it.each<[string, unknown, string]>([
    ['no object', 0.09, 'here must be an object of prices, not 0.09.'],
    ['null', null, 'here must be an object of prices, not null.'],
    ['a list', [PRICES], 'here must be an object of prices, not a list.'],
    ['a name that nobody knows', { ...PRICES, egress: 1 }, 'here has no price "egress"; it knows currency, '],
    ['a sign for a currency', { ...PRICES, currency: '$' }, 'here: currency is "$"; it must be a currency of ISO 4217'],
    ['no currency', { ...PRICES, currency: undefined }, 'here: currency is undefined; '],
    ['a date in words', { ...PRICES, asOf: 'May 2026' }, 'here: asOf is "May 2026"; it must be a month or day'],
    ['a month that is none', { ...PRICES, asOf: '2026-13' }, 'here: asOf is "2026-13"; '],
    ['no source', { ...PRICES, source: ' ' }, 'here: source is " "; it must be where the prices stand'],
    ['a price that is text', { ...PRICES, stat: '0.4' }, 'here: stat is "0.4"; it must be a price, from 0.'],
    ['a price below nothing', { ...PRICES, read: -1 }, 'here: read is -1; it must be a price, from 0.'],
    ['a price that is no number', { ...PRICES, list: Number.NaN }, 'here: list is NaN; it must be a price, from 0.'],
    ['a price without end', { ...PRICES, list: Number.POSITIVE_INFINITY }, 'here: list is Infinity; '],
    ['a price that is left out', { ...PRICES, egressByte: undefined }, 'here: egressByte is undefined; it must be a'],
    ['an empty page', { ...PRICES, pageSize: 0 }, 'here: pageSize is 0; it must be the entries of a page, from 1.'],
    ['half an entry', { ...PRICES, pageSize: 0.5 }, 'here: pageSize is 0.5; '],
    ['classes in a list', { ...PRICES, classes: [] }, 'here: classes is a list; it must be prices by storage class.'],
    [
      'a class without prices',
      { ...PRICES, classes: { COLD: 1 } },
      'here: classes["COLD"] must be an object of prices',
    ],
    [
      'a class with a name that nobody knows',
      { ...PRICES, classes: { COLD: { egressByte: 0 } } },
      'here: classes["COLD"] has no price "egressByte"; it knows stat, read, retrievalByte.',
    ],
    [
      'a wrong price of a class',
      { ...PRICES, classes: { COLD: { read: -1 } } },
      'here: classes["COLD"]: read is -1; it must be a price, from 0.',
    ],
    [
      'the price of a gigabyte for a byte',
      { ...PRICES, egressByte: 0.09 },
      'here: egressByte is 0.09 for a single byte. If that is for a GiB, write 8.382e-11.',
    ],
    [
      'the same of a class',
      { ...PRICES, classes: { COLD: { retrievalByte: 0.01 } } },
      'here: classes["COLD"]: retrievalByte is 0.01 for a single byte.',
    ],
  ])('refuses %s', (_, given, message) => {
    expect(refusal(() => checkedPrices(given, 'here'))).toContain(message)
  })

  it('keeps no secret of an address', () => {
    const { source } = checkedPrices({ ...PRICES, source: 'https://x.example/p?sig=topsecret' }, 'here')
    expect(source).not.toContain('topsecret')
  })

  it('takes whatever is a price', () => {
    const price = fc.double({ min: 0, max: 1e-3, noNaN: true })
    fc.assert(
      fc.property(
        price,
        price,
        fc.dictionary(fc.string({ minLength: 1 }), fc.record({ retrievalByte: price })),
        (a, b, c) => {
          const given = { ...PRICES, list: a, stat: b, egressByte: a, classes: c }
          expect(JSON.stringify(checkedPrices(given, 'here'))).toBe(JSON.stringify(given))
        },
      ),
    )
  })
})

describe('parsePrices', () => {
  it('reads what was written as JSON', () => {
    const table = { 's3:': PRICES, 'gs://backups/shop': named('other') }
    const read = parsePrices(JSON.parse(JSON.stringify(table)), 'prices.json')
    expect(read).toEqual(table)
    expect(Object.isFrozen(read)).toBe(true)
    expect(Object.isFrozen(read['s3:'])).toBe(true)
  })

  it.each<[string, unknown, string]>([
    ['a list', [], 'prices.json must be an object of prices by URI, such as {"s3://backups": {...}}, not a list.'],
    ['text', 's3:', 'prices.json must be an object of prices by URI'],
    ['one price alone', PRICES, 'prices.json: "currency" is no beginning of a URI; write s3: for a scheme'],
    ['a path', { '/srv': PRICES }, 'prices.json: "/srv" is no beginning of a URI'],
    ['a scheme without its colon', { s3: PRICES }, 'prices.json: "s3" is no beginning of a URI'],
    [
      'a wrong price',
      { 's3:': { ...PRICES, stat: -1 } },
      'prices.json: "s3:": stat is -1; it must be a price, from 0.',
    ],
    [
      'the same place twice',
      { 's3://a': PRICES, 'S3://a/': PRICES },
      'prices.json: "s3://a" and "S3://a/" are the same; keep one.',
    ],
  ])('refuses %s', (_, given, message) => {
    expect(refusal(() => parsePrices(given, 'prices.json'))).toContain(message)
  })

  it('never throws anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        try {
          parsePrices(json, 'prices.json')
        } catch (error) {
          expect(isBackupError(error) && error.code).toBe('invalid-config')
        }
      }),
    )
  })
})

describe('validatePrices', () => {
  it('lets right tables pass, and names what is wrong', () => {
    expect(() => validatePrices({ 's3:': PRICES })).not.toThrow()
    const wrong = { 's3://a': { ...PRICES, pageSize: 0 } }
    expect(refusal(() => validatePrices(wrong))).toContain('prices: "s3://a": pageSize is 0; ')
  })
})

import {
  addMoney,
  costOf,
  listRequests,
  moneyOf,
  NOMINAL_RATES,
  type Rates,
  ratesByClass,
  ratesOf,
} from '@backproof/core/evidence'
import type { PlacePrices } from '@backproof/core/source'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PRICES } from './prices.js'

const GIB = 2 ** 30

describe('ratesOf', () => {
  it.each<[string, Parameters<typeof ratesOf>[0], Rates]>([
    ['a disk', { readCost: 'free' }, { stat: 0, read: 0, byte: 0, known: true }],
    ['a manifest', { readCost: 'impossible' }, { stat: 0, read: 0, byte: 0, known: true }],
    ['a disk, whatever it calls its class', { readCost: 'free', storageClass: 'COLD' }, ratesOf({ readCost: 'free' })],
    ['a paid place without prices', { readCost: 'paid' }, NOMINAL_RATES],
    ['an archive without prices', { readCost: 'archived' }, NOMINAL_RATES],
    ['a cost that nobody knows', { readCost: 'by-the-hour' }, NOMINAL_RATES],
    [
      'a priced place',
      { readCost: 'paid', prices: PRICES },
      { stat: 2, read: 3, byte: 5e-4, currency: 'EUR', known: true },
    ],
    [
      'a class that is charged otherwise',
      { readCost: 'paid', prices: PRICES, storageClass: 'COLD' },
      { stat: 20, read: 30, byte: 7e-4, currency: 'EUR', known: true },
    ],
    [
      'a class that has only a price for bytes',
      { readCost: 'paid', prices: PRICES, storageClass: 'COOL' },
      { stat: 2, read: 3, byte: 6e-4, currency: 'EUR', known: true },
    ],
    [
      'a class that may be asked for free',
      { readCost: 'paid', prices: PRICES, storageClass: 'GIFT' },
      { stat: 0, read: 0, byte: 5e-4, currency: 'EUR', known: true },
    ],
    [
      'a class that has no price of its own',
      { readCost: 'paid', prices: PRICES, storageClass: 'NEW' },
      ratesOf({ readCost: 'paid', prices: PRICES }),
    ],
    [
      'a class that is named like a property of objects',
      { readCost: 'paid', prices: PRICES, storageClass: 'constructor' },
      ratesOf({ readCost: 'paid', prices: PRICES }),
    ],
    [
      'a bucket that is mounted as a directory',
      { readCost: 'free', prices: PRICES },
      ratesOf({ readCost: 'paid', prices: PRICES }),
    ],
  ])('of %s', (_, facts, rates) => {
    const found = ratesOf(facts)
    expect(found.byte).toBeCloseTo(rates.byte, 12)
    expect({ ...found, byte: rates.byte }).toEqual(rates)
  })

  it('calls nominal rates no money', () => {
    expect(NOMINAL_RATES.known).toBe(false)
    expect(moneyOf(1, NOMINAL_RATES)).toBeUndefined()
    expect(moneyOf(1, { ...NOMINAL_RATES, currency: 'USD' })).toBeUndefined()
    expect(moneyOf(0, ratesOf({ readCost: 'free' }))).toBeUndefined()
    expect(moneyOf(1.5, ratesOf({ readCost: 'paid', prices: PRICES }))).toEqual({ currency: 'EUR', amount: 1.5 })
  })
})

describe('ratesByClass', () => {
  it('gives what ratesOf gives, the same object each time', () => {
    const place = { readCost: 'paid', prices: PRICES }
    const of = ratesByClass(place)
    for (const storageClass of ['COLD', 'COOL', 'GIFT', 'NEW', 'constructor', undefined]) {
      expect(of(storageClass)).toEqual(ratesOf({ ...place, storageClass }))
      expect(of(storageClass)).toBe(of(storageClass))
    }
    expect(of('NEW')).toBe(of())
  })

  it('of places without prices is that of their cost', () => {
    expect(ratesByClass({ readCost: 'paid' })('COLD')).toBe(NOMINAL_RATES)
    expect(ratesByClass({ readCost: 'free' })('COLD')).toEqual(ratesOf({ readCost: 'free' }))
  })
})

describe('costOf', () => {
  it('multiplies what is done with what it costs', () => {
    const rates = ratesOf({ readCost: 'paid', prices: PRICES, storageClass: 'COLD' })
    expect(costOf({ stats: 2 }, rates)).toBe(40)
    expect(costOf({ reads: 3 }, rates)).toBe(90)
    expect(costOf({ stats: 1, reads: 1, bytes: 10_000 }, rates)).toBeCloseTo(57, 9)
    expect(costOf({}, rates)).toBe(0)
  })

  it('of a bill that can be checked by hand: a million HEADs, a thousand reads of 1 GiB from a cold class', () => {
    const prices: PlacePrices = {
      ...{ currency: 'USD', asOf: '2026-11', source: 'by hand', list: 5e-6, pageSize: 1_000 },
      ...{ stat: 0.000_4 / 1_000, read: 0.000_4 / 1_000, egressByte: 0.09 / GIB },
      classes: { IA: { read: 0.001 / 1_000, retrievalByte: 0.01 / GIB } },
    }
    const rates = ratesOf({ readCost: 'paid', prices, storageClass: 'IA' })
    // 0.40 for asking, 0.001 for reading, 90 for egress, 10 for retrieval.
    expect(costOf({ stats: 1e6, reads: 1_000, bytes: 1_000 * GIB }, rates)).toBeCloseTo(100.401, 9)
  })

  const amount = fc.double({ min: 0, max: 1e3, noNaN: true })
  const count = fc.integer({ min: 0, max: 1e9 })
  const byte = fc.double({ min: 0, max: 1e-6, noNaN: true })
  const prices = fc.record({ list: amount, stat: amount, read: amount, egressByte: byte, retrievalByte: byte }).map(
    ({ retrievalByte, ...given }): PlacePrices => ({
      ...PRICES,
      ...given,
      classes: { COLD: { retrievalByte } },
    }),
  )
  const usage = fc.record({ stats: count, reads: count, bytes: count })
  const storageClass = fc.constantFrom('COLD', 'NEW', undefined)

  it('never falls when more is done', () => {
    fc.assert(
      fc.property(prices, storageClass, usage, usage, (table, name, some, more) => {
        const rates = ratesOf({ readCost: 'paid', prices: table, storageClass: name })
        const all = { stats: some.stats + more.stats, reads: some.reads + more.reads, bytes: some.bytes + more.bytes }
        expect(costOf(all, rates)).toBeGreaterThanOrEqual(costOf(some, rates))
        expect(costOf(some, rates)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('is never less for a class with a retrieval fee', () => {
    fc.assert(
      fc.property(prices, usage, (table, used) => {
        const of = (name?: string): number =>
          costOf(used, ratesOf({ readCost: 'paid', prices: table, storageClass: name }))
        expect(of('COLD')).toBeGreaterThanOrEqual(of())
      }),
    )
  })

  it('is nothing for places that charge nothing', () => {
    fc.assert(
      fc.property(usage, fc.constantFrom('free', 'impossible'), fc.string(), (used, readCost, name) => {
        expect(costOf(used, ratesOf({ readCost, storageClass: name }))).toBe(0)
      }),
    )
  })

  it('is something for a paid place that nobody knows prices of', () => {
    fc.assert(
      fc.property(usage, (used) => {
        const isUsed = used.stats + used.reads + used.bytes > 0
        expect(costOf(used, ratesOf({ readCost: 'paid' })) > 0).toBe(isUsed)
      }),
    )
  })
})

describe('listRequests', () => {
  it.each([
    [0, 1_000, 1],
    [1, 1_000, 1],
    [1_000, 1_000, 1],
    [1_001, 1_000, 2],
    [10_000_000, 5_000, 2_000],
  ])('of %d entries in pages of %d are %d', (entries, pageSize, requests) => {
    expect(listRequests(entries, { pageSize })).toBe(requests)
  })
})

describe('addMoney', () => {
  it('adds by currency, and converts nothing', () => {
    const first = addMoney({}, { currency: 'USD', amount: 1 })
    const second = addMoney(first, { currency: 'EUR', amount: 2 })
    expect(addMoney(second, { currency: 'USD', amount: 0.5 })).toEqual({ USD: 1.5, EUR: 2 })
    expect(addMoney(second, undefined)).toBe(second)
    expect(first).toEqual({ USD: 1 })
  })
})

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSelection, type SampleOptions, validateSample } from '../../../src/evidence/index.js'
import { createDraw } from '../../../src/evidence/sample/ranks.js'
import { keyToBytes } from '../../../src/source/key.js'

interface Sized {
  readonly key: string
  readonly size: number
}

const sized = fc.uniqueArray(
  fc.record({ key: fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), size: fc.nat({ max: 1_000 }) }),
  { selector: ({ key }) => key, minLength: 1, maxLength: 80 },
)
const seeds = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\udc80', '1'), minLength: 1, maxLength: 4 })

/** What a sample takes, with the keys in the given order. */
const taken = (objects: readonly Sized[], options: SampleOptions): readonly string[] => {
  const selection = createSelection(validateSample(options))
  if (selection.needsPass) for (const { key, size } of objects) selection.add(key, size)
  return objects
    .filter(({ key, size }) => selection.takes(key, size))
    .map(({ key }) => key)
    .sort()
}

/** The same by sorting everything. */
const sortedBy = (objects: readonly Sized[], rank: (object: Sized) => number): readonly Sized[] =>
  [...objects].sort((a, b) => rank(a) - rank(b))
const names = (objects: readonly Sized[]): readonly string[] => objects.map(({ key }) => key).sort()

describe('a selection', () => {
  it('draws from sha256 of purpose, seed and key, the first 53 bits', () => {
    fc.assert(
      fc.property(seeds, fc.string({ unit: 'binary' }), (seed, key) => {
        const bytes = Buffer.concat([keyToBytes(`rank\0${seed}\0`), keyToBytes(key)])
        const hex = createHash('sha256').update(bytes).digest('hex')
        const bits = BigInt(`0x${hex.slice(0, 16)}`) >> 11n
        expect(createDraw('rank', seed)(key)).toBe(Number(bits) / 2 ** 53)
        expect(createDraw('part', seed)(key)).not.toBe(createDraw('rank', seed)(key))
      }),
    )
    expect(createDraw('rank', 'backproof')('a')).toBe(createDraw('rank', 'backproof')('a'))
  })

  it('of a count takes the smallest ranks, whatever the order of the keys', () => {
    fc.assert(
      fc.property(sized, seeds, fc.integer({ min: 1, max: 90 }), (objects, seed, count) => {
        const draw = createDraw('rank', seed)
        const expected = names(sortedBy(objects, ({ key }) => draw(key)).slice(0, count))
        expect(taken(objects, { count, seed })).toEqual(expected)
        expect(taken([...objects].reverse(), { count, seed })).toEqual(expected)
      }),
    )
  })

  it('of bytes takes the smallest ranks until one does not fit', () => {
    fc.assert(
      fc.property(sized, seeds, fc.integer({ min: 1, max: 30_000 }), (objects, seed, bytes) => {
        const draw = createDraw('rank', seed)
        let left = bytes
        const sorted = sortedBy(objects, ({ key }) => draw(key))
        const end = sorted.findIndex(({ size }) => {
          left -= size
          return left < 0
        })
        const expected = names(end === -1 ? sorted : sorted.slice(0, end))
        expect(taken(objects, { bytes, seed })).toEqual(expected)
        expect(taken([...objects].reverse(), { bytes, seed })).toEqual(expected)
      }),
    )
  })

  it('by bytes takes the smallest ranks divided by size; empty ones only with everything', () => {
    fc.assert(
      fc.property(sized, seeds, fc.integer({ min: 1, max: 90 }), (objects, seed, count) => {
        const draw = createDraw('rank', seed)
        const filled = objects.filter(({ size }) => size > 0)
        const sorted = sortedBy(filled, ({ key, size }) => draw(key) / size)
        const expected = names(filled.length <= count ? objects : sorted.slice(0, count))
        expect(taken(objects, { count, seed, by: 'bytes' })).toEqual(expected)
        const half = Math.ceil(0.5 * filled.length)
        const halfExpected = names(filled.length <= half ? objects : sorted.slice(0, half))
        expect(taken(objects, { fraction: 0.5, seed, by: 'bytes' })).toEqual(halfExpected)
      }),
    )
  })

  it('of parts covers every key exactly once, whatever the seed', () => {
    fc.assert(
      fc.property(sized, seeds, fc.integer({ min: 1, max: 12 }), (objects, seed, of) => {
        const parts = Array.from({ length: of }, (_, i) => taken(objects, { part: i + 1, of, seed }))
        expect(parts.flat().sort()).toEqual(names(objects))
      }),
    )
  })

  it('of a fraction needs no pass, and takes that share', () => {
    const objects = Array.from({ length: 20_000 }, (_, i) => ({ key: `shop/${i}.jpg`, size: 1 }))
    expect(createSelection(validateSample({ fraction: 0.1 })).needsPass).toBe(false)
    expect(taken(objects, { fraction: 0.1 }).length / 20_000).toBeCloseTo(0.1, 2)
    expect(taken(objects, { fraction: 1 })).toHaveLength(20_000)
    expect(taken(objects, { fraction: 0.1, seed: 'x' })).not.toEqual(taken(objects, { fraction: 0.1, seed: 'y' }))
  })

  it('by bytes prefers the large ones', () => {
    const objects = Array.from({ length: 1_000 }, (_, i) => ({ key: `k${i}`, size: i < 100 ? 1_000 : 10 }))
    const large = taken(objects, { count: 50, by: 'bytes' }).filter((key) => Number(key.slice(1)) < 100)
    expect(large.length).toBeGreaterThan(40)
  })

  it('says what it cannot do without sizes, and takes nothing new once it is made', () => {
    const byBytes = createSelection(validateSample({ count: 5, by: 'bytes' }))
    expect(() => byBytes.add('a\n', undefined)).toThrow(/no.* for "a\\n": sample by objects/)
    expect(() => byBytes.add('a', undefined)).toThrow(expect.objectContaining({ code: 'unsupported' }))
    const byCount = createSelection(validateSample({ count: 5 }))
    byCount.add('a', undefined)
    expect(byCount.threshold()).toBe(Number.POSITIVE_INFINITY)
    expect(() => byCount.add('b', 1)).toThrow(expect.objectContaining({ code: 'internal' }))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCoverage } from '../../src/report/coverage.js'
import {
  type Coverage,
  coversEverything,
  inRange,
  inShard,
  keyHash,
  overlaps,
  validateCoverage,
} from '../../src/report/index.js'
import { keyToBytes } from '../../src/source/key.js'

/** FNV-1a and fmix32 by their definitions, with integers that cannot overflow. */
const naiveHash = (bytes: Uint8Array): number => {
  const mask = 0xffffffffn
  let h = 0x811c9dc5n
  for (const byte of bytes) h = ((h ^ BigInt(byte)) * 0x01000193n) & mask
  h ^= h >> 16n
  h = (h * 0x85ebca6bn) & mask
  h ^= h >> 13n
  h = (h * 0xc2b2ae35n) & mask
  h ^= h >> 16n
  return Number(h)
}

const anyKey = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'é', '\udc80', '\ud800', '😀') }),
)

describe('keyHash', () => {
  it('is FNV-1a with the finalizer of MurmurHash3 over the bytes of the key', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(keyHash(key)).toBe(naiveHash(keyToBytes(key)))
      }),
    )
  })

  it('deals each key to exactly one shard', () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 1, max: 9 }), (key, count) => {
        const taking = Array.from({ length: count }, (_, index) => inShard(key, { index, count })).filter(Boolean)
        expect(taking).toHaveLength(1)
      }),
    )
  })

  it('never changes', () => {
    expect(['', 'a', 'shop/invoice.pdf', 'ü/😀', '\udcff'].map(keyHash)).toEqual([
      2872998923, 444641715, 3036200223, 2964471554, 3099819549,
    ])
  })

  it('deals similar keys evenly', () => {
    for (const count of [2, 3, 8, 64]) {
      const dealt = new Array<number>(count).fill(0)
      for (let i = 0; i < 64_000; i++) {
        const key = `shop/2026/${String(i).padStart(8, '0')}.pdf`
        dealt[keyHash(key) % count]! += 1
      }
      for (const share of dealt) expect(Math.abs(share / (64_000 / count) - 1)).toBeLessThan(0.15)
    }
  })
})

describe('validateCoverage', () => {
  it('keeps what limits, and drops what means all', () => {
    expect(validateCoverage({})).toEqual({})
    expect(validateCoverage({ range: {}, shard: { index: 0, count: 1 } })).toEqual({})
    expect(validateCoverage({ range: { from: '' } })).toEqual({})
    const limited = { range: { from: 'a', to: 'b' }, shard: { index: 1, count: 2 } }
    expect(validateCoverage(limited)).toEqual(limited)
    expect(validateCoverage({ range: { to: 'b' } })).toEqual({ range: { to: 'b' } })
  })

  it.each<[Coverage, RegExp]>([
    [{ range: { from: 'b', to: 'a' } }, /from "b" to "a" is empty/],
    [{ range: { from: 'a', to: 'a' } }, /is empty/],
    // UTF-8 order, in which UTF-16 code units would have it the other way.
    [{ range: { from: '😀', to: '\uffff' } }, /is empty/],
    [{ range: { to: '' } }, /leave "to" out/],
    [{ shard: { index: 2, count: 2 } }, /no shard 2 of 2/],
    [{ shard: { index: -1, count: 2 } }, /no shard -1 of 2/],
    [{ shard: { index: 0, count: 0 } }, /no shard 0 of 0/],
    [{ shard: { index: 0.5, count: 2 } }, /no shard 0.5 of 2/],
  ])('refuses %j', (coverage, message) => {
    expect(() => validateCoverage(coverage)).toThrow(message)
    expect(() => validateCoverage(coverage)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })
})

// Small enough to try every key against every piece.
const KEYS = ['', 'a', 'b', 'c', 'd', 'e']
const piece = fc
  .record({
    from: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }),
    to: fc.option(fc.constantFrom('b', 'c', 'd', 'e'), { nil: undefined }),
    shard: fc.option(fc.constantFrom({ index: 0, count: 2 }, { index: 1, count: 2 }), { nil: undefined }),
  })
  .filter(({ from, to }) => from === undefined || to === undefined || from < to)
  .map(({ from, to, shard }) => validateCoverage({ range: { from, to }, shard }))

/** Every (key, hash class of 2) that a piece takes in. */
const cells = ({ range = {}, shard }: Coverage): string[] =>
  KEYS.filter((key) => inRange(key, range)).flatMap((key) =>
    [0, 1].filter((at) => shard === undefined || shard.index === at).map((at) => `${key}/${at}`),
  )

describe('pieces', () => {
  it('overlap when they share a key', () => {
    fc.assert(
      fc.property(piece, piece, (a, b) => {
        const shared = cells(a).some((cell) => cells(b).includes(cell))
        expect(overlaps(a, b)).toBe(shared)
        expect(overlaps(b, a)).toBe(shared)
      }),
      { numRuns: 1_000 },
    )
  })

  it('of different shard counts overlap unless their ranges are apart', () => {
    const [half, third] = [{ shard: { index: 0, count: 2 } }, { shard: { index: 0, count: 3 } }]
    expect(overlaps(half, third)).toBe(true)
    expect(overlaps({ ...half, range: { to: 'm' } }, { ...third, range: { from: 'm' } })).toBe(false)
  })

  it('cover everything when no key is left out', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const taken = new Set(pieces.flatMap(cells))
        expect(coversEverything(pieces)).toBe(taken.size === KEYS.length * 2)
      }),
      { numRuns: 2_000 },
    )
  })

  it('of all shards of different counts over separate ranges cover everything', () => {
    const shards = (count: number, range: Coverage['range']): Coverage[] =>
      Array.from({ length: count }, (_, index) => ({ range, shard: { index, count } }))
    const pieces = [...shards(2, { to: 'm' }), ...shards(3, { from: 'm' })]
    expect(coversEverything(pieces)).toBe(true)
    for (const left of pieces) expect(coversEverything(pieces.filter((one) => one !== left))).toBe(false)
  })

  it('have one order', () => {
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sorted = [...pieces].sort(compareCoverage)
        expect([...pieces].reverse().sort(compareCoverage)).toEqual(sorted)
      }),
    )
  })
})

import type { FailureDomains } from '@backproof/core/audit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DOMAINS } from '../../src/copies/apart.js'
import { relationOver } from '../../src/copies/domains.js'
import { type Bounds, independentCopies, largestSet } from '../../src/copies/independent.js'
import type { Place } from '../../src/copies/places.js'

const name = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined })
const domains: fc.Arbitrary<FailureDomains> = fc.record({
  device: name,
  account: name,
  region: name,
  site: name,
  provider: name,
  key: name,
  administrators: fc.option(fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 }), { nil: undefined }),
})
const holds = fc.constantFrom('yes', 'maybe', 'no') as fc.Arbitrary<Place['holds']>
const place: fc.Arbitrary<Place> = fc.record({ id: fc.string(), domains, points: fc.constant({}), holds })
const places = fc.array(place, { maxLength: 9 })
const asked = fc.uniqueArray(fc.constantFrom(...DOMAINS), { minLength: 1 })

const count = (all: readonly Place[], over: readonly (typeof DOMAINS)[number][]): Bounds =>
  independentCopies(all, (a, b) => relationOver(a.domains, b.domains, over))

/** By trying every set. */
const bySearch = (size: number, joins: (a: number, b: number) => boolean): number => {
  let most = 0
  for (let set = 0; set < 1 << size; set += 1) {
    const members = Array.from({ length: size }, (_, i) => i).filter((i) => set & (1 << i))
    if (members.length > most && members.every((a) => members.every((b) => a === b || !joins(a, b))))
      most = members.length
  }
  return most
}

describe('the largest set of which no two are joined', () => {
  it('is what trying every set finds', () => {
    const graph = fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 30 })
    fc.assert(
      fc.property(fc.nat(9), graph, (size, edges) => {
        const joins = (a: number, b: number): boolean =>
          edges.some(([x, y]) => (a === x && b === y) || (a === y && b === x))
        const all = Array.from({ length: size }, (_, i) => i)
        expect(largestSet(all, joins)).toBe(bySearch(size, joins))
      }),
    )
  })

  it.each([
    ['nothing', 0, () => true, 0],
    ['no two joined', 25, () => false, 25],
    ['all joined', 25, () => true, 1],
    ['a ring', 25, (a: number, b: number) => (a + 1) % 25 === b || (b + 1) % 25 === a, 12],
    ['eight triangles', 24, (a: number, b: number) => a % 8 === b % 8, 8],
  ] as const)('of %s is found at once', (_, size, joins, expected) => {
    const all = Array.from({ length: size }, (__, i) => i)
    expect(largestSet(all, joins)).toBe(expected)
  })

  it('of a tangle of 25 comes to an end', () => {
    const tangled = (a: number, b: number): boolean => ((a * b) % 7) + ((a + b) % 5) < 3
    const all = Array.from({ length: 25 }, (_, i) => i)
    const size = largestSet(all, tangled)
    expect(size).toBeGreaterThan(2)
    expect(size).toBeLessThan(25)
  })
})

describe('independent copies', () => {
  it('lie between what is certain and what is possible', () => {
    fc.assert(
      fc.property(places, asked, (all, over) => {
        const { least, most } = count(all, over)
        expect(least).toBeLessThanOrEqual(most)
        expect(most).toBeLessThanOrEqual(all.filter((one) => one.holds !== 'no').length)
      }),
    )
  })

  it('do not depend on the order of copies', () => {
    fc.assert(
      fc.property(
        places.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        asked,
        ([all, shuffled], over) => {
          expect(count(shuffled, over)).toEqual(count(all, over))
        },
      ),
    )
  })

  it('become no more where more domains are asked about', () => {
    fc.assert(
      fc.property(places, asked, asked, (all, over, more) => {
        const [few, many] = [count(all, over), count(all, [...over, ...more])]
        expect(many.least).toBeLessThanOrEqual(few.least)
        expect(many.most).toBeLessThanOrEqual(few.most)
      }),
    )
  })

  it('become no more where two get an administrator in common', () => {
    fc.assert(
      fc.property(places, fc.nat(8), fc.nat(8), (all, one, other) => {
        const shared = all.map((at, i): Place => {
          const { administrators = [] } = at.domains
          // Who has no administrators that are known would become known to be apart from others.
          if ((i !== one && i !== other) || administrators.length === 0) return at
          return { ...at, domains: { ...at.domains, administrators: [...administrators, 'both'] } }
        })
        const [before, after] = [count(all, ['administrators']), count(shared, ['administrators'])]
        expect(after.least).toBeLessThanOrEqual(before.least)
        expect(after.most).toBeLessThanOrEqual(before.most)
      }),
    )
  })

  it('become no fewer with one copy more', () => {
    fc.assert(
      fc.property(places, place, asked, (all, one, over) => {
        const [before, after] = [count(all, over), count([...all, one], over)]
        expect(after.least).toBeGreaterThanOrEqual(before.least)
        expect(after.most).toBeGreaterThanOrEqual(before.most)
      }),
    )
  })

  it('are bounded more closely, never less, where the policy says more', () => {
    const plain = fc.constantFrom('account', 'provider', 'key', 'region') as fc.Arbitrary<'account'>
    fc.assert(
      fc.property(places, fc.nat(8), plain, fc.constantFrom('a', 'b'), asked, (all, at, domain, value, over) => {
        const told = all.map(
          (one, i): Place =>
            i === at ? { ...one, domains: { ...one.domains, [domain]: one.domains[domain] ?? value } } : one,
        )
        // Sites that are named beside regions may say other than regions do.
        const some = over.filter((one) => one !== 'site' && one !== 'device')
        const [before, after] = [count(all, some), count(told, some)]
        expect(after.least).toBeGreaterThanOrEqual(before.least)
        expect(after.most).toBeLessThanOrEqual(before.most)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { poissonFactor, upperFailing, upperOfParts } from '../../../src/evidence/sample/bounds.js'

const choose = (n: number, k: number): bigint => {
  if (k < 0 || k > n) return 0n
  let value = 1n
  for (let i = 1; i <= k; i++) value = (value * BigInt(n - k + i)) / BigInt(i)
  return value
}

/** P(X <= x), from whole numbers without rounding. */
const exactUpTo = (x: number, population: number, marked: number, sampled: number): number => {
  let ways = 0n
  for (let i = 0; i <= x; i++) ways += choose(marked, i) * choose(population - marked, sampled - i)
  return Number((ways * 10n ** 15n) / choose(population, sampled)) / 1e15
}

describe('upperFailing', () => {
  it('is the greatest number that is possible, by counting every sample', () => {
    const drawn = fc.integer({ min: 1, max: 60 }).chain((population) =>
      fc.integer({ min: 0, max: population }).chain((sampled) =>
        fc.record({
          population: fc.constant(population),
          sampled: fc.constant(sampled),
          failing: fc.integer({ min: 0, max: sampled }),
          confidence: fc.constantFrom(0.05, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999_9),
        }),
      ),
    )
    fc.assert(
      fc.property(drawn, ({ population, sampled, failing, confidence }) => {
        const possible = (marked: number): boolean =>
          exactUpTo(failing, population, marked, sampled) >= 1 - confidence - 1e-12
        let expected = population - (sampled - failing)
        while (!possible(expected)) expected -= 1
        expect(upperFailing(population, sampled, failing, confidence)).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  // 250,000 objects: by exact fractions, no failure has a probability of 5.006 % when 746 fail, of 4.986 % when 747 do.
  it.each([
    [250_000, 1_000, 0, 746],
    [1, 1, 0, 0],
    [100, 0, 0, 100],
    [100, 100, 3, 3],
  ])('of %d objects, %d sampled, %d failing: %d', (population, sampled, failing, expected) => {
    expect(upperFailing(population, sampled, failing, 0.95)).toBe(expected)
  })

  it('agrees with the product of fractions where nothing failed, up to 1e12 objects', () => {
    const logNone = (population: number, marked: number, sampled: number): number => {
      let log = 0
      for (let i = 0; i < sampled; i++) log += Math.log1p(-marked / (population - i))
      return log
    }
    for (const [population, sampled] of [
      [1e12, 3_000],
      [1e12, 1_000_000],
      [12_345_678_901, 59],
      [5_000_000, 2_000_000],
    ] as const) {
      const upper = upperFailing(population, sampled, 0, 0.95)
      expect(logNone(population, upper * (1 - 1e-7), sampled)).toBeGreaterThan(Math.log(0.05))
      expect(logNone(population, upper * (1 + 1e-7) + 1, sampled)).toBeLessThan(Math.log(0.05))
    }
  })

  it('comes near the Poisson bound in a small share of a great population, and is quick', () => {
    const started = performance.now()
    for (const failing of [0, 1, 7, 1_000, 1_000_000]) {
      const share = upperFailing(1e12, 1e8, failing, 0.95) / 1e12
      expect(share / (poissonFactor(failing, 0.95) / 1e8)).toBeGreaterThan(0.98)
      expect(share / (poissonFactor(failing, 0.95) / 1e8)).toBeLessThanOrEqual(1)
    }
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('poissonFactor', () => {
  // Half the quantiles of chi-square with 2 (x + 1) degrees of freedom, as tables of monetary-unit sampling have them; by sums of 40 digits.
  it.each([
    [0, 0.95, 2.995_732],
    [1, 0.95, 4.743_865],
    [2, 0.95, 6.295_794],
    [10, 0.95, 16.962_219],
    [0, 0.99, 4.605_17],
    [5, 0.9, 9.274_674],
    [100, 0.95, 118.079_273],
  ])('for %d failing at %d is %d', (failing, confidence, expected) => {
    expect(poissonFactor(failing, confidence)).toBeCloseTo(expected, 5)
  })

  it('is never less than one above what failed, where the Poisson tail bounds no other sum', () => {
    expect(poissonFactor(1, 0.5)).toBe(2)
    expect(poissonFactor(0, 0.5)).toBeCloseTo(Math.LN2, 5)
  })
})

describe('upperOfParts', () => {
  it('with one rate is the factor divided by it', () => {
    expect(upperOfParts([{ rate: 0.01, most: 1e6 }], 0, 0.95)).toBe(299)
    const halves = [
      { rate: 0.01, most: 5e5 },
      { rate: 0.01, most: 5e5 },
    ]
    expect(upperOfParts(halves, 0, 0.95)).toBe(299)
  })

  it('puts what fails where it is least likely to be seen, as far as there is room', () => {
    const parts = [
      { rate: 0.5, most: 1_000 },
      { rate: 0.01, most: 50 },
      { rate: 0, most: 7 },
    ]
    expect(upperOfParts(parts, 0, 0.95)).toBe(7 + 50 + Math.floor((poissonFactor(0, 0.95) - 0.5) / 0.5))
  })

  it('is never more than there is', () => {
    expect(upperOfParts([{ rate: 0.5, most: 2 }], 1, 0.95)).toBe(2)
  })
})

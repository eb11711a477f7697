import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, type Point, ring, spreadOf, theilSen } from '../../src/statistics/index.js'

// Whole numbers and powers of two: what is moved or scaled by them is exact.
const whole = fc.integer({ min: -1_000_000, max: 1_000_000 })
const values = fc.array(whole, { minLength: 1, maxLength: 40 })
const scale = fc.constantFrom(0.25, 0.5, 2, 8, 1_024)
const shuffled = <T>(items: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length })
const RUNS = { numRuns: 300 }

describe('median', () => {
  it('is the middle value, or lies between the middle two', () => {
    expect(median([])).toBeUndefined()
    expect(median([7])).toBe(7)
    expect(median([10, 2, 9])).toBe(9)
    expect(median([10, 2, 9, 100])).toBe(9.5)
    expect(median([-3, -20])).toBe(-11.5)
    expect(median([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE)
  })

  it('has as many values below as above', () => {
    fc.assert(
      fc.property(values, (all) => {
        const middle = median(all)!
        expect(all.filter((value) => value < middle).length).toBeLessThanOrEqual(all.length / 2)
        expect(all.filter((value) => value > middle).length).toBeLessThanOrEqual(all.length / 2)
      }),
      RUNS,
    )
  })

  it('moves, scales and turns with its values, in any order', () => {
    const any = values.chain((all) => fc.tuple(fc.constant(all), shuffled(all), whole, scale))
    fc.assert(
      fc.property(any, ([all, others, shift, factor]) => {
        const middle = median(all)!
        expect(median(others)).toBe(middle)
        expect(median(all.map((value) => value + shift))).toBe(middle + shift)
        expect(median(all.map((value) => value * factor))).toBe(middle * factor)
        expect(median(all.map((value) => -value))! + middle).toBe(0)
      }),
      RUNS,
    )
  })

  it('leaves its argument as it is', () => {
    expect(median(Object.freeze([3, 1, 2]))).toBe(2)
  })
})

describe('spread', () => {
  it('is the standard deviation where values are normal', () => {
    expect(spreadOf([])).toBeUndefined()
    expect(spreadOf([1, 1, 2, 2, 4, 6, 9])).toEqual({ median: 2, deviation: 1.4826 })
    // Quantiles of the normal distribution with deviation 10: of all three quarters the same distance.
    expect(spreadOf([-6.745, 0, 6.745])!.deviation).toBeCloseTo(10, 3)
  })

  it('does not move with its values, and scales with them', () => {
    fc.assert(
      fc.property(values, whole, scale, (all, shift, factor) => {
        const { deviation } = spreadOf(all)!
        expect(spreadOf(all.map((value) => value + shift))!.deviation).toBe(deviation)
        expect(spreadOf(all.map((value) => value * factor))!.deviation).toBe(deviation * factor)
      }),
      RUNS,
    )
  })

  it('is not moved by wild values, as long as they are fewer than half', () => {
    const calm = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 5, maxLength: 30 })
    fc.assert(
      fc.property(calm, fc.array(whole, { maxLength: 4 }), (tame, wild) => {
        const { median: middle, deviation } = spreadOf([...tame, ...wild])!
        expect(middle).toBeGreaterThanOrEqual(90)
        expect(middle).toBeLessThanOrEqual(110)
        expect(deviation).toBeLessThanOrEqual(1.4826 * 20)
      }),
      RUNS,
    )
  })
})

describe('trend', () => {
  const line = (slope: number, count: number): Point[] =>
    Array.from({ length: count }, (_, x) => ({ x, y: 5 + slope * x }))
  const cloud = fc.array(fc.record({ x: fc.integer({ min: 0, max: 50 }), y: whole }), { maxLength: 25 })

  it('is the line that points lie on', () => {
    expect(theilSen(line(3, 14))).toEqual({ slope: 3, intercept: 5 })
    expect(theilSen(line(-0.5, 3))).toEqual({ slope: -0.5, intercept: 5 })
  })

  it('needs two points that differ in x', () => {
    expect(theilSen([])).toBeUndefined()
    expect(theilSen([{ x: 1, y: 1 }])).toBeUndefined()
    expect(
      theilSen([
        { x: 1, y: 1 },
        { x: 1, y: 9 },
      ]),
    ).toBeUndefined()
  })

  it('is the same for any order of points, however many are taken', () => {
    const any = cloud.chain((points) => fc.tuple(fc.constant(points), shuffled(points)))
    fc.assert(
      fc.property(any, ([points, others]) => {
        expect(theilSen(others)).toEqual(theilSen(points))
        expect(theilSen(others, { maxPoints: 7 })).toEqual(theilSen(points, { maxPoints: 7 }))
      }),
      RUNS,
    )
  })

  it('turns with a line that is added, and scales with y', () => {
    fc.assert(
      fc.property(cloud, fc.integer({ min: -99, max: 99 }), whole, scale, (points, turn, shift, factor) => {
        const trend = theilSen(points)
        const turned = theilSen(points.map(({ x, y }) => ({ x, y: y + turn * x + shift })))
        const scaled = theilSen(points.map(({ x, y }) => ({ x, y: y * factor })))
        expect(turned === undefined).toBe(trend === undefined)
        if (trend === undefined || turned === undefined) return
        expect(turned.slope).toBeCloseTo(trend.slope + turn, 6)
        expect(scaled?.slope).toBe(trend.slope * factor)
      }),
      RUNS,
    )
  })

  it('keeps to the line while fewer than 29 % of the points are wild', () => {
    const wild = fc.array(fc.tuple(fc.nat(39), whole), { maxLength: 11 })
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 9 }), wild, (slope, outliers) => {
        const points = line(slope, 40)
        for (const [at, y] of outliers) points[at] = { x: at, y }
        expect(theilSen(points)!.slope).toBe(slope)
      }),
      RUNS,
    )
  })

  it('takes a bounded number of points, from the first to the last', () => {
    const bent = [...line(1, 5_000), { x: 1_000_000, y: 5 + 1_000_000 }]
    expect(theilSen(bent)!.slope).toBe(1)
    expect(theilSen(bent, { maxPoints: 2 })).toEqual({ slope: 1, intercept: 5 })
  })
})

describe('ring', () => {
  it('keeps the last items, oldest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.nat()), (size, items) => {
        const kept = ring<number>(size)
        for (const item of items) kept.push(item)
        expect(kept.items()).toEqual(items.slice(-size))
        expect(kept.pushed).toBe(items.length)
      }),
      RUNS,
    )
  })
})

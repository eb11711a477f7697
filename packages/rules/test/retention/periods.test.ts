import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodName, periodOf, periodStart, TIERS } from '../../src/retention/index.js'

const nameAt = (tier: (typeof TIERS)[number], time: string): string =>
  periodName(tier, periodOf(tier, Date.parse(time)))

describe('periods', () => {
  // Weeks: from the examples of ISO 8601 as Wikipedia lists them.
  it.each([
    ['2005-01-01T12:00:00Z', 'week 2004-W53'],
    ['2005-12-31T23:59:59Z', 'week 2005-W52'],
    ['2006-01-01T00:00:00Z', 'week 2005-W52'],
    ['2007-01-01T00:00:00Z', 'week 2007-W01'],
    ['2008-12-28T12:00:00Z', 'week 2008-W52'],
    ['2008-12-29T00:00:00Z', 'week 2009-W01'],
    ['2010-01-03T23:59:59Z', 'week 2009-W53'],
    ['1969-12-31T00:00:00Z', 'week 1970-W01'],
    ['2026-11-01T12:00:00Z', 'week 2026-W44'],
  ])('%s lies in %s', (time, name) => {
    expect(nameAt('weekly', time)).toBe(name)
  })

  it.each([
    ['daily', '2024-02-29T23:59:59.999Z', 'day 2024-02-29'],
    ['monthly', '2024-02-29T23:59:59.999Z', 'month 2024-02'],
    ['monthly', '0050-03-01T00:00:00Z', 'month 0050-03'],
    ['yearly', '1969-12-31T23:59:59Z', 'year 1969'],
    ['yearly', '0000-01-01T00:00:00Z', 'year 0000'],
  ] as const)('as %s, %s lies in %s', (tier, time, name) => {
    expect(nameAt(tier, time)).toBe(name)
  })

  it('follow each other without a gap, and each moment lies in its own', () => {
    const moment = fc.integer({ min: Date.UTC(0), max: Date.UTC(9999, 11, 31) })
    fc.assert(
      fc.property(fc.constantFrom(...TIERS), moment, (tier, at) => {
        const period = periodOf(tier, at)
        expect(periodStart(tier, period)).toBeLessThanOrEqual(at)
        expect(periodStart(tier, period + 1)).toBeGreaterThan(at)
        expect(periodOf(tier, periodStart(tier, period))).toBe(period)
        expect(periodOf(tier, periodStart(tier, period) - 1)).toBe(period - 1)
      }),
    )
  })
})

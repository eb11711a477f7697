import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ageOf, isCurrent, newestOf } from '../../src/governance/dates.js'
import { CLOCK_SKEW } from '../../src/time.js'
import { DAY, NOW } from '../restore-test.js'

it('what is as old as allowed is current, and what is dated after the clock has not happened', () => {
  const current = (at: number | undefined): boolean => isCurrent(at, NOW, DAY)
  expect([NOW, NOW - DAY, NOW + CLOCK_SKEW].map(current)).toEqual([true, true, true])
  expect([undefined, NOW - DAY - 1, NOW + CLOCK_SKEW + 1, Number.NaN].map(current)).toEqual(Array(4).fill(false))
})

it('a date stands for its whole day: who reviews each day is in time until the next day ends', () => {
  const midnight = Math.floor(NOW / DAY) * DAY
  expect(isCurrent(midnight, midnight + 2 * DAY - 1, DAY)).toBe(true)
  expect(isCurrent(midnight, midnight + 2 * DAY, DAY)).toBe(false)
  expect(isCurrent(midnight + 1, midnight + DAY + 2, DAY)).toBe(false)
  expect([midnight, midnight + 2 * DAY - 1].map((now) => ageOf(midnight, now))).toEqual([0, DAY])
})

it('the newest of all is current where any is', () => {
  const times = fc.array(fc.option(fc.integer({ min: NOW - 3 * DAY, max: NOW + 3 * DAY }), { nil: undefined }))
  fc.assert(
    fc.property(times, (all) => {
      expect(isCurrent(newestOf(all, NOW), NOW, DAY)).toBe(all.some((at) => isCurrent(at, NOW, DAY)))
    }),
  )
})

import type { RecoveryPoint } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addPoint, MOST_PERIODS, MOST_PLANS, type PeriodsByPlan } from '../../src/recovery-points/newest-by-period.js'
import { type Counts, nearestTo, rotationStanding } from '../../src/recovery-points/rotation-standing.js'
import { simulateRetention, slotOf } from '../../src/retention/index.js'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 1, 12)
const pointAt = (created: number, plan?: string): RecoveryPoint => ({
  id: `p${created}`,
  asset: 'shop',
  created,
  plan,
})
const remembered = (points: readonly RecoveryPoint[]): PeriodsByPlan => {
  const plans: PeriodsByPlan = new Map()
  for (const point of points.toSorted((a, b) => a.created - b.created)) addPoint(plans, point, undefined)
  return plans
}
const ask = (plans: PeriodsByPlan, counts: Counts, due = Number.NEGATIVE_INFINITY) =>
  rotationStanding({ counts, own: [...plans.values()], untold: [], now: NOW, until: NOW, due })

describe('what the slots of a rotation hold', () => {
  it('is what the simulation tells', () => {
    const count = fc.nat(20)
    const counts = fc.record({ daily: count, weekly: count, monthly: count, yearly: fc.nat(4) })
    const time = fc.integer({ min: NOW - 900 * DAY, max: NOW })
    const plan = fc.constantFrom('nightly', 'weekly', undefined)
    const points = fc.uniqueArray(fc.tuple(time, plan), { maxLength: 60, size: 'max', selector: ([at]) => at })
    const since = fc.option(time, { nil: undefined })
    fc.assert(
      fc.property(points, counts, since, (made, gfs, due) => {
        const all = made.map(([at, name]) => pointAt(at, name))
        const { missing, filled } = ask(remembered(all), gfs, due)
        const input = { points: all, retention: { id: 'class', gfs }, now: NOW, until: NOW, since: due }
        const told = simulateRetention(input)
        expect(missing.map(({ name }) => name)).toEqual(told.unfilled.map(({ name }) => name))
        const slots = told.points.flatMap((one) => one.slots.filter(({ until }) => until > NOW))
        expect(filled).toBe(slots.length)
      }),
    )
  })

  it('remembers so many periods, and tells of those beyond', () => {
    const days = remembered(Array.from({ length: 1_200 }, (_, i) => pointAt(NOW - i * DAY)))
    const standing = ask(days, { daily: 1_200, weekly: 0, monthly: 0, yearly: 0 })
    expect(standing).toMatchObject({ filled: MOST_PERIODS.daily, missing: [], beyond: 100 })
    expect([...days.values()].map(({ usable }) => usable.daily.size)).toEqual([MOST_PERIODS.daily])
  })

  it('tells so many plans apart', () => {
    const plans = remembered(Array.from({ length: 50 }, (_, i) => pointAt(NOW - i * DAY, `plan-${i}`)))
    expect(plans.size).toBe(MOST_PLANS + 1)
    expect(plans.get(undefined)?.usable.daily.size).toBe(50 - MOST_PLANS)
  })

  it('names the nearest recovery point, the older one of two', () => {
    const slot = slotOf('daily', Math.floor(NOW / DAY) - 10)
    const plans = remembered([pointAt(slot.from - DAY), pointAt(slot.to + DAY), pointAt(slot.to + 2 * DAY)])
    expect(nearestTo(slot, [...plans.values()])?.created).toBe(slot.from - DAY)
    expect(nearestTo(slot, [])).toBeUndefined()
  })
})

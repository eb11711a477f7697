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
const ask = (
  plans: PeriodsByPlan,
  counts: Counts,
  due = Number.NEGATIVE_INFINITY,
  starts?: readonly number[] | undefined,
) =>
  rotationStanding({
    counts,
    own: [...plans.values()],
    untold: [],
    now: NOW,
    until: NOW,
    due,
    firstStart: starts && (({ from, to }) => starts.find((start) => start >= from && start < to)),
  })
const DAILY: Counts = { daily: 8, weekly: 0, monthly: 0, yearly: 0 }
/** `31T24:10` is ten minutes after the end of the 31st. */
const times = (all: readonly string[]): readonly number[] =>
  all.map((time) => {
    const [day = 0, hour = 0, minute = 0] = time.split(/[T:]/).map(Number)
    return Date.UTC(2026, 9, day, hour, minute)
  })

describe('what the slots of a rotation hold', () => {
  // The simulation knows no schedules: what it tells as unfilled may be a slot in which no start was expected.
  it('is what the simulation tells, which knows no schedules', () => {
    const count = fc.nat(20)
    const counts = fc.record({ daily: count, weekly: count, monthly: count, yearly: fc.nat(4) })
    const time = fc.integer({ min: NOW - 900 * DAY, max: NOW })
    const plan = fc.constantFrom('nightly', 'weekly', undefined)
    const points = fc.uniqueArray(fc.tuple(time, plan), { maxLength: 60, size: 'max', selector: ([at]) => at })
    const since = fc.option(time, { nil: undefined })
    const starts = fc.option(
      fc.array(time, { maxLength: 60, size: 'max' }).map((all) => all.toSorted((a, b) => a - b)),
      { nil: undefined },
    )
    fc.assert(
      fc.property(points, counts, since, starts, (made, gfs, due, expected) => {
        const all = made.map(([at, name]) => pointAt(at, name))
        const { missing, bridged, idle, filled } = ask(remembered(all), gfs, due, expected)
        if (expected === undefined) expect(idle).toEqual([])
        const hasStart = ({ from, to }: { from: number; to: number }) => expected?.some((at) => at >= from && at < to)
        expect(idle.filter(hasStart)).toEqual([])
        const input = { points: all, retention: { id: 'class', gfs }, now: NOW, until: NOW, since: due }
        const told = simulateRetention(input)
        const empty = [...missing, ...bridged, ...idle].map(({ name }) => name).toSorted()
        expect(empty).toEqual(told.unfilled.map(({ name }) => name).toSorted())
        const slots = told.points.flatMap((one) => one.slots.filter(({ until }) => until > NOW))
        expect(filled).toBe(slots.length)
      }),
    )
  })

  it.each([
    ['at 01:30 in Berlin, when clocks are set back', 25, ['2026-10-24T23:30:00Z', '2026-10-26T00:30:00Z'], true],
    ['two hours later than a day after', 25, ['2026-10-24T23:30:00Z', '2026-10-26T01:30:00Z'], true],
    ['any later', 25, ['2026-10-24T23:30:00Z', '2026-10-26T01:30:01Z'], false],
    ['of two, by the nearer ones', 25, ['2026-10-24T01:00:00Z', '2026-10-24T23:30:00Z', '2026-10-26T00:30:00Z'], true],
    ['with nothing before', 25, ['2026-10-26T00:30:00Z'], false],
    ['with nothing after', 25, ['2026-10-24T23:30:00Z'], false],
  ])('passes over a day of UTC that lies between two nights: %s', (_, day, made, isBridged) => {
    const all = made.map((time, i) => pointAt(Date.parse(time), i % 2 === 0 ? 'nightly' : 'other'))
    const { missing, bridged } = ask(remembered(all), { daily: 30, weekly: 0, monthly: 0, yearly: 0 })
    const name = `day 2026-10-${day}`
    expect(bridged.map((slot) => slot.name)).toEqual(isBridged ? [name] : [])
    expect(missing.some((slot) => slot.name === name)).toBe(!isBridged)
  })

  it.each([
    ['a week', { weekly: 3 }, ['2026-10-18T23:30:00Z', '2026-10-26T00:30:00Z'], 'week 2026-W43'],
    ['a month', { monthly: 3 }, ['2026-09-30T23:30:00Z', '2026-11-01T00:30:00Z'], 'month 2026-10'],
  ])('passes over %s likewise', (_, counts, made, name) => {
    const none = { daily: 0, weekly: 0, monthly: 0, yearly: 0 }
    const { bridged } = ask(remembered(made.map((time) => pointAt(Date.parse(time)))), { ...none, ...counts })
    expect(bridged.map((slot) => slot.name)).toEqual([name])
  })

  it.each([
    ['none is expected', ['30T03:00'], ['30T03:00'], 'idle'],
    ['none is expected, and the one before had no recovery point', ['30T03:00'], ['29T03:00'], 'idle'],
    ['one is expected', ['31T03:00'], ['30T03:00'], 'missing'],
    ['none is expected, and the one before may be made after midnight', ['30T20:00'], ['30T01:00'], 'missing'],
    ['none is expected, and the one before came early by clocks apart', ['30T20:00'], ['30T19:56'], 'idle'],
    ['the one of it is made two hours later', ['31T23:00'], ['31T25:00'], 'bridged'],
    ['the one of it is made any later', ['31T23:00'], ['31T25:01'], 'missing'],
    ['there is an earlier one as well', ['31T21:00', '31T23:00'], ['31T24:10'], 'missing'],
    ['that after midnight may be of a start after midnight', ['31T23:00', '31T24:05'], ['31T24:10'], 'missing'],
    ['that before it is made after midnight, too', ['30T23:00', '31T23:00'], ['30T00:10', '31T24:10'], 'missing'],
    ['that before it is made before midnight', ['30T21:00', '31T23:00'], ['30T21:30', '31T24:10'], 'bridged'],
  ])('asks of an empty day what its schedules expect: %s', (_, starts, made, place) => {
    const standing = ask(remembered(times(made).map((at) => pointAt(at))), DAILY, undefined, times(starts))
    const names = { idle: standing.idle, missing: standing.missing, bridged: standing.bridged }
    const found = Object.entries(names).flatMap(([name, slots]) =>
      slots.some((slot) => slot.name === 'day 2026-10-31') ? [name] : [],
    )
    expect(found).toEqual([place])
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

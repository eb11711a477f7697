import type { RetentionClass } from '@backproof/core/audit'
import { describe, expect, it } from 'vitest'
import { type RetentionInput, type SimulatedPoint, simulateRetention } from '../../src/retention/index.js'

const at = (time: string): number => Date.parse(time)
const iso = (time: number | 'never' | undefined): string | undefined =>
  typeof time === 'number' ? new Date(time).toISOString().replace(':00.000Z', 'Z') : time
/** Made at 3 in the morning of a day, which is its id. */
const point = (day: string, more: Partial<SimulatedPoint> = {}): SimulatedPoint => ({
  id: day,
  created: at(`${day}T03:00:00Z`),
  ...more,
})
const NOW = at('2026-11-01T12:00:00Z')
const ask = (
  points: readonly SimulatedPoint[],
  retention: Partial<RetentionClass> = {},
  more: Partial<RetentionInput> = {},
) =>
  simulateRetention({
    points,
    retention: { id: 'class', ...retention },
    now: NOW,
    until: at('2026-12-01T00:00:00Z'),
    ...more,
  })
const fateOf = (one: SimulatedPoint, retention: Partial<RetentionClass> = {}, more: Partial<RetentionInput> = {}) => {
  const [fate] = ask([one], retention, more).points
  return fate!
}

describe('a recovery point may vanish', () => {
  it('when it expires, whatever its class promises', () => {
    const fate = fateOf(point('2026-10-30', { expires: at('2026-11-06T03:00:00Z') }), { minDays: 30, maxDays: 60 })
    expect(fate).toMatchObject({ keptBy: 'expiry', early: true, late: false, fate: 'may-vanish' })
    expect([iso(fate.removable), iso(fate.promised), iso(fate.limit)]).toEqual([
      '2026-11-06T03:00Z',
      '2026-11-29T03:00Z',
      '2026-12-29T03:00Z',
    ])
  })

  it('when its lock ends, where that is later', () => {
    const locked = { expires: at('2026-11-06T03:00:00Z'), lockedUntil: at('2027-01-01T00:00:00Z') }
    const fate = fateOf(point('2026-10-30', locked), { maxDays: 60 })
    expect(fate).toMatchObject({ keptBy: 'lock', early: false, late: true, fate: 'kept' })
    expect(iso(fate.removable)).toBe('2027-01-01T00:00Z')
  })

  it('only when a hold is lifted', () => {
    const fate = fateOf(point('2026-10-30', { expires: at('2026-10-31T03:00:00Z'), hold: true }))
    expect(fate).toMatchObject({ held: true, fate: 'held' })
    expect(iso(fate.removable)).toBe('2026-10-31T03:00Z')
  })

  it('never, where it does not expire', () => {
    const fate = fateOf(point('2026-10-30', { expires: 'never' }), { maxDays: 365 })
    expect(fate).toMatchObject({ removable: 'never', keptBy: 'never', late: true, fate: 'kept' })
  })

  it('after the days of its class, where nobody says when it expires', () => {
    const fate = fateOf(point('2026-10-30'), { minDays: 7 })
    expect(fate).toMatchObject({ keptBy: 'minimum', early: false, fate: 'may-vanish' })
    expect(iso(fate.removable)).toBe('2026-11-06T03:00Z')
  })

  it('at any moment, where nobody says that it is kept', () => {
    const fate = fateOf(point('2026-10-30', { expires: null }))
    expect(fate).toMatchObject({ keptBy: 'nothing', removable: fate.created, fate: 'may-vanish' })
    expect(fate.promised).toBeUndefined()
  })

  it('when the last of its slots goes, which is told', () => {
    const gfs = { daily: 2, weekly: 2, monthly: 12, yearly: 1 }
    const fate = fateOf(point('2026-10-31'), { gfs })
    expect(fate.slots.map(({ name, until }) => [name, iso(until)])).toEqual([
      ['day 2026-10-31', '2026-11-02T00:00Z'],
      ['week 2026-W44', '2026-11-09T00:00Z'],
      ['month 2026-10', '2027-10-01T00:00Z'],
      ['year 2026', '2027-01-01T00:00Z'],
    ])
    expect([fate.keptBy, iso(fate.removable)]).toEqual(['slot', '2027-10-01T00:00Z'])
  })

  it('when a newer one takes its place', () => {
    const { points } = ask([point('2026-10-30'), point('2026-10-31')], { gfs: { monthly: 12 } })
    expect(points.map(({ id, removable }) => [id, iso(removable)])).toEqual([
      ['2026-10-30', '2026-10-31T03:00Z'],
      ['2026-10-31', '2027-10-01T00:00Z'],
    ])
  })

  it('and an incomplete one takes no place', () => {
    const { points } = ask([point('2026-10-30'), point('2026-10-31', { complete: false })], { gfs: { monthly: 12 } })
    expect(points.map(({ slots }) => slots.length)).toEqual([1, 0])
  })
})

describe('slots', () => {
  const days = ['2026-10-26', '2026-10-27', '2026-10-29', '2026-10-30', '2026-10-31', '2026-11-01']

  it('are unfilled where a period that is over has no recovery point', () => {
    const { unfilled } = ask(
      days.map((day) => point(day)),
      { gfs: { daily: 7, monthly: 3 } },
    )
    expect(unfilled.map(({ name }) => name)).toEqual(['day 2026-10-28', 'month 2026-09'])
  })

  it('of today are not unfilled before it is over', () => {
    const { unfilled } = ask(
      days.slice(0, -1).map((day) => point(day)),
      { gfs: { daily: 3 } },
    )
    expect(unfilled).toEqual([])
  })

  it('are not asked for before there had to be any', () => {
    const since = { since: at('2026-10-28T12:00:00Z') }
    const { unfilled } = ask([], { gfs: { daily: 6, monthly: 3 } }, since)
    expect(unfilled.map(({ name }) => name)).toEqual([
      'day 2026-10-28',
      'day 2026-10-29',
      'day 2026-10-30',
      'day 2026-10-31',
      'month 2026-10',
    ])
  })

  it('become unfilled where their recovery point expires before the promise ends', () => {
    const october = point('2026-10-31', { expires: at('2026-11-07T03:00:00Z') })
    const september = point('2026-09-30', { expires: at('2026-10-07T03:00:00Z') })
    const { losses } = ask([october, september], { gfs: { daily: 2, monthly: 12 } })
    expect(losses.map(({ name, at: when, point: id }) => [name, iso(when), id])).toEqual([
      ['month 2026-09', '2026-11-01T12:00Z', '2026-09-30'],
      ['month 2026-10', '2026-11-07T03:00Z', '2026-10-31'],
    ])
  })

  it('stay filled by another one of the period', () => {
    const first = point('2026-10-01', { expires: 'never' })
    const last = point('2026-10-31', { expires: at('2026-11-07T03:00:00Z') })
    expect(ask([first, last], { gfs: { monthly: 2 } }).losses).toEqual([])
  })

  it('stay filled by what is held', () => {
    const held = point('2026-10-31', { expires: at('2026-11-07T03:00:00Z'), hold: true })
    expect(ask([held], { gfs: { monthly: 2 } }).losses).toEqual([])
  })

  it('beyond the horizon are not told', () => {
    const far = point('2026-10-31', { expires: at('2026-12-07T03:00:00Z') })
    expect(ask([far], { gfs: { monthly: 12 } }).losses).toEqual([])
  })

  it('of plans with a class of their own are apart', () => {
    const monthly = { id: 'long', gfs: { monthly: 2 } }
    const { unfilled, points } = ask(
      [point('2026-10-31', { plan: 'nightly' }), point('2026-10-30', { plan: 'archive' })],
      { gfs: { monthly: 2 } },
      { plans: { archive: monthly }, now: at('2026-12-01T12:00:00Z') },
    )
    expect(points.map(({ id, retention, slots }) => [id, retention, slots.length])).toEqual([
      ['2026-10-30', 'long', 1],
      ['2026-10-31', 'class', 1],
    ])
    expect(unfilled.map(({ retention, name }) => `${retention}: ${name}`)).toEqual([
      'class: month 2026-11',
      'long: month 2026-11',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { rememberedStarts } from '../../src/audit/remembered-starts.js'

const nightly = [{ cron: '0 3 * * *', timezone: 'Europe/Berlin' }]
const equal = [{ cron: '0 3 * * *', timezone: 'Europe/Berlin' }]
const weekly = [{ cron: '0 3 * * 0', timezone: 'Europe/Berlin' }]

/** One start each ten, and what was asked. */
const counted = () => {
  const asked: number[] = []
  const startsOf = rememberedStarts(function* (_, { from, to }) {
    asked.push(from)
    for (let at = from; at < to; at += 10) yield at
  })
  return { asked, startsOf }
}

describe('remembered starts', () => {
  it('are worked out once for schedules that are equal', () => {
    const { asked, startsOf } = counted()
    const range = { from: 0, to: 40 }
    for (const schedules of [nightly, equal, nightly]) expect([...startsOf(schedules, range)]).toEqual([0, 10, 20, 30])
    expect(asked).toHaveLength(1)
  })

  it('are those of the schedules and the range that were asked', () => {
    const { asked, startsOf } = counted()
    expect([...startsOf(nightly, { from: 0, to: 20 })]).toEqual([0, 10])
    expect([...startsOf(nightly, { from: 5, to: 20 })]).toEqual([5, 15])
    expect([...startsOf(nightly, { from: 0, to: 10 })]).toEqual([0])
    expect([...startsOf(weekly, { from: 0, to: 20 })]).toEqual([0, 10])
    expect(asked).toHaveLength(4)
  })

  it('are whole, though somebody walked a part of them', () => {
    const { startsOf } = counted()
    for (const at of startsOf(nightly, { from: 0, to: 40 })) if (at > 0) break
    expect([...startsOf(nightly, { from: 0, to: 40 })]).toEqual([0, 10, 20, 30])
  })

  it('are forgotten, not heaped up', () => {
    const { asked, startsOf } = counted()
    const walk = (to: number): number => [...startsOf(nightly, { from: 0, to })].length
    expect(walk(200_000)).toBe(20_000)
    expect(walk(200_000)).toBe(20_000)
    expect(asked).toHaveLength(2)
    for (let index = 0; index < 60; index++) walk(99_000 + index * 10)
    asked.length = 0
    walk(99_000)
    expect(asked).toHaveLength(1)
  })

  it('are forgotten, too, where ranges have none', () => {
    const { asked, startsOf } = counted()
    const walk = (at: number): readonly number[] => [...startsOf(nightly, { from: at, to: at })]
    for (let at = 0; at < 10_001; at++) walk(at)
    asked.length = 0
    walk(10_000)
    expect(asked).toEqual([])
    walk(0)
    expect(asked).toEqual([0])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StartsOf, startGaps } from '../src/start-gaps.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const sourceOf =
  (times: readonly number[]): StartsOf =>
  ({ from, to }) =>
    times.filter((time) => time >= from && time < to)
/** Every so many milliseconds, but not from one time to another. */
const every = (step: number, without: { readonly from: number; readonly to: number }): StartsOf =>
  function* ({ from, to }) {
    for (let at = Math.ceil(from / step) * step; at < to; at += step)
      if (at < without.from || at >= without.to) yield at
  }
const never = { from: 0, to: 0 }

describe('gaps between starts', () => {
  it('are those of all starts together, with both ends of the range', () => {
    const time = fc.integer({ min: -5 * DAY, max: 45 * DAY })
    const times = fc.uniqueArray(time, { maxLength: 30 }).map((all) => all.toSorted((a, b) => a - b))
    const limit = fc.integer({ min: HOUR, max: 10 * DAY })
    fc.assert(
      fc.property(times, times, limit, (first, second, most) => {
        const range = { from: 0, to: 40 * DAY }
        const told = startGaps([sourceOf(first), sourceOf(second)], { ...range, limit: most })
        const within = [...first, ...second].filter((at) => at >= 0 && at < range.to).toSorted((a, b) => a - b)
        const lengths = [...within, range.to].map((at, i) => at - (within[i - 1] ?? 0))
        expect(told.starts).toBe(within.length)
        expect(told.longest.to - told.longest.from).toBe(Math.max(...lengths))
        expect(told.over).toBe(lengths.filter((length) => length > most + HOUR).length)
        expect(told.slightly + told.over).toBe(lengths.filter((length) => length > most).length)
      }),
    )
  })

  const august = { from: 270 * DAY, to: 301 * DAY }

  it.each([
    ['a minute', MINUTE],
    ['five minutes', 5 * MINUTE],
    ['a day', DAY],
  ])('of a start every minute are found where they are longer than %s', (_, limit) => {
    const range = { from: 0, to: 366 * DAY, limit }
    const told = startGaps([every(MINUTE, august)], range)
    expect(told).toMatchObject({ over: 1, slightly: 0, longest: { from: august.from - MINUTE, to: august.to } })
    expect(startGaps([every(MINUTE, never)], range)).toMatchObject({ over: 0, slightly: 0 })
  })

  it('of a start every minute, each morning for two hours, are found where a day is left out', () => {
    const mornings: StartsOf = function* (range) {
      for (const at of every(MINUTE, { from: 300 * DAY, to: 301 * DAY })(range)) if (at % DAY < 12 * HOUR) yield at
    }
    const told = startGaps([mornings, sourceOf([])], { from: 0, to: 366 * DAY, limit: DAY })
    expect(told).toMatchObject({ over: 1, slightly: 0 })
    expect(told.longest).toEqual({ from: 299 * DAY + 12 * HOUR - MINUTE, to: 301 * DAY })
  })
})

import type { Review } from '@backproof/core/audit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { furthest, holesIn, type LogRange, logRange } from '../../src/governance/log-ranges.js'
import { DAY, NOW } from '../restore-test.js'

const reviewed = (from: number | undefined, to: number | undefined, at = NOW): Review => ({
  kind: 'access-log',
  at,
  by: 'Ann',
  from,
  to,
})

describe('the range of a review', () => {
  it('is what it says', () => {
    expect(logRange(reviewed(NOW - 9, NOW - 3))).toMatchObject({ from: NOW - 9, to: NOW - 3 })
  })

  it('is none where an end is left out, or they are the wrong way round', () => {
    for (const [from, to] of [
      [undefined, NOW],
      [NOW, undefined],
      [NOW - 3, NOW - 9],
    ])
      expect(logRange(reviewed(from, to))).toBeUndefined()
  })

  it('may be of the day of the review, to its end, and of no day after', () => {
    const today = Date.parse('2026-11-01')
    expect(logRange(reviewed(today, today + DAY - 1, today))?.to).toBe(today + DAY - 1)
    expect(logRange(reviewed(today, today + 9 * DAY, today))?.to).toBe(today + DAY - 1)
    expect(logRange(reviewed(today + 2 * DAY, today + 3 * DAY, today))).toBeUndefined()
  })
})

describe('holes', () => {
  const STEP = 10_000
  /** Ranges of whole steps, without the last millisecond, as days of policy files are. */
  const ranges: fc.Arbitrary<readonly LogRange[]> = fc.array(
    fc.record({ start: fc.nat(40), length: fc.integer({ min: 1, max: 6 }) }).map(({ start, length }) => {
      const [from, to] = [start * STEP, (start + length) * STEP - 1]
      return { from, to, review: reviewed(from, to) }
    }),
    { maxLength: 12 },
  )

  it('are the steps that no range covers, between the first and the last', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        const isIn = (step: number, from: number, to: number): boolean => from <= step * STEP && step * STEP <= to
        const covered = (step: number): boolean => all.some(({ from, to }) => isIn(step, from, to))
        const first = Math.min(...all.map(({ from }) => from)) / STEP
        const last = Math.max(...all.map(({ to }) => to)) / STEP
        const expected = Array.from({ length: 50 }, (_, step) => step).filter(
          (step) => step >= first && step <= last && !covered(step),
        )
        const holes = holesIn(all)
        const found = expected.filter((step) => holes.some(({ after, before }) => isIn(step, after + 1, before - 1)))
        expect(found).toEqual(expected)
        const width = holes.reduce((sum, { after, before }) => sum + (before - after - 1) / STEP, 0)
        expect(width).toBe(expected.length)
        for (const { after, before, left, right } of holes) expect([left.to, right.from]).toEqual([after, before])
      }),
    )
  })

  it('do not depend on the order of reviews', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        const ends = (some: readonly LogRange[]) => holesIn(some).map(({ after, before }) => [after, before])
        expect(ends([...all].reverse())).toEqual(ends(all))
      }),
    )
  })

  it('are longer than a second', () => {
    const pair = (gap: number) =>
      [reviewed(0, 10_000), reviewed(10_000 + gap, 90_000)].flatMap((review) => logRange(review) ?? [])
    expect(holesIn(pair(1_000))).toEqual([])
    expect(holesIn(pair(1_001))).toMatchObject([{ after: 10_000, before: 11_001 }])
  })
})

it('the range that reaches furthest is the one that was looked at first', () => {
  const one = (to: number, at: number) => ({ from: 0, to, review: reviewed(0, to, at) })
  const all = [one(5, 90), one(9, 80), one(9, 70), one(9, 75)]
  expect(furthest(all)).toBe(all[2])
  expect(furthest([])).toBeUndefined()
})

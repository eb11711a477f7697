import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missedStarts, type StartAnswer } from '../src/missed-starts.js'

const MINUTE = 60_000

/** Starts and runs in minutes. */
const ask = (
  expected: readonly number[],
  began: readonly number[],
  { tolerance = 60, begin = 0, end = 1_000_000 }: { tolerance?: number; begin?: number; end?: number } = {},
): StartAnswer => {
  const { expected: count, missed } = missedStarts({
    expected: () => expected.map((minute) => minute * MINUTE),
    began: began.map((minute) => minute * MINUTE),
    begin: begin * MINUTE,
    end: end * MINUTE,
    tolerance: tolerance * MINUTE,
  })
  return { expected: count, missed: missed.map((time) => time / MINUTE) }
}

/** A start every so many minutes, and which of them have a run, at most so late. */
const schedules = fc
  .record({
    every: fc.integer({ min: 1, max: 240 }),
    tolerance: fc.integer({ min: 0, max: 600 }),
    ran: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  })
  .map(({ every, tolerance, ran }) => ({ tolerance, every, ran, starts: ran.map((_, index) => index * every) }))

describe('starts that were missed', () => {
  it('are those without a run, exactly, however long the tolerance is', () => {
    fc.assert(
      fc.property(schedules, ({ tolerance, ran, starts }) => {
        const began = starts.filter((_, index) => ran[index])
        expect(ask(starts, began, { tolerance })).toEqual({
          expected: starts.length,
          missed: starts.filter((_, index) => !ran[index]),
        })
      }),
    )
  })

  it('are the same for a clock that is a little behind, and as many for runs that begin just before the next start', () => {
    fc.assert(
      fc.property(schedules, fc.double({ min: 0, max: 0.99, noNaN: true }), ({ every, ran, starts }, share) => {
        const missed = starts.filter((_, index) => !ran[index])
        const runs = starts.filter((_, index) => ran[index])
        const early = runs.map((start) => start - share * Math.min(5, every / 2))
        expect(ask(starts, early, { tolerance: every }).missed).toEqual(missed)
        const late = runs.map((start) => start + share * every)
        expect(ask(starts, late, { tolerance: every }).missed).toHaveLength(missed.length)
      }),
    )
  })

  it('are never fewer than there are starts without a run to spare', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.array(fc.integer({ min: -10, max: 5_000 }), { maxLength: 40 }),
        ({ tolerance, starts }, runs) => {
          const began = [...runs].sort((a, b) => a - b)
          const { expected, missed } = ask(starts, began, { tolerance })
          expect(expected - missed.length).toBeLessThanOrEqual(began.length)
          for (const start of starts.filter((one) => !missed.includes(one)))
            expect(began.some((run) => run >= start - 5 && run <= start + tolerance)).toBe(true)
        },
      ),
    )
  })

  it('may be caught up within the tolerance, the oldest first', () => {
    expect(ask([0, 60, 120], [121, 122, 123], { tolerance: 180 }).missed).toEqual([])
    expect(ask([0, 60, 120], [121, 122], { tolerance: 180 }).missed).toEqual([60])
    expect(ask([0, 60, 120], [121, 122, 123], { tolerance: 90 }).missed).toEqual([0])
  })

  it('are judged from begin on and before end; others take the runs that are theirs', () => {
    expect(ask([0, 60, 120, 180], [59, 119], { begin: 60, end: 180 })).toEqual({ expected: 2, missed: [] })
    expect(ask([0, 60, 120, 180], [0, 61, 180], { begin: 60, end: 180 })).toEqual({ expected: 2, missed: [120] })
    expect(ask([0, 60], [], { begin: 60, end: 60 })).toEqual({ expected: 0, missed: [] })
  })

  it('are none where nothing was expected', () => {
    expect(ask([], [1, 2])).toEqual({ expected: 0, missed: [] })
  })
})

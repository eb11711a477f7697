import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addTime, createGapTrack, type GapTrack, gapsWithin, longestInterval } from '../../src/recovery-points/gaps.js'

const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 300 }).map((all) => all.sort((a, b) => a - b))
const END = 12_000

const trackOf = (all: readonly number[]): GapTrack => {
  const track = createGapTrack()
  for (const at of all) addTime(track, at)
  return track
}

/** Every stretch between neighbours, cut to the window. */
const allGaps = (all: readonly number[], start: number): readonly { from: number; to: number }[] =>
  [...all, END].map((to, i) => ({ from: Math.max(start, all[i - 1] ?? start), to })).filter(({ from, to }) => to > from)

describe('gaps', () => {
  it('are all told that are longer than the longest that was dropped', () => {
    fc.assert(
      fc.property(times, fc.nat(10_000), (all, start) => {
        const track = trackOf(all)
        const long = ({ from, to }: { from: number; to: number }): boolean => to - from > track.dropped
        expect(gapsWithin(track, start, END).filter(long)).toEqual(allGaps(all, start).filter(long))
      }),
    )
  })

  it('are held in bounded memory, and nothing is dropped of a few', () => {
    fc.assert(
      fc.property(times, (all) => {
        const track = trackOf(all)
        expect(track.longest.length).toBe(Math.min(64, all.length))
        if (all.length <= 64) expect(track.dropped).toBe(0)
      }),
    )
  })

  it('have a longest interval, in any order', () => {
    expect(longestInterval([])).toBe(undefined)
    expect(longestInterval([5, 5])).toBe(undefined)
    expect(longestInterval([9, 1, 4])).toBe(5)
  })
})

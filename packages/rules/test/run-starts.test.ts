import type { JobRun } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addStart, hasBetween, keptFrom, noStarts, type RunStarts, startsByPlan } from '../src/run-starts.js'

const kept = (runs: readonly Partial<JobRun>[], limit?: number): RunStarts => {
  const state = noStarts(limit)
  runs.forEach((run, index) => {
    addStart(state, { id: `run-${index}`, asset: 'shop', start: index, status: 'success', ...run })
  })
  return state
}

describe('starts of runs', () => {
  it('are told by plan', () => {
    const state = kept([{ plan: 'a' }, { plan: 'b' }, { plan: 'a', status: 'skipped' }, {}, { plan: 'a' }])
    const starts = startsByPlan(state, ['a', 'b', 'c'])
    expect(starts.get('a')).toEqual({ began: [0, 4], skipped: [2], unsure: [3] })
    expect(starts.get('b')).toEqual({ began: [1], skipped: [], unsure: [3] })
    expect(starts.get('c')).toEqual({ began: [], skipped: [], unsure: [3] })
    expect(keptFrom(state)).toBeUndefined()
  })

  it('are of the only plan where runs name none', () => {
    const starts = startsByPlan(kept([{ plan: 'a' }, { plan: null }, { status: 'skipped' }, { plan: 'a' }]), ['a'])
    expect(starts.get('a')).toEqual({ began: [0, 1, 3], skipped: [2], unsure: [] })
  })

  it('may be of any plan once runs name more plans than are told apart', () => {
    const state = kept(Array.from({ length: 101 }, (_, index) => ({ plan: `plan-${index}` })))
    expect(startsByPlan(state, ['plan-100']).get('plan-100')).toEqual({ began: [], skipped: [], unsure: [100] })
  })

  it('are the newest, and those that were dropped are told', () => {
    const state = kept(
      Array.from({ length: 10 }, () => ({ plan: 'a' })),
      4,
    )
    expect(startsByPlan(state, ['a']).get('a')?.began).toEqual([6, 7, 8, 9])
    expect(keptFrom(state)).toBe(7)
  })
})

describe('a time between two others', () => {
  it('is found as by looking at all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.nat(50), fc.nat(50), (times, from, to) => {
        const sorted = [...times].sort((a, b) => a - b)
        expect(hasBetween(sorted, from, to)).toBe(times.some((time) => time >= from && time <= to))
      }),
    )
  })
})

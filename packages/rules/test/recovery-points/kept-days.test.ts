import type { RetentionClass } from '@backproof/core/audit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptDays, longestDays } from '../../src/recovery-points/kept-days.js'
import { simulateRetention } from '../../src/retention/index.js'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 1, 12)
/** One each noon of four years. */
const points = Array.from({ length: 1_461 }, (_, i) => ({ id: `d${i}`, created: NOW - i * DAY }))
const count = fc.integer({ min: 1, max: 20 })
const gfs = fc.record(
  { daily: count, weekly: count, monthly: count, yearly: fc.integer({ min: 1, max: 4 }) },
  { requiredKeys: [] },
)

describe('days that a class keeps recovery points for', () => {
  it.each<[RetentionClass, number | undefined, number | undefined]>([
    [{ id: 'open' }, undefined, undefined],
    [{ id: 'days', minDays: 35 }, 35, 35],
    [{ id: 'tiers', gfs: { daily: 7, weekly: 4, monthly: 12, yearly: 0 } }, 7, 308],
    [{ id: 'both', minDays: 35, gfs: { daily: 7, monthly: 2 } }, 35, 35],
    [{ id: 'year', gfs: { yearly: 1 } }, 365, 0],
  ])('of %o', (retention, all, some) => {
    expect([keptDays(retention), longestDays(retention)]).toEqual([all, some])
  })

  it('are no more than what the simulation keeps', () => {
    fc.assert(
      fc.property(gfs, (rotation) => {
        const retention = { id: 'class', gfs: rotation }
        const told = simulateRetention({ points, retention, now: NOW, until: NOW }).points
        const lives = told.map(({ created, removable }) => (Number(removable) - created) / DAY)
        // That of noon is promised until midnight.
        expect(Math.max(...lives)).toBeGreaterThanOrEqual((longestDays(retention) ?? 0) - 0.5)
      }),
      { numRuns: 25 },
    )
  })
})

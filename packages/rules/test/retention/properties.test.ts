import type { RetentionClass } from '@backproof/core/audit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  periodOf,
  type Rotation,
  type SimulatedPoint,
  simulateRetention,
  TIERS,
  tiersOf,
} from '../../src/retention/index.js'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 1, 12)
const UNTIL = NOW + 400 * DAY

const time = fc.integer({ min: NOW - 900 * DAY, max: NOW })
const point = fc.record(
  {
    created: time,
    complete: fc.constantFrom(true, false, null),
    expires: fc.oneof(
      fc.constant(null),
      fc.constant('never' as const),
      fc.integer({ min: NOW - 900 * DAY, max: NOW + 900 * DAY }),
    ),
    lockedUntil: fc.oneof(fc.constant(null), fc.integer({ min: NOW - 900 * DAY, max: NOW + 900 * DAY })),
    hold: fc.boolean(),
    plan: fc.constantFrom('nightly', 'archive', '__proto__', null),
  },
  { requiredKeys: ['created'] },
)
const named = <P extends object>(points: readonly P[]): readonly (P & { readonly id: string })[] =>
  points.map((one, i) => ({ ...one, id: `p${i}` }))
const points = fc.array(point, { maxLength: 25 }).map(named)
/** Of which nobody says anything but when they were made. Of two that are made at once tools keep either. */
const plainPoints = fc
  .uniqueArray(fc.record({ created: time }), { maxLength: 60, size: 'max', selector: ({ created }) => created })
  .map(named)
const count = fc.nat(15)
const rotation: fc.Arbitrary<Rotation> = fc.record({ daily: count, weekly: count, monthly: count, yearly: fc.nat(3) })
const retention: fc.Arbitrary<RetentionClass> = fc.record({
  id: fc.constant('class'),
  minDays: fc.option(fc.nat(400), { nil: undefined }),
  maxDays: fc.option(fc.nat(800), { nil: undefined }),
  gfs: fc.option(rotation, { nil: undefined }),
})
const simulate = (all: readonly SimulatedPoint[], kept: RetentionClass) =>
  simulateRetention({
    points: all,
    retention: kept,
    now: NOW,
    until: UNTIL,
    plans: { archive: { id: 'x', minDays: 9 } },
  })
const removableOf = (all: readonly SimulatedPoint[], kept: RetentionClass): ReadonlyMap<string, number> =>
  new Map(simulate(all, kept).points.map(({ id, removable }) => [id, removable === 'never' ? Infinity : removable]))

/** `restic forget`, as its manual tells: the newest of each of the last N periods that have one. */
const restic = (all: readonly SimulatedPoint[], gfs: Rotation, at: number): ReadonlySet<string> => {
  const newestFirst = all.filter(({ created }) => created <= at).toSorted((a, b) => b.created - a.created)
  const kept = new Set<string>()
  for (const [tier, most] of tiersOf(gfs)) {
    let left = most
    let last: number | undefined
    for (const { id, created } of newestFirst) {
      const period = periodOf(tier, created)
      if (period === last || left === 0) continue
      last = period
      left -= 1
      kept.add(id)
    }
  }
  return kept
}

/** `borg prune`: the same, but what an earlier tier keeps does not count for a later one. */
const borg = (all: readonly SimulatedPoint[], gfs: Rotation, at: number): ReadonlySet<string> => {
  const newestFirst = all.filter(({ created }) => created <= at).toSorted((a, b) => b.created - a.created)
  const kept = new Set<string>()
  for (const [tier, most] of tiersOf(gfs)) {
    let left = most
    let last: number | undefined
    for (const { id, created } of newestFirst) {
      const period = periodOf(tier, created)
      if (period === last || left === 0) continue
      last = period
      if (kept.has(id)) continue
      left -= 1
      kept.add(id)
    }
  }
  return kept
}

describe('a simulation', () => {
  it('does not depend on the order of recovery points', () => {
    const shuffled = points.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
    )
    fc.assert(
      fc.property(shuffled, retention, ([all, other], kept) => {
        expect(simulate(other, kept)).toEqual(simulate(all, kept))
      }),
    )
  })

  it('keeps no recovery point for a shorter time where the class keeps more', () => {
    fc.assert(
      fc.property(points, retention, retention, (all, a, b) => {
        const most = (x: number | undefined, y: number | undefined): number | undefined =>
          x === undefined && y === undefined ? undefined : Math.max(x ?? 0, y ?? 0)
        const gfs = Object.fromEntries(TIERS.map((tier) => [tier, Math.max(a.gfs?.[tier] ?? 0, b.gfs?.[tier] ?? 0)]))
        const more = removableOf(all, { id: 'class', minDays: most(a.minDays, b.minDays), gfs })
        for (const [id, removable] of removableOf(all, a)) expect(more.get(id)).toBeGreaterThanOrEqual(removable)
      }),
    )
  })

  it('tells of every recovery point once, and loses none before what keeps it ends', () => {
    fc.assert(
      fc.property(points, retention, (all, kept) => {
        const told = simulate(all, kept).points
        expect(told.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted())
        for (const { id, removable, fate, held } of told) {
          const { expires, lockedUntil, created } = all.find((one) => one.id === id)!
          const end = removable === 'never' ? Infinity : removable
          expect(end).toBeGreaterThanOrEqual(Math.max(created, lockedUntil ?? created))
          if (typeof expires === 'number') expect(end).toBe(Math.max(created, expires, lockedUntil ?? created))
          expect(fate).toBe(end > UNTIL ? 'kept' : held ? 'held' : 'may-vanish')
        }
      }),
    )
  })

  it('promises nothing that restic or borg would forget', () => {
    const sometime = fc.integer({ min: NOW - 900 * DAY, max: NOW + 100 * DAY })
    fc.assert(
      fc.property(plainPoints, rotation, sometime, (all, gfs, at) => {
        const promised = all.filter(({ created }) => created <= at)
        const removable = removableOf(all, { id: 'class', gfs })
        for (const tool of [restic, borg]) {
          const kept = tool(all, gfs, at)
          const lost = promised.filter(({ id }) => removable.get(id)! > at && !kept.has(id))
          expect(lost).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('promises what restic keeps, where no period is empty', () => {
    const daily = named(Array.from({ length: 800 }, (_, i) => ({ created: NOW - i * DAY })))
    fc.assert(
      fc.property(rotation, (gfs) => {
        const removable = removableOf(daily, { id: 'class', gfs })
        const promised = daily.filter(({ id }) => removable.get(id)! > NOW).map(({ id }) => id)
        expect(new Set(promised)).toEqual(restic(daily, gfs, NOW))
      }),
      { numRuns: 20 },
    )
  })

  it('has every slot of the rotation either filled, open or unfilled', () => {
    fc.assert(
      fc.property(plainPoints, rotation, (all, gfs) => {
        const { unfilled, losses } = simulate(all, { id: 'class', gfs })
        for (const [tier, most] of tiersOf(gfs)) {
          const current = periodOf(tier, NOW)
          const filled = new Set(
            all.map(({ created }) => periodOf(tier, created)).filter((one) => one > current - most),
          )
          const isOpen = filled.has(current) ? 0 : 1
          expect(unfilled.filter((slot) => slot.tier === tier)).toHaveLength(most - filled.size - isOpen)
        }
        // What nobody says expires is kept as promised.
        expect(losses).toEqual([])
      }),
    )
  })
})

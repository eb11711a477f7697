import type { RetentionClass } from '@backproof/core/audit'
import { periodOf, type Tier } from './periods.js'
import { slotEnd, slotOf, tiersOf } from './slots.js'
import type { FilledSlot, KeptBy, PointFate, SimulatedPoint } from './types.js'

const DAY = 86_400_000

/** What becomes of the recovery points of one class, given in order of time. */
export const fatesOf = (
  points: readonly SimulatedPoint[],
  retention: RetentionClass,
  { now, until }: { readonly now: number; readonly until: number },
): readonly PointFate[] => {
  const filled = filledSlots(points, retention)
  return points.map((point) => {
    const { id, created } = point
    const slots = filled.get(point) ?? []
    const promised = promisedUntil(point, retention, slots)
    const limit = retention.maxDays === undefined ? undefined : created + retention.maxDays * DAY
    const { until: end, keptBy } = keptUntil(point, retention, slots)
    const held = point.hold === true
    return {
      id,
      created,
      retention: retention.id,
      removable: end === Number.POSITIVE_INFINITY ? 'never' : end,
      keptBy,
      held,
      slots,
      promised,
      limit,
      early: promised !== undefined && end < promised,
      late: limit !== undefined && Math.max(end, now) > limit,
      fate: end > until ? 'kept' : held ? 'held' : 'may-vanish',
    }
  })
}

/** Slots that recovery points fill. What is known to be incomplete fills none, and takes none from another. */
const filledSlots = (
  points: readonly SimulatedPoint[],
  { id, gfs }: RetentionClass,
): ReadonlyMap<SimulatedPoint, readonly FilledSlot[]> => {
  const filled = new Map<SimulatedPoint, FilledSlot[]>()
  for (const [tier, count] of tiersOf(gfs)) {
    const newer = new Map<number, SimulatedPoint>()
    for (const point of points.toReversed()) {
      if (point.complete === false) continue
      const period = periodOf(tier, point.created)
      const until = Math.min(slotEnd(tier, period, count), newer.get(period)?.created ?? Number.POSITIVE_INFINITY)
      newer.set(period, point)
      if (until <= point.created) continue
      const slots = filled.get(point) ?? []
      filled.set(point, slots)
      slots.push({ ...slotOf(tier, period), retention: id, until })
    }
  }
  return filled
}

const promisedUntil = (
  { created }: SimulatedPoint,
  { minDays }: RetentionClass,
  slots: readonly FilledSlot[],
): number | undefined => {
  const ends = [...(minDays === undefined ? [] : [created + minDays * DAY]), ...slots.map(({ until }) => until)]
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** The last of what keeps it; of two that end at once the first that is named. */
const keptUntil = (
  { created, expires, lockedUntil }: SimulatedPoint,
  { minDays }: RetentionClass,
  slots: readonly FilledSlot[],
): { readonly until: number; readonly keptBy: KeptBy } => {
  const keepers: { readonly until: number; readonly keptBy: KeptBy }[] = [{ until: created, keptBy: 'nothing' }]
  const add = (until: number | null | undefined, keptBy: KeptBy): void => {
    if (until !== null && until !== undefined) keepers.push({ until, keptBy })
  }
  if (expires === 'never') add(Number.POSITIVE_INFINITY, 'never')
  else if (expires !== null && expires !== undefined) add(expires, 'expiry')
  else {
    add(minDays === undefined ? undefined : created + minDays * DAY, 'minimum')
    for (const { until } of slots) add(until, 'slot')
  }
  add(lockedUntil, 'lock')
  return keepers.reduce((last, one) => (one.until > last.until ? one : last))
}

/** Moments after which the slots of a tier are filled no more, by period: the last of all recovery points in it. */
export const filledUntil = (
  points: readonly SimulatedPoint[],
  fates: readonly PointFate[],
  tier: Tier,
): ReadonlyMap<number, { readonly until: number; readonly point: string }> => {
  const last = new Map<number, { readonly until: number; readonly point: string }>()
  for (const [i, { created, complete }] of points.entries()) {
    if (complete === false) continue
    const { id, removable, held } = fates[i]!
    const until = held || removable === 'never' ? Number.POSITIVE_INFINITY : removable
    const period = periodOf(tier, created)
    const known = last.get(period)
    if (known === undefined || until >= known.until) last.set(period, { until, point: id })
  }
  return last
}

import type { RetentionClass } from '@backproof/core/audit'
import { fatesOf, filledUntil } from './fates.js'
import { periodOf } from './periods.js'
import { lastPeriods, slotEnd, slotOf, tiersOf } from './slots.js'
import type { ClassSlot, PointFate, RetentionForecast, RetentionInput, SimulatedPoint, SlotLoss } from './types.js'

/**
 * What becomes of recovery points under a retention class: when each may vanish and why, which slots of the rotation are unfilled, and
 * which become so. Pure; the calendar is that of UTC.
 *
 * An expiry that a recovery point states is what lifecycle or prune go by, whatever its class promises: where they differ, `early` and
 * `late` say so. A recovery point that states none is kept as its class promises.
 */
export const simulateRetention = (input: RetentionInput): RetentionForecast => {
  const groups = groupsOf(input)
  const told = groups.map((group) => forecastOf(group, input))
  return {
    points: told.flatMap(({ points }) => points).sort(byCreation),
    unfilled: told.flatMap(({ unfilled }) => unfilled),
    // Sorting keeps the order of what happens at once.
    losses: told.flatMap(({ losses }) => losses).sort((a, b) => a.at - b.at),
  }
}

interface Group {
  readonly retention: RetentionClass
  /** In order of time. */
  readonly points: readonly SimulatedPoint[]
}

const byCreation = (a: Pick<PointFate, 'id' | 'created'>, b: Pick<PointFate, 'id' | 'created'>): number =>
  a.created - b.created || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Recovery points by class, the one of those without a plan first, the others by id. */
const groupsOf = ({ points, retention, plans = {} }: RetentionInput): readonly Group[] => {
  const classes = [retention, ...Object.values(plans)]
  const byId = new Map(classes.map((one) => [one.id, { retention: one, points: [] as SimulatedPoint[] }]))
  for (const point of [...points].sort(byCreation)) {
    const { plan } = point
    const own = plan !== undefined && plan !== null && Object.hasOwn(plans, plan) ? plans[plan] : undefined
    byId.get((own ?? retention).id)!.points.push(point)
  }
  const [first, ...others] = [...byId.values()]
  return [first!, ...others.sort((a, b) => (a.retention.id < b.retention.id ? -1 : 1))]
}

const forecastOf = (
  { retention, points }: Group,
  { now, until, since = Number.NEGATIVE_INFINITY }: RetentionInput,
): RetentionForecast => {
  const fates = fatesOf(points, retention, { now, until })
  const unfilled: ClassSlot[] = []
  const losses: SlotLoss[] = []
  for (const [tier, count] of tiersOf(retention.gfs)) {
    const begun = new Set(
      points.flatMap(({ created, complete }) =>
        complete !== false && created <= now ? [periodOf(tier, created)] : [],
      ),
    )
    for (const period of lastPeriods(tier, count, now)) {
      const slot = { ...slotOf(tier, period), retention: retention.id }
      if (!begun.has(period) && slot.to <= now && slot.to > since) unfilled.push(slot)
    }
    const filled = [...filledUntil(points, fates, tier)].sort(([a], [b]) => a - b)
    for (const [period, last] of filled) {
      const end = slotEnd(tier, period, count)
      const at = Math.max(last.until, now)
      if (at < end && at <= until)
        losses.push({ ...slotOf(tier, period), retention: retention.id, at, point: last.point })
    }
  }
  return { points: fates, unfilled, losses }
}

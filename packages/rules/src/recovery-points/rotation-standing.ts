import { periodOf, TIERS, type Tier } from '../retention/periods.js'
import { lastPeriods, type Slot, slotOf } from '../retention/slots.js'
import { CLOCK_SKEW, minutes } from '../time.js'
import type { FirstStart } from './first-start.js'
import { type Filler, MOST_PERIODS, type PlanPeriods } from './newest-by-period.js'

/** How many of each tier are kept. */
export type Counts = Readonly<Record<Tier, number>>

export interface RotationQuestion {
  readonly counts: Counts
  /** Recovery points that are of this rotation. */
  readonly own: readonly PlanPeriods[]
  /** Recovery points that may be of it: nobody can say. */
  readonly untold: readonly PlanPeriods[]
  readonly now: number
  /** Until when recovery points are known. */
  readonly until: number
  /** From when on all are known; absent: from the beginning. */
  readonly from?: number | undefined
  /** When the first recovery point was due; slots that were over by then are not asked for. */
  readonly due: number
  /** First expected start of any plan of the rotation. Absent: nobody says. */
  readonly firstStart?: FirstStart | undefined
}

/** Slots by what is known of them. Those of periods that go on and are not filled yet count nowhere. */
export interface RotationStanding {
  readonly filled: number
  /**
   * Empty, and nothing was left out: between recovery points that are hardly further apart than the period is long, or the only starts
   * that were expected came just before its end, and their recovery point just after it.
   */
  readonly bridged: readonly Slot[]
  readonly missing: readonly Slot[]
  /** Not filled, and no start was expected whose recovery point would be in it. */
  readonly idle: readonly Slot[]
  /** Filled only by what nobody says can be used. */
  readonly unsure: readonly Slot[]
  /** Filled only by what may be of another rotation. */
  readonly untold: readonly Slot[]
  /** They begin before recovery points are known. */
  readonly early: readonly Slot[]
  /** They were over only after the last that is known. */
  readonly unobserved: readonly Slot[]
  /** Slots that were over before the first recovery point was due. */
  readonly notDue: number
  /** Slots that are further back than is remembered. */
  readonly beyond: number
}

/** What the slots of a rotation hold. The rotation is that of now: its last periods, the current one included. */
export const rotationStanding = (question: RotationQuestion): RotationStanding => {
  const slots: Record<Place, Slot[]> = {
    bridged: [],
    missing: [],
    idle: [],
    unsure: [],
    untold: [],
    early: [],
    unobserved: [],
  }
  let filled = 0
  let notDue = 0
  let beyond = 0
  for (const tier of TIERS) {
    const count = question.counts[tier]
    const remembered = Math.min(count, MOST_PERIODS[tier])
    beyond += count - remembered
    for (const period of remembered === 0 ? [] : lastPeriods(tier, remembered, question.now)) {
      const place = placeOf(tier, period, question)
      if (place === 'filled') filled += 1
      else if (place === 'not-due') notDue += 1
      else if (place !== 'open') slots[place].push(slotOf(tier, period))
    }
  }
  return { ...slots, filled, notDue, beyond }
}

type Place = 'bridged' | 'missing' | 'idle' | 'unsure' | 'untold' | 'early' | 'unobserved'

const placeOf = (
  tier: Tier,
  period: number,
  { own, untold, now, until, from, due, firstStart }: RotationQuestion,
): Place | 'filled' | 'open' | 'not-due' => {
  const isIn = (periods: readonly PlanPeriods[], which: keyof PlanPeriods): boolean =>
    periods.some((one) => one[which][tier].has(period))
  if (isIn(own, 'usable')) return 'filled'
  if (period >= periodOf(tier, now)) return 'open'
  const { from: begin, to: end } = slotOf(tier, period)
  if (end <= due) return 'not-due'
  if (isBridged({ from: begin, to: end }, own)) return 'bridged'
  const byStarts = firstStart && placeByStarts(tier, period, own, firstStart)
  if (byStarts !== undefined) return byStarts
  if (isIn(own, 'unsure')) return 'unsure'
  if (isIn(untold, 'usable') || isIn(untold, 'unsure')) return 'untold'
  if (from !== undefined && begin < from) return 'early'
  return end > until ? 'unobserved' : 'missing'
}

/**
 * Whether an empty period lies between two usable recovery points that are hardly further apart than it is long. A nightly backup at
 * 01:30 in Berlin is made at 23:30 UTC in summer and at 00:30 in winter: when clocks are set back it passes over a day of UTC, and no
 * night is missing.
 */
const isBridged = ({ from, to }: Pick<Slot, 'from' | 'to'>, own: readonly PlanPeriods[]): boolean => {
  const on = (moment: number): readonly number[] =>
    own.flatMap(({ usable }) => usable.daily.get(periodOf('daily', moment))?.created ?? [])
  return Math.min(...on(to)) - Math.max(...on(from - 1)) <= to - from + SLACK
}

/**
 * Where the starts that were expected excuse a period without a usable recovery point.
 *
 * A run just before midnight may leave a recovery point just after it. So a period that is filled only by what was made before its own
 * first start leaves its own recovery point to the next period, which then is not excused.
 */
const placeByStarts = (
  tier: Tier,
  period: number,
  own: readonly PlanPeriods[],
  firstStart: FirstStart,
): 'idle' | 'bridged' | undefined => {
  const newest = Math.max(
    ...own.flatMap(({ usable, unsure }) =>
      [usable, unsure].map((periods) => periods[tier].get(period - 1)?.created ?? Number.NEGATIVE_INFINITY),
    ),
  )
  const before = firstStart(slotOf(tier, period - 1))
  const isLeft = before !== undefined && newest < before - CLOCK_SKEW
  const { from, to } = slotOf(tier, period)
  const start = firstStart({ from, to })
  // A start before it that has no recovery point at all is missing in its own period already.
  if (start === undefined) return isLeft && newest > Number.NEGATIVE_INFINITY ? undefined : 'idle'
  if (isLeft || start < to - SLACK) return undefined
  const isLate = own.some(({ usable }) => {
    const created = usable.daily.get(periodOf('daily', to))?.created
    if (created === undefined || created > start + SLACK) return false
    return firstStart({ from: to, to: created + CLOCK_SKEW }) === undefined
  })
  return isLate ? 'bridged' : undefined
}

/** An hour that clocks are set back, and an hour that the backup after it may be late. */
const SLACK = minutes(120)

/** The usable recovery point that is nearest to a slot, the older one of two. */
export const nearestTo = ({ from, to }: Slot, own: readonly PlanPeriods[]): Filler | undefined => {
  const distanceOf = ({ created }: Filler): number => (created < from ? from - created : Math.max(0, created - to))
  let nearest: Filler | undefined
  for (const { usable } of own)
    for (const tier of TIERS)
      for (const one of usable[tier].values()) {
        const closer = nearest === undefined ? -1 : distanceOf(one) - distanceOf(nearest)
        if (closer < 0 || (closer === 0 && nearest !== undefined && one.created < nearest.created)) nearest = one
      }
  return nearest
}

import type { RetentionClass } from '@backproof/core/audit'
import { periodName, periodOf, periodStart, TIERS, type Tier } from './periods.js'

/*
 * What a rotation promises: the newest recovery point of each of the last N calendar periods of a tier, the current one included. It is
 * what tools agree on. restic (`forget --keep-daily N`) and borg (`prune --keep-daily N`) count only periods that have a recovery
 * point, and so keep these and perhaps older ones; Veeam keeps a flag for N periods from the day on which it was set, which is no
 * shorter. None of them keeps less.
 */

export type Rotation = NonNullable<RetentionClass['gfs']>

/** One calendar period of a tier: the place of one recovery point. Milliseconds since 1970. */
export interface Slot {
  readonly tier: Tier
  /** `day 2026-03-05`, `week 2026-W10`, `month 2026-03`, `year 2026`; UTC, weeks of ISO 8601. */
  readonly name: string
  readonly from: number
  /** End of the period, exclusive. */
  readonly to: number
}

export const slotOf = (tier: Tier, period: number): Slot => ({
  tier,
  name: periodName(tier, period),
  from: periodStart(tier, period),
  to: periodStart(tier, period + 1),
})

/** Tiers of a rotation that keep anything, with their counts. */
export const tiersOf = (gfs: Rotation | undefined): readonly (readonly [tier: Tier, count: number])[] =>
  TIERS.flatMap((tier) => {
    const count = gfs?.[tier] ?? 0
    return count > 0 ? [[tier, count] as const] : []
  })

/** Until when a rotation promises what fills a slot: the first moment at which the period is not among the last `count`. */
export const slotEnd = (tier: Tier, period: number, count: number): number => periodStart(tier, period + count)

/** Numbers of the last `count` periods at a moment, oldest first; the last is the one that holds the moment. */
export const lastPeriods = (tier: Tier, count: number, at: number): readonly number[] => {
  const current = periodOf(tier, at)
  return Array.from({ length: count }, (_, i) => current - count + 1 + i)
}

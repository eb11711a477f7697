import type { RecoveryPoint } from '@backproof/core/history'
import { periodOf, TIERS, type Tier } from '../retention/periods.js'
import type { Flaw } from './usability.js'

/**
 * Periods of each tier that are remembered, the newest: three years of days, ten of weeks, fifty of months. What a rotation asks beyond
 * them is not known.
 */
export const MOST_PERIODS: Readonly<Record<Tier, number>> = { daily: 1_100, weekly: 530, monthly: 600, yearly: 100 }

/** Plans whose recovery points are told apart; those of further ones count as those that name no plan. */
export const MOST_PLANS = 16

/** What fills a period. */
export type Filler = Pick<RecoveryPoint, 'id' | 'created'>

/** The newest recovery point of each period, by its number. */
export type Periods = Readonly<Record<Tier, Map<number, Filler>>>

/** Recovery points of one plan: those that can be used, and those of which nobody can say. */
export interface PlanPeriods {
  readonly usable: Periods
  readonly unsure: Periods
}

/** By plan; `undefined`: no plan is named. */
export type PeriodsByPlan = Map<string | undefined, PlanPeriods>

const createPeriods = (): Periods => ({ daily: new Map(), weekly: new Map(), monthly: new Map(), yearly: new Map() })

/** Adds a recovery point, not older than those before, which is not known to be unusable. */
export const addPoint = (plans: PeriodsByPlan, { id, created, plan }: RecoveryPoint, flaw: Flaw | undefined): void => {
  const name = plan ?? undefined
  const key = plans.has(name) || plans.size < MOST_PLANS ? name : undefined
  const own = plans.get(key) ?? { usable: createPeriods(), unsure: createPeriods() }
  plans.set(key, own)
  const periods = flaw === undefined ? own.usable : own.unsure
  for (const tier of TIERS) {
    const known = periods[tier]
    known.set(periodOf(tier, created), { id, created })
    // In order of time: the first that was set is the oldest.
    if (known.size > MOST_PERIODS[tier]) known.delete(known.keys().next().value!)
  }
}

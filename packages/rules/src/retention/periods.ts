/** How often a rotation keeps a recovery point: one for each calendar period. All periods are of UTC. */
export type Tier = 'daily' | 'weekly' | 'monthly' | 'yearly'

/** Shortest periods first. */
export const TIERS: readonly Tier[] = ['daily', 'weekly', 'monthly', 'yearly']

const DAY = 86_400_000

/*
 * Periods of a tier are numbered without gaps: days and weeks since 1970, months since the year 0, years by themselves. Weeks are those
 * of ISO 8601: they begin on a Monday, and belong to the year that holds their Thursday.
 */

/** Number of the period that holds a moment. */
export const periodOf = (tier: Tier, moment: number): number => {
  const day = Math.floor(moment / DAY)
  if (tier === 'daily') return day
  // 1970-01-01 was a Thursday: week 0 began three days before.
  if (tier === 'weekly') return Math.floor((day + 3) / 7)
  const date = new Date(moment)
  return tier === 'monthly' ? date.getUTCFullYear() * 12 + date.getUTCMonth() : date.getUTCFullYear()
}

/** First moment of a period, milliseconds since 1970. */
export const periodStart = (tier: Tier, period: number): number => {
  if (tier === 'daily') return period * DAY
  if (tier === 'weekly') return (period * 7 - 3) * DAY
  return tier === 'monthly'
    ? firstOf(Math.floor(period / 12), period - Math.floor(period / 12) * 12)
    : firstOf(period, 0)
}

/** `Date.UTC` reads years below 100 as of the twentieth century. */
const firstOf = (year: number, month: number): number => new Date(0).setUTCFullYear(year, month, 1)

/** `day 2026-03-05`, `week 2026-W10`, `month 2026-03`, `year 2026`. */
export const periodName = (tier: Tier, period: number): string => {
  const start = periodStart(tier, period)
  const [date = ''] = new Date(start).toISOString().split('T')
  if (tier === 'daily') return `day ${date}`
  if (tier === 'weekly') return `week ${weekName(start)}`
  return tier === 'monthly' ? `month ${date.slice(0, -3)}` : `year ${date.slice(0, -6)}`
}

const weekName = (monday: number): string => {
  const year = new Date(monday + 3 * DAY).getUTCFullYear()
  const first = periodOf('weekly', firstOf(year, 0) + 3 * DAY)
  const begin = periodStart('weekly', first)
  const number = Math.round((monday - begin) / (7 * DAY)) + 1
  return `${String(year).padStart(4, '0')}-W${String(number).padStart(2, '0')}`
}

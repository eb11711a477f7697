import type { RetentionClass } from '@backproof/core/audit'

/**
 * Days that every recovery point of a class is kept for: what it says; of a rotation (grandfather, father, son) what the shortest of
 * its tiers comes to, as all else may be gone by then. `undefined`: the class does not say.
 */
export const keptDays = ({ minDays, gfs = {} }: RetentionClass): number | undefined => {
  if (minDays !== undefined) return minDays
  const tiers = Object.entries(DAYS).flatMap(([tier, days]) => {
    const count = gfs[tier as keyof typeof DAYS] ?? 0
    return count > 0 ? [count * days] : []
  })
  return tiers.length === 0 ? undefined : Math.min(...tiers)
}

/**
 * Days that the recovery points are kept for that a class keeps the longest: what it says, or what the longest of its tiers comes to. Of
 * weeks, months and years one does not count: the recovery point of a period is made at its end. `undefined`: the class does not say.
 */
export const longestDays = ({ minDays, gfs = {} }: RetentionClass): number | undefined => {
  const tiers = Object.entries(DAYS).flatMap(([tier, days]) => {
    const count = gfs[tier as keyof typeof DAYS] ?? 0
    return count > 0 ? [(tier === 'daily' ? count : count - 1) * days] : []
  })
  const said = [...(minDays === undefined ? [] : [minDays]), ...tiers]
  return said.length === 0 ? undefined : Math.max(...said)
}

/** Days that one recovery point of a tier stands for: the shortest months and years. */
const DAYS = { daily: 1, weekly: 7, monthly: 28, yearly: 365 } as const

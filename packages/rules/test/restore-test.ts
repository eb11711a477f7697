import type { Asset } from '@backproof/core/audit'
import type { Drill } from '@backproof/core/history'

/** The clock of cases: 2026-11-01T12:00:00Z. */
export const NOW: number = Date.UTC(2026, 10, 1, 12)

export const DAY = 86_400_000
export const MINUTE = 60_000

/** A restore test of `shop` that went well, a number of days ago. */
export const restoreTest = (daysAgo: number, parts: Partial<Drill> = {}): Drill => ({
  id: `test-${daysAgo}`,
  asset: 'shop',
  started: NOW - daysAgo * DAY,
  outcome: 'succeeded',
  validation: 'successful',
  ...parts,
})

/** What a policy promises of `shop`. */
export const shop = (parts: Partial<Asset> = {}): Asset => ({ id: 'shop', plans: [], copies: [], ...parts })

/** The place was asked and has none. */
export const ABSENT = { state: 'absent', source: 'policy', observedAt: NOW } as const

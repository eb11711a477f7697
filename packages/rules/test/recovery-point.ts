import type { RecoveryPoint } from '@backproof/core/history'

const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000

/** One of `shop`, complete, that was made at noon some days ago. */
export const pointOf = (daysAgo: number, parts: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `point-${daysAgo}`,
  asset: 'shop',
  created: NOW - daysAgo * DAY,
  complete: true,
  ...parts,
})

/** One a day, the oldest first. */
export const dailyPoints = (
  count: number,
  parts: (daysAgo: number) => Partial<RecoveryPoint>,
): readonly RecoveryPoint[] =>
  Array.from({ length: count }, (_, index) => pointOf(count - 1 - index, parts(count - 1 - index)))

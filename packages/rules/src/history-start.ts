import type { FoldContext } from '@backproof/core/audit'

/** Start of a window of days that ends where the history does: what came later is not told in full. */
export const windowStart = ({ now, observedAt }: Pick<FoldContext, 'now' | 'observedAt'>, span: number): number =>
  Math.min(now, observedAt) - span

/** Whether the history begins too late to tell what happened since `start`. */
export const isShort = ({ from }: { readonly from?: number | undefined }, start: number): boolean =>
  from !== undefined && from > start

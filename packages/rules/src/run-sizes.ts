import type { JobRun } from '@backproof/core/history'
import type { Comparison } from './baseline.js'
import type { Measures, RunSeries } from './run-series.js'

/**
 * How much a run backed up. `read`, `sent`: bytes. `items`: their number. `changed`: percent of them that differ from the run before.
 * `entropy`: bits per byte.
 */
export type Size = 'read' | 'sent' | 'items' | 'changed' | 'entropy'

export const sizesOf = ({
  bytesProcessed,
  bytesTransferred,
  items,
  changedItems,
  entropy,
}: JobRun): Measures<Size> => ({
  read: bytesProcessed ?? null,
  sent: bytesTransferred ?? null,
  items: items ?? null,
  changed: items && changedItems !== undefined && changedItems !== null ? (100 * changedItems) / items : null,
  entropy: entropy ?? null,
})

export const SIZES: readonly Size[] = ['read', 'sent', 'items', 'changed', 'entropy']

/** Any of these tells how large a backup is. */
export const WHOLE_SIZES: readonly Size[] = ['read', 'sent', 'items']

/** For messages, behind a number. */
export const SIZE_WORDS: Readonly<Record<Size, string>> = {
  read: 'bytes read',
  sent: 'bytes sent',
  items: 'items',
  changed: '% of items changed',
  entropy: 'bits of entropy per byte',
}

/** Growth below is nothing, whatever the factor: twenty items in place of two. */
const GROWTH_FROM: Readonly<Record<Size, number>> = { read: 1e7, sent: 1e7, items: 100, changed: 10, entropy: 0 }

/** Whether it is large enough for its growth to matter. */
export const isSizeable = ({ measure, value }: Comparison<Size>): boolean => value >= GROWTH_FROM[measure]

/** Whether each run holds everything: increments are small when little changed. Where nobody says, it does. */
export const holdsEverything = ({ kind }: RunSeries<Size>): boolean => kind === null || kind === 'full'

/** What runs before the last one told, and the last one does not. */
export const noLongerTold = ({ last }: RunSeries<Size>): readonly Size[] => {
  const runs = last.items()
  const newest = runs.at(-1)
  return WHOLE_SIZES.filter(
    (size) => newest?.measures[size] === null && runs.some(({ measures }) => measures[size] !== null),
  )
}

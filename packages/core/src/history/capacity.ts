import type { HistorySource, HistoryToken } from '../audit/history.js'

/** How full a store was at one moment. `null` where the platform has no limit or cannot say. */
export interface CapacitySample {
  readonly store: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly usedBytes: number
  /** What fits in all, used and free; what only the superuser may use is not in it. */
  readonly limitBytes?: number | null | undefined
  /** Files, or objects. */
  readonly usedObjects?: number | null | undefined
  /** Inodes, of file systems with a fixed number of them. */
  readonly limitObjects?: number | null | undefined
}

/** Samples by store. */
export const capacitySamples: HistoryToken<CapacitySample> = {
  name: 'capacity.samples',
  description: 'how full stores were',
  target: 'store',
  targetOf: ({ store }) => store,
  timeOf: ({ at }) => at,
  idOf: () => '',
  badnessOf: ({ usedBytes }) => usedBytes,
}

export type CapacitySource = HistorySource<CapacitySample>

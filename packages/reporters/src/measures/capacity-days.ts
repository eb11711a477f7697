import { type AuditMeasure, defineMeasure } from '@backproof/core/audit'
import { type CapacitySample, capacitySamples } from '@backproof/core/history'
import { DAYS, dayOf, isShown } from './days.js'
import type { CapacityDays, StoreCapacity } from './shapes.js'

/** Stores that are shown: the fullest. */
const STORES = 20

interface Stores {
  readonly kept: Map<string, Map<string, CapacitySample>>
  omitted: number
}

/** How full stores are, day by day, over the last {@link DAYS} days: `capacity-days`, a {@link CapacityDays}. */
export const capacityDays = (): AuditMeasure =>
  defineMeasure({
    name: 'capacity-days',
    description: `how full the ${STORES} fullest stores were on each of the last ${DAYS} days`,
    folds: (fold) => ({
      samples: fold(capacitySamples, {
        init: (): Stores => ({ kept: new Map(), omitted: 0 }),
        step: (stores, sample, { now }) => {
          if (!isShown(sample.at, now)) return stores
          const { kept } = stores
          let days = kept.get(sample.store)
          if (days === undefined) {
            // Samples come store by store: those before are whole.
            if (kept.size > STORES) dropEmptiest(stores)
            days = new Map()
            kept.set(sample.store, days)
          }
          days.set(dayOf(sample.at), sample)
          return stores
        },
      }),
    }),
    measure: ({ folds }) => {
      const stores = folds.samples.value
      if (stores.kept.size > STORES) dropEmptiest(stores)
      return {
        stores: [...stores.kept].map(
          ([store, days]): StoreCapacity => ({
            store,
            days: [...days].map(([day, { usedBytes, limitBytes = null }]) => ({ day, usedBytes, limitBytes })),
          }),
        ),
        storesOmitted: stores.omitted,
      } satisfies CapacityDays as never
    },
  })

const dropEmptiest = (stores: Stores): void => {
  const [emptiest] = [...stores.kept].sort(([a, one], [b, other]) => {
    const [x, y] = [fillOf(one), fillOf(other)]
    return x.share - y.share || x.used - y.used || (a < b ? 1 : -1)
  })
  stores.kept.delete(emptiest![0])
  stores.omitted += 1
}

/** Without a limit a store is never full. */
const fillOf = (days: ReadonlyMap<string, CapacitySample>): { readonly share: number; readonly used: number } => {
  const { usedBytes, limitBytes } = [...days.values()].at(-1)!
  return { share: limitBytes ? usedBytes / limitBytes : 0, used: usedBytes }
}

import { type AuditMeasure, defineMeasure, factValue, policyFact } from '@backproof/core/audit'
import { type CapacitySample, capacitySamples } from '@backproof/core/history'
import { DAYS, dayOf, isShown } from './days.js'
import type { CapacityDays, StoreCapacity } from './shapes.js'

/** Stores that are shown: the fullest. */
const STORES = 20

/** Stores that are held until quotas are known, which may make others the fullest: those with the largest share of a told limit. */
const HELD = 100

interface Stores {
  readonly kept: Map<string, Map<string, CapacitySample>>
  omitted: number
}

/** Bytes that fit into a store. `null`: there is no limit, or nobody says. */
type LimitOf = (sample: CapacitySample) => number | null

/** How full stores are, day by day, over the last 400 days: `capacity-days`, a {@link CapacityDays}. */
export const capacityDays = (): AuditMeasure =>
  defineMeasure({
    name: 'capacity-days',
    description: `how full the ${STORES} fullest stores were on each of the last ${DAYS} days`,
    needs: { policy: policyFact },
    folds: (fold) => ({
      samples: fold(capacitySamples, {
        init: (): Stores => ({ kept: new Map(), omitted: 0 }),
        step: (stores, sample, { now }) => {
          if (!isShown(sample.at, now)) return stores
          const { kept } = stores
          let days = kept.get(sample.store)
          if (days === undefined) {
            // Samples come store by store: those before are whole.
            if (kept.size > HELD) dropEmptiest(stores, toldLimit)
            days = new Map()
            kept.set(sample.store, days)
          }
          days.set(dayOf(sample.at), sample)
          return stores
        },
      }),
    }),
    measure: ({ facts, folds }) => {
      const quotas = new Map(factValue(facts.policy)?.stores.map(({ id, quotaBytes }) => [id, quotaBytes]))
      // The tighter one counts, as for the rules.
      const limitOf: LimitOf = (sample) => {
        const limits = [toldLimit(sample), quotas.get(sample.store)].filter((limit) => typeof limit === 'number')
        return limits.length === 0 ? null : Math.min(...limits)
      }
      const stores = folds.samples.value
      while (stores.kept.size > STORES) dropEmptiest(stores, limitOf)
      return {
        stores: [...stores.kept].map(
          ([store, days]): StoreCapacity => ({
            store,
            days: [...days].map(([day, sample]) => ({
              day,
              usedBytes: sample.usedBytes,
              limitBytes: limitOf(sample),
            })),
          }),
        ),
        storesOmitted: stores.omitted,
      } satisfies CapacityDays as never
    },
  })

const toldLimit: LimitOf = ({ limitBytes }) => limitBytes ?? null

const dropEmptiest = (stores: Stores, limitOf: LimitOf): void => {
  const [emptiest] = [...stores.kept].sort(([a, one], [b, other]) => {
    const [x, y] = [fillOf(one, limitOf), fillOf(other, limitOf)]
    return x.share - y.share || x.used - y.used || (a < b ? 1 : -1)
  })
  stores.kept.delete(emptiest![0])
  stores.omitted += 1
}

/** Without a limit a store is never full. */
const fillOf = (
  days: ReadonlyMap<string, CapacitySample>,
  limitOf: LimitOf,
): { readonly share: number; readonly used: number } => {
  const sample = [...days.values()].at(-1)!
  const limit = limitOf(sample)
  return { share: limit ? sample.usedBytes / limit : 0, used: sample.usedBytes }
}

import { type Amounts, addMoney, moneyOf } from '../evidence/cost/money.js'
import { costOf, type Rates } from '../evidence/cost/rates.js'
import type { PlannedSide } from '../report/plan.js'
import type { SideCount } from './join.js'
import { ceilingsOf, isService, pagesOf } from './place-spending.js'
import type { Party } from './row.js'

interface Use {
  stats: number
  reads: number
  bytes: number
}

/** What a run would do at one place, counted by the rates of the classes of its objects. */
export interface PlaceTally {
  readonly ask: (storageClass: string | undefined, requests: number) => void
  readonly read: (storageClass: string | undefined, requests: number, bytes: number) => void
  /** Questions and reads, as far as they are requests to a service. */
  readonly requests: () => number
  /** The same, and files that are opened. */
  readonly calls: () => number
  readonly bytes: () => number
  readonly money: (listed: number) => Amounts
  readonly snapshot: (count: SideCount) => PlannedSide
}

/** @param listings How often the run lists the place. */
export const createPlaceTally = (party: Party, ceiling: number | 'none' | undefined, listings: number): PlaceTally => {
  const uses = new Map<Rates, Use>()
  const usual = party.rates()
  const { limits, kindOf } = ceilingsOf(party, ceiling)
  const read = { cold: 0, usual: 0 }
  const useOf = (rates: Rates): Use => {
    const use = uses.get(rates) ?? { stats: 0, reads: 0, bytes: 0 }
    uses.set(rates, use)
    return use
  }
  const sum = (member: keyof Use): number => [...uses.values()].reduce((total, use) => total + use[member], 0)
  const takesRequests = isService(party)
  const pages = (objects: number): number => listings * pagesOf(party, objects)
  const money = (listed: number): Amounts => {
    let amounts: Amounts = {}
    for (const [rates, use] of uses) amounts = addMoney(amounts, moneyOf(costOf(use, rates), rates))
    const listing = pages(listed) * (party.prices?.list ?? 0)
    return addMoney(amounts, moneyOf(listing, usual))
  }
  return {
    ask: (storageClass, requests) => {
      useOf(party.rates(storageClass)).stats += requests
    },
    read: (storageClass, requests, bytes) => {
      const rates = party.rates(storageClass)
      const use = useOf(rates)
      use.reads += requests
      use.bytes += bytes
      read[kindOf(storageClass)] += bytes
    },
    requests: () => (takesRequests ? sum('stats') + sum('reads') : 0),
    calls: () => sum('stats') + sum('reads'),
    bytes: () => sum('bytes'),
    money,
    snapshot: ({ objects, bytes }) => {
      const charged = money(objects)
      const { prices } = party
      const beyond = Math.max(0, read.cold - limits.cold) + Math.max(0, read.usual - limits.usual)
      return {
        uri: party.source.uri,
        objects,
        bytes,
        requests: {
          list: pages(objects),
          stat: takesRequests ? sum('stats') : 0,
          read: takesRequests ? sum('reads') : 0,
        },
        bytesToRead: sum('bytes'),
        bytesOfColdClasses: read.cold,
        ...(beyond > 0 && { bytesBeyondCeiling: beyond }),
        ...(Object.keys(charged).length > 0 && { money: charged }),
        ...(prices !== undefined && { prices: { asOf: prices.asOf, source: prices.source } }),
        ...(!usual.known && { unpriced: true }),
      }
    },
  }
}

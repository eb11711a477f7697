import { listRequests } from '../evidence/cost/rates.js'
import { readRequests } from '../run/range-reader.js'
import type { ListedEntry, Party, Row } from './row.js'

/**
 * Bytes that a run reads of one place that charges, without the caller's word: of classes that charge for retrieval, and of all
 * others.
 */
export const READ_CEILING = { cold: 10e9, usual: 100e9 } as const

/** An object may be read again: because it changed, or to find out which side is rotten. */
const MOST_READS = 3

/** Entries of a page where no price says how many are on one. */
const USUAL_PAGE = { pageSize: 1_000 }

/** Whether using a place takes requests: files of this machine, and lists that are files, take none. */
export const isService = ({ source, traits }: Party): boolean =>
  source.localFile === undefined && traits.readCost !== 'impossible'

/** Requests that list so many objects of a place. */
export const pagesOf = (party: Party, objects: number): number =>
  isService(party) ? listRequests(objects, party.prices ?? USUAL_PAGE) : 0

/** Objects of classes that charge for retrieval, and all others. */
export type ChargedKind = keyof typeof READ_CEILING

/** How many bytes of each kind of object may be read of a place without a word of the caller, and of which kind an object is. */
export const ceilingsOf = (
  { rates, traits }: Party,
  ceiling: number | 'none' | undefined,
): {
  readonly limits: Readonly<Record<ChargedKind, number>>
  readonly kindOf: (storageClass: string | undefined) => ChargedKind
} => {
  const usual = rates().byte
  const charges = usual > 0 || traits.readCost === 'paid' || traits.readCost === 'archived'
  const limitOf = (kind: ChargedKind): number =>
    ceiling === 'none' || !charges ? Number.POSITIVE_INFINITY : (ceiling ?? READ_CEILING[kind])
  return {
    limits: { cold: limitOf('cold'), usual: limitOf('usual') },
    kindOf: (storageClass) => (rates(storageClass).byte > usual ? 'cold' : 'usual'),
  }
}

interface Cost {
  readonly bytes: number
  readonly requests: number
  readonly money: number
}

/** What a run spends at one place, and what it may read there. */
export interface PlaceSpending {
  /** Reserves what proving these rows reads at most. Whether all that is reserved stays below the ceiling. */
  readonly promise: (rows: readonly Row[], party: number) => boolean
  readonly release: (rows: readonly Row[], party: number) => void
  /** What listing these rows cost, beyond what was counted before. */
  readonly listed: (rows: readonly Row[], party: number) => Cost
  /** Of so many questions about an object. */
  readonly costOfAsking: (entry: ListedEntry, requests: number) => Cost
  readonly costOf: (entry: ListedEntry) => Cost
  readonly mayRead: (entry: ListedEntry) => boolean
  readonly read: (entry: ListedEntry) => void
}

export const createPlaceSpending = (party: Party, ceiling: number | 'none' | undefined): PlaceSpending => {
  const { rates, prices, traits } = party
  const takesRequests = isService(party)
  const { limits, kindOf: kindOfClass } = ceilingsOf(party, ceiling)
  const kindOf = ({ storageClass }: ListedEntry): ChargedKind => kindOfClass(storageClass)
  const spent: Record<ChargedKind, number> = { cold: 0, usual: 0 }
  const promised: Record<ChargedKind, number> = { cold: 0, usual: 0 }
  let objects = 0
  let pages = 0

  const reserve = (rows: readonly Row[], side: number, sign: 1 | -1): void => {
    if (limits.usual === Number.POSITIVE_INFINITY) return
    for (const row of rows) {
      const entry = row.entries[side]?.entry
      if (entry?.size !== undefined) promised[kindOf(entry)] += sign * MOST_READS * entry.size
    }
  }
  return {
    promise: (rows, side) => {
      reserve(rows, side, 1)
      return (['cold', 'usual'] as const).every((kind) => spent[kind] + promised[kind] <= limits[kind])
    },
    release: (rows, side) => reserve(rows, side, -1),
    listed: (rows, side) => {
      for (const row of rows) if (row.entries[side] !== undefined) objects += 1
      const requests = pagesOf(party, objects) - pages
      pages += requests
      return { bytes: 0, requests, money: requests * (prices?.list ?? 0) }
    },
    costOfAsking: ({ storageClass }, requests) =>
      takesRequests
        ? { bytes: 0, requests, money: requests * rates(storageClass).stat }
        : { bytes: 0, requests: 0, money: 0 },
    costOf: (entry) => {
      const { size = 0, storageClass } = entry
      const { read, byte } = rates(storageClass)
      const requests = takesRequests ? readRequests(entry, traits.rangeReads) : 0
      return { bytes: size, requests, money: requests * read + size * byte }
    },
    mayRead: (entry) => {
      const kind = kindOf(entry)
      return spent[kind] + (entry.size ?? 0) <= limits[kind]
    },
    read: (entry) => {
      spent[kindOf(entry)] += entry.size ?? 0
    },
  }
}

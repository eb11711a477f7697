/** What requests to one class of storage cost, where it is not what the place charges otherwise. */
export interface ClassPrices {
  readonly stat?: number | undefined
  readonly read?: number | undefined
  /** For every byte that is read, beside egress. */
  readonly retrievalByte?: number | undefined
}

/**
 * What using a place costs, as its provider knows it or a host says it. Amounts are of `currency`: for one request, or for one
 * byte. List prices: discounts, free tiers and taxes are not in here.
 */
export interface PlacePrices {
  /** ISO 4217, for example `USD`. */
  readonly currency: string
  /** When the prices were looked up: `2026-11`. */
  readonly asOf: string
  /** Where they stand, and what they are of: the page's address, and the region or tier. */
  readonly source: string
  /** A page of a listing. */
  readonly list: number
  /** Entries of a page of a listing. */
  readonly pageSize: number
  /** Asking about one object (`stat`). */
  readonly stat: number
  /** One read, or one range of it. */
  readonly read: number
  /** One byte that leaves the place: 0 where the reader is in its region. */
  readonly egressByte: number
  /** By storage class, as `ObjectEntry.storageClass` names it. */
  readonly classes?: Readonly<Record<string, ClassPrices>> | undefined
}

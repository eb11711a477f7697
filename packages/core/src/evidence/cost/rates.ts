import type { PlacePrices } from '../../source/prices.js'
import type { ReadCost } from '../../source/traits.js'

/** What one object of a place costs to use, in one currency: for a request, or for a byte. */
export interface Rates {
  /** Asking about it. */
  readonly stat: number
  /** One read, or one range of it; its bytes come on top. */
  readonly read: number
  /** One byte that is read: egress, and retrieval from a cold class. */
  readonly byte: number
  /** ISO 4217. Absent where nothing is charged, and for {@link NOMINAL_RATES}. */
  readonly currency?: string | undefined
  /** Whether these are prices, or that it is free. False: only for putting proofs in order; never shown as money. */
  readonly known: boolean
}

/** What decides on the rates of a place. */
export interface PlaceCost {
  readonly readCost: ReadCost
  /** Those of the host before those of the traits: see `pricesFor`. */
  readonly prices?: PlacePrices | undefined
}

/**
 * For places that charge by prices that nobody knows: as clouds charge from their usual class to the internet (about 0.4 for a
 * million requests, 0.09 for a gigabyte). They have no currency, because they put proofs in order and say nothing of money.
 */
export const NOMINAL_RATES: Rates = Object.freeze({ stat: 4e-7, read: 4e-7, byte: 9e-11, known: false })

const NOTHING: Rates = Object.freeze({ stat: 0, read: 0, byte: 0, known: true })

/** Places whose use nobody charges for, unless prices say that somebody does. */
const UNCHARGED: ReadonlySet<string> = new Set(['free', 'impossible'])

/**
 * The rates of one object, by its class. Prices count wherever they are known, also for a place that calls itself free (a bucket
 * that is mounted as a directory). Without prices, places that are `free`, or `impossible` to read, cost nothing; all others have
 * {@link NOMINAL_RATES}. A class that the prices do not name is charged as the place charges otherwise.
 */
export const ratesOf = ({
  readCost,
  prices,
  storageClass,
}: PlaceCost & { readonly storageClass?: string | undefined }): Rates => {
  if (prices === undefined) return UNCHARGED.has(readCost) ? NOTHING : NOMINAL_RATES
  const { currency, classes = {} } = prices
  const special = storageClass !== undefined && Object.hasOwn(classes, storageClass) ? classes[storageClass] : undefined
  return Object.freeze({
    stat: special?.stat ?? prices.stat,
    read: special?.read ?? prices.read,
    byte: prices.egressByte + (special?.retrievalByte ?? 0),
    currency,
    known: true,
  })
}

/**
 * {@link ratesOf} for the objects of one place: the same `Rates` for the same class, so that requests and bytes can be counted by
 * them. It holds as many as the prices name, however many classes a listing has.
 */
export const ratesByClass = (place: PlaceCost): ((storageClass?: string) => Rates) => {
  const usual = ratesOf(place)
  const names = Object.keys(place.prices?.classes ?? {})
  const special = new Map(names.map((storageClass) => [storageClass, ratesOf({ ...place, storageClass })]))
  return (storageClass) => (storageClass === undefined ? usual : (special.get(storageClass) ?? usual))
}

/** What is done with objects of the same rates. Absent: none. */
export interface Usage {
  readonly stats?: number | undefined
  /** Requests that read, one for each range. */
  readonly reads?: number | undefined
  readonly bytes?: number | undefined
}

/**
 * What that costs, in the currency of the rates. Count first and multiply once, instead of adding up the costs of single
 * objects: counts are exact, and merge.
 */
export const costOf = ({ stats = 0, reads = 0, bytes = 0 }: Usage, rates: Rates): number =>
  stats * rates.stat + reads * rates.read + bytes * rates.byte

/** Requests that list so many entries: at least one, as an empty place is listed too. */
export const listRequests = (entries: number, { pageSize }: Pick<PlacePrices, 'pageSize'>): number =>
  Math.max(1, Math.ceil(entries / pageSize))

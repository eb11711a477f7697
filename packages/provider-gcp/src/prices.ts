import type { PlacePrices } from '@backproof/core/source'
import { isGoogleHost } from './client/client.js'
import type { Connection } from './client/connection.js'

/** Google bills gibibytes ("Cloud Storage pricing"). */
const GIB = 2 ** 30

/**
 * List prices of Google Cloud Storage: reading and retrieval cost the same in every location; a page of a listing is that of a
 * region and a bucket of the class STANDARD (a multi-region takes twice as much). Asking about an object and reading it are
 * operations of class B, a page of a listing is one of class A. The page's numbers are filled in by a browser: they were taken
 * from copies of September and October 2026. See docs/guides/what-a-run-costs.md for each.
 */
export const GCS_LIST_PRICES: PlacePrices = Object.freeze({
  currency: 'USD',
  asOf: '2026-09',
  source: 'https://cloud.google.com/storage/pricing (a region, flat namespace; to the internet, first 10 TiB a month)',
  list: 0.005 / 1_000,
  pageSize: 1_000,
  stat: 0.000_4 / 1_000,
  read: 0.000_4 / 1_000,
  egressByte: 0.12 / GIB,
  // What they do not name is as STANDARD: the older MULTI_REGIONAL and REGIONAL. Buckets with Autoclass have no retrieval fee,
  // which a listing does not tell: the estimate is too high there.
  classes: Object.freeze({
    NEARLINE: Object.freeze({ stat: 0.001 / 1_000, read: 0.001 / 1_000, retrievalByte: 0.01 / GIB }),
    COLDLINE: Object.freeze({ stat: 0.01 / 1_000, read: 0.01 / 1_000, retrievalByte: 0.02 / GIB }),
    ARCHIVE: Object.freeze({ stat: 0.05 / 1_000, read: 0.05 / 1_000, retrievalByte: 0.05 / GIB }),
  }),
})

/** What the place charges: what the options say, else the list prices where it is Google's. */
export const pricesOf = ({ settings, endpoint }: Connection): PlacePrices | undefined => {
  const { prices } = settings
  if (prices !== undefined) return prices === 'none' ? undefined : prices
  return isGoogleHost(new URL(endpoint).hostname) ? GCS_LIST_PRICES : undefined
}

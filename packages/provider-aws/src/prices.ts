import type { PlacePrices } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { isDirectoryBucket } from './profile.js'

/** Amazon bills gigabytes of 2^30 bytes ("S3 FAQs", its examples of charges). */
const GIB = 2 ** 30

/**
 * List prices of Amazon S3 in us-east-1; those of other regions are up to about twice as high. HEAD is billed like GET, and a page
 * of a listing like PUT. The page's numbers are filled in by a browser: they were taken from copies of the price list that it
 * shows, the oldest of October 2025. See docs/guides/what-a-run-costs.md for each.
 */
export const S3_LIST_PRICES: PlacePrices = Object.freeze({
  currency: 'USD',
  asOf: '2025-10',
  source: 'https://aws.amazon.com/s3/pricing/ (us-east-1; to the internet, first 10 TB a month)',
  list: 0.005 / 1_000,
  pageSize: 1_000,
  stat: 0.000_4 / 1_000,
  read: 0.000_4 / 1_000,
  egressByte: 0.09 / GIB,
  // What they do not name is as STANDARD: REDUCED_REDUNDANCY; INTELLIGENT_TIERING, which has no retrieval fee; and
  // GLACIER and DEEP_ARCHIVE, as a restore comes first, whose price depends on its speed.
  classes: Object.freeze({
    STANDARD_IA: Object.freeze({ stat: 0.001 / 1_000, read: 0.001 / 1_000, retrievalByte: 0.01 / GIB }),
    ONEZONE_IA: Object.freeze({ stat: 0.001 / 1_000, read: 0.001 / 1_000, retrievalByte: 0.01 / GIB }),
    GLACIER_IR: Object.freeze({ stat: 0.01 / 1_000, read: 0.01 / 1_000, retrievalByte: 0.03 / GIB }),
    EXPRESS_ONEZONE: Object.freeze({
      stat: 0.000_03 / 1_000,
      read: 0.000_03 / 1_000,
      retrievalByte: 0.000_6 / GIB,
    }),
  }),
})

/** Of directory buckets, which hold nothing but objects of S3 Express One Zone. */
const DIRECTORY_PRICES: PlacePrices = Object.freeze({ ...S3_LIST_PRICES, list: 0.001_13 / 1_000 })

/** China and the European Sovereign Cloud charge in currencies of their own; GovCloud and the isolated partitions by lists of their own. */
const OTHER_LIST = /\.(?:cn|eu|gov|uk)(?::\d+)?$|[/.-]us-gov-/i

/**
 * What the place charges: what the options say, else the list prices where it is Amazon's. To be called after the first request,
 * which shows whose it is.
 */
export const pricesOf = (connection: Connection): PlacePrices | undefined => {
  const { prices, bucket } = connection.settings
  if (prices !== undefined) return prices === 'none' ? undefined : prices
  if (connection.profile() !== 'aws' || OTHER_LIST.test(connection.endpoint() ?? '')) return undefined
  return isDirectoryBucket(bucket) ? DIRECTORY_PRICES : S3_LIST_PRICES
}

import type { PlacePrices } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { hostOf } from './client/endpoint.js'

/** Azure's gigabytes have 2^30 bytes ("Estimate the cost of using Azure Blob Storage": 10 TB are 10 * 1024 GB). */
const GIB = 2 ** 30

/**
 * List prices of Azure Blob Storage for locally redundant storage (LRS) without a hierarchical namespace; those of other regions
 * and redundancies differ. Asking about a blob is "all other operations", and a page of a listing "list and create container
 * operations" ("Map each REST operation to a price"). The numbers of the price page are filled in by a browser: these are the
 * samples that Microsoft calculates with, of July 2024. See docs/guides/what-a-run-costs.md for each.
 */
export const AZURE_BLOB_LIST_PRICES: PlacePrices = Object.freeze({
  currency: 'USD',
  asOf: '2024-07',
  source:
    'https://learn.microsoft.com/azure/storage/blobs/blob-storage-estimate-costs (sample prices; LRS; to the internet, first 10 TB a month)',
  list: 0.055 / 10_000,
  pageSize: 5_000,
  stat: 0.004_4 / 10_000,
  read: 0.004_4 / 10_000,
  egressByte: 0.087 / GIB,
  // What they do not name is as Hot. Archive is not in here: it cannot be read before a rehydration, which is priced by its speed.
  classes: Object.freeze({
    Cool: Object.freeze({ read: 0.01 / 10_000, retrievalByte: 0.01 / GIB }),
    Cold: Object.freeze({ stat: 0.005_2 / 10_000, read: 0.1 / 10_000, retrievalByte: 0.03 / GIB }),
    // Not of that page: as known in 2023, not looked up again.
    Premium: Object.freeze({ stat: 0.001_8 / 10_000, read: 0.001_8 / 10_000 }),
  }),
})

/** Accounts of the public cloud, with DNS zones (`z01`) too. Other clouds charge by lists of their own. */
const PUBLIC_CLOUD = /\.(?:core\.windows|storage\.azure)\.net$/i

/** What the place charges: what the options say, else the list prices where it is in Azure's public cloud. */
export const pricesOf = ({ settings }: Connection): PlacePrices | undefined => {
  const { prices, endpoint } = settings
  if (prices !== undefined) return prices === 'none' ? undefined : prices
  return PUBLIC_CLOUD.test(hostOf(endpoint)) ? AZURE_BLOB_LIST_PRICES : undefined
}

import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob'
import { checkedPrices } from '@backproof/core/evidence'
import { type CustomerKey, customerKey, optionChecks } from '@backproof/core/object-store'
import { checkOptionNames, type PlacePrices } from '@backproof/core/source'
import { type AzureAccess, type AzureCredential, accessOf } from './client/credentials.js'
import { type AzureEndpoint, endpointOf } from './client/endpoint.js'
import { PROVIDER } from './errors.js'

export interface AzureBlobSourceOptions {
  /** Name of the storage account, in the public cloud of Azure. Other clouds, private endpoints and emulators: `url`. */
  readonly account?: string | undefined
  /**
   * URL of the account or of the container: `https://backups.blob.core.windows.net/daily`, `http://127.0.0.1:10000/devstoreaccount1`.
   * A shared access signature in its query is taken out, used as the credential, and never shown. With a domain of your own,
   * `account` names the account.
   */
  readonly url?: string | undefined
  /** A connection string of the account, with its key or a shared access signature. It is never shown. */
  readonly connectionString?: string | undefined
  /**
   * A client to use instead of an own one. It is never changed or closed. Switch its retries off
   * (`retryOptions: { maxTries: 1 }`): runs retry themselves. Excludes `account`, `url`, `connectionString` and `credential`.
   */
  readonly client?: BlobServiceClient | ContainerClient | undefined
  /** Name of the container. Default: that of `url` or `client`. */
  readonly container?: string | undefined
  /**
   * Only names that begin with this text, and without it: with `shop/`, the blob `shop/a.txt` has the key `a.txt`. Taken as
   * it is: `shop` also takes in `shopping/list`. Default: the whole container.
   */
  readonly prefix?: string | undefined
  /**
   * How requests are authorised; see {@link AzureCredential}. Default: the signature of `url` or the key of
   * `connectionString`, else `anonymous`.
   */
  readonly credential?: AzureCredential | undefined
  /** Whether listings of all versions also have snapshots. Default false. */
  readonly snapshots?: boolean | undefined
  /** Whether listings of all versions also have what was deleted softly; it cannot be read before it is undeleted. Default false. */
  readonly deleted?: boolean | undefined
  /**
   * Key of blobs that are encrypted with keys of your own (customer-provided keys): 32 bytes, or their base64. Sent with
   * each read of such a blob, over https only, and nowhere else. Default: none.
   */
  readonly customerKey?: string | Uint8Array | undefined
  /** Milliseconds without an answer, or without a byte of a body, after which a request fails. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined
  /**
   * What the place charges, for plans and budgets: instead of the list prices (`AZURE_BLOB_LIST_PRICES`), which are taken where the account is in Azure's public cloud.
   * `none`: nobody knows. Default: the list prices there, else none.
   */
  readonly prices?: PlacePrices | 'none' | undefined
}

/** {@link AzureBlobSourceOptions}, checked, with every default in place. */
export interface AzureSettings {
  readonly account: string
  readonly container: string
  readonly prefix: string
  /** Of the account, without a slash at its end: `https://backups.blob.core.windows.net`. */
  readonly endpoint: string
  readonly access: AzureAccess
  readonly client: BlobServiceClient | ContainerClient | undefined
  readonly snapshots: boolean
  readonly deleted: boolean
  readonly customerKey: CustomerKey | undefined
  readonly requestTimeoutMs: number
  readonly prices: PlacePrices | 'none' | undefined
}

const FACTORY = 'azureBlobSource'
const checks = optionChecks(FACTORY, PROVIDER)
const NAMES: readonly string[] = [
  'account',
  'url',
  'connectionString',
  'client',
  'container',
  'prefix',
  'credential',
  'snapshots',
  'deleted',
  'customerKey',
  'requestTimeoutMs',
  'prices',
] satisfies (keyof AzureBlobSourceOptions)[]

/** Longest name that a blob can have, in characters of UTF-16 ("Naming and referencing containers, blobs, and metadata"). */
export const MAX_NAME_CHARACTERS = 1_024

/** No character of UTF-16 takes more bytes of UTF-8. */
const BYTES_OF_CHARACTER = 3

/** Longest key in bytes. */
export const MAX_KEY_BYTES: number = MAX_NAME_CHARACTERS * BYTES_OF_CHARACTER

/** Checks options that may come from plain JavaScript or a command line. Throws `invalid-config`. */
export const azureSettings = (options: AzureBlobSourceOptions): AzureSettings => {
  checkOptionNames(FACTORY, options, NAMES, PROVIDER)
  const { prefix = '', client, snapshots = false, deleted = false, requestTimeoutMs = 30_000 } = options
  checks.prefix(prefix, MAX_KEY_BYTES)
  checks.boolean('snapshots', snapshots)
  checks.boolean('deleted', deleted)
  checks.count('requestTimeoutMs', requestTimeoutMs, 'milliseconds, from 1')
  const place = endpointOf(checks, options)
  const container = containerOf(options.container, place)
  const access: AzureAccess = client === undefined ? accessOf(checks, options.credential, place) : { kind: 'client' }
  const key = options.customerKey === undefined ? undefined : customerKey(checks, options.customerKey)
  if (key !== undefined && !place.endpoint.startsWith('https:')) {
    throw checks.invalid('customerKey is sent over https only, and the URL of the account begins with http.')
  }
  if (access.kind === 'token' && !place.endpoint.startsWith('https:')) {
    throw checks.invalid('a TokenCredential is for https only, and the URL of the account begins with http.')
  }
  return {
    ...{ account: place.account, container, prefix, endpoint: place.endpoint, access, client },
    ...{ snapshots, deleted, customerKey: key, requestTimeoutMs },
    prices: pricesIn(options.prices),
  }
}

const pricesIn = (prices: AzureBlobSourceOptions['prices']): AzureSettings['prices'] =>
  prices === undefined || prices === 'none' ? prices : checkedPrices(prices, `${FACTORY}: prices`, PROVIDER)

/** "Container names" and the special containers; all else is for the service to say. */
const CONTAINER = /^(?:\$root|\$web|\$logs|\$blobchangefeed|[a-z0-9](?:-?[a-z0-9]){2,62})$/

const containerOf = (given: unknown, { container: named }: AzureEndpoint): string => {
  if (given === undefined && named === undefined) throw checks.refused('container', given, 'the name of a container')
  if (given !== undefined && (typeof given !== 'string' || !CONTAINER.test(given))) {
    const hint = typeof given === 'string' && /^azblob:/i.test(given) ? '; open a URI with provider.fromUri()' : ''
    throw checks.refused('container', given, `the name of a container${hint}`)
  }
  if (given !== undefined && named !== undefined && given !== named) {
    throw checks.invalid(`container is "${given}", but the url or client names the container "${named}".`)
  }
  return (given ?? named)!
}

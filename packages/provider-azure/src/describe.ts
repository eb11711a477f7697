import { isBackupError } from '@backproof/core/errors'
import type { CallOptions, KeyOrder, NativeDigest, SourceTraits } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { accountInfo, type PageRequest } from './client/requests.js'
import { readListedPage } from './listing/pages.js'
import type { RawRow } from './listing/raw-page.js'
import { MAX_KEY_BYTES } from './options.js'
import { pricesOf } from './prices.js'

/** Asks the container for its traits: whether it is there and can be listed, in which order, and whether it keeps versions. */
export const describeContainer = async (connection: Connection, call: CallOptions = {}): Promise<SourceTraits> => {
  const first = await reachContainer(connection, call)
  const { endpoint, container, prefix, snapshots, deleted } = connection.settings
  const keyOrder = await keyOrderOf(connection, first, call)
  const prices = pricesOf(connection)
  call.signal?.throwIfAborted()
  return Object.freeze({
    keyOrder,
    access: 'random',
    // A listing carries ETags, no versions: a read of what was replaced ends with `changed`.
    pinning: 'etag',
    listingDigests: MD5,
    statDigests: MD5,
    rangeReads: true,
    versions: keepsVersions(first) || snapshots || deleted,
    readCost: 'paid',
    ...(prices !== undefined && { prices }),
    place: `${endpoint}/${container}/${prefix}`,
    maxKeyBytes: MAX_KEY_BYTES - Buffer.byteLength(prefix),
  })
}

const MD5: readonly NativeDigest[] = Object.freeze([Object.freeze({ algorithm: 'md5', provenance: 'claimed' })])

/** The first blobs of a container, which tell what it is like. */
export type FirstBlobs = readonly RawRow[]

/** How many of the first blobs are looked at: the first may be older than the account's versions. */
const FIRST = 20

/**
 * A listing tells as much of a container as its properties, and takes no further permission. Whether an account has versions
 * is told by the versions of its blobs, and by the management API, which a backup's reader has nothing to do with.
 */
export const reachContainer = async (connection: Connection, call: CallOptions): Promise<FirstBlobs> => {
  const first = { maxResults: FIRST }
  try {
    return await firstBlobs(connection, { ...first, versions: true }, call)
  } catch (error) {
    // Accounts with a hierarchical namespace have no versions, and not everybody may list them: without them it may work.
    if (!isBackupError(error) || error.retryable || !NOT_TOLD.has(error.code) || error.code === 'not-found') throw error
    return await firstBlobs(connection, first, call)
  }
}

const firstBlobs = async (connection: Connection, asked: PageRequest, call: CallOptions): Promise<FirstBlobs> =>
  (await readListedPage(connection, asked, call, (row) => row)).rows

export const keepsVersions = (first: FirstBlobs): boolean => first.some(({ versionId }) => versionId !== undefined)

/** What Get Account Information tells of an account; `undefined` where it may not be asked. */
export interface AccountKind {
  readonly hierarchical: boolean
  readonly kind: string
  readonly sku: string
}

export const accountKind = async (connection: Connection, call: CallOptions): Promise<AccountKind | undefined> => {
  try {
    const { output, headers } = await accountInfo(connection, call)
    const hierarchical = headers['x-ms-is-hns-enabled']
    if (hierarchical === undefined) return undefined
    return { hierarchical: hierarchical === 'true', kind: output.accountKind ?? '', sku: output.skuName ?? '' }
  } catch (error) {
    if (isBackupError(error) && !error.retryable && NOT_TOLD.has(error.code)) return undefined
    throw error
  }
}

/** Denied, or not known to the service: some requests take a key or a signature of the account, or a permission of their own. */
const NOT_TOLD: ReadonlySet<string> = new Set(['access-denied', 'unsupported', 'invalid-config', 'not-found'])

/** Where the account does not tell, its blobs may: only those of hierarchical namespaces have a type. Else nothing is promised. */
const keyOrderOf = async (connection: Connection, first: FirstBlobs, call: CallOptions): Promise<KeyOrder> => {
  const kind = await accountKind(connection, call)
  if (kind !== undefined) return kind.hierarchical ? 'path' : 'utf16'
  return first.some(({ resourceType }) => resourceType !== undefined) ? 'path' : 'none'
}

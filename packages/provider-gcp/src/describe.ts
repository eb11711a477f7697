import { isBackupError } from '@backproof/core/errors'
import type { CallOptions, NativeDigest, SourceTraits } from '@backproof/core/source'
import type { Connection, Layout } from './client/connection.js'
import { getBucket, getStorageLayout, listPage } from './client/requests.js'
import { MAX_KEY_BYTES } from './options.js'
import { pricesOf } from './prices.js'

/** What is known of a bucket. What may not be asked is left out. */
export interface BucketFacts {
  readonly layout: Layout
  /** Whether versioning is enabled now: generations from before stay when it is switched off. */
  readonly versioning?: boolean | undefined
  readonly location?: string | undefined
  readonly requesterPays?: boolean | undefined
  readonly defaultKmsKey?: string | undefined
  /** Seconds that deleted objects are kept. */
  readonly softDeleteSeconds?: number | undefined
}

/**
 * Asks the bucket for its traits: whether it is there and can be listed, in which order, and whether it keeps versions (no,
 * where that may not be asked).
 */
export const describeBucket = async (connection: Connection, call: CallOptions = {}): Promise<SourceTraits> => {
  const { layout, versioning = false } = await reachBucket(connection, call)
  const { bucket, prefix } = connection.settings
  const prices = pricesOf(connection)
  call.signal?.throwIfAborted()
  return Object.freeze({
    keyOrder: layout === 'flat' ? 'utf8' : 'none',
    access: 'random',
    pinning: 'version',
    listingDigests: DIGESTS,
    statDigests: DIGESTS,
    rangeReads: true,
    versions: versioning,
    readCost: 'paid',
    ...(prices !== undefined && { prices }),
    place: `${connection.endpoint}/${bucket}/${prefix}`,
    maxKeyBytes: MAX_KEY_BYTES - Buffer.byteLength(prefix),
  })
}

/** Composed objects have no MD5; most objects have both. */
const DIGESTS: readonly NativeDigest[] = Object.freeze([
  Object.freeze({ algorithm: 'crc32c', provenance: 'service' } as const),
  Object.freeze({ algorithm: 'md5', provenance: 'service' } as const),
])

/**
 * The settings of the bucket. Who may not see them (roles/storage.objectViewer alone) may still be told its layout, or at
 * least list it: then its order is not known.
 */
export const reachBucket = async (connection: Connection, call: CallOptions): Promise<BucketFacts> => {
  const facts = (await orRefused(connection, () => bucketFacts(connection, call))) ?? {
    layout: await layoutBeside(connection, call),
  }
  connection.layout = facts.layout
  return facts
}

/** The layout, asked once a source. */
export const layoutOf = async (connection: Connection, call: CallOptions): Promise<Layout> =>
  connection.layout ?? (await reachBucket(connection, call)).layout

const bucketFacts = async (connection: Connection, call: CallOptions): Promise<BucketFacts> => {
  const { output } = await getBucket(connection, call)
  const part = (name: string): Readonly<Record<string, unknown>> =>
    (output[name] ?? {}) as Readonly<Record<string, unknown>>
  const seconds = Number(part('softDeletePolicy')['retentionDurationSeconds'] ?? Number.NaN)
  const key = part('encryption')['defaultKmsKeyName']
  return {
    layout: part('hierarchicalNamespace')['enabled'] === true ? 'hierarchical' : 'flat',
    versioning: part('versioning')['enabled'] === true,
    requesterPays: part('billing')['requesterPays'] === true,
    ...(typeof output['location'] === 'string' && { location: output['location'] }),
    ...(typeof key === 'string' && { defaultKmsKey: key }),
    ...(Number.isFinite(seconds) && { softDeleteSeconds: seconds }),
  }
}

const layoutBeside = async (connection: Connection, call: CallOptions): Promise<Layout> => {
  try {
    const { output } = await getStorageLayout(connection, call)
    const { enabled } = (output['hierarchicalNamespace'] ?? {}) as { readonly enabled?: unknown }
    return enabled === true ? 'hierarchical' : 'flat'
  } catch (error) {
    if (!isBackupError(error) || error.retryable || !NOT_TOLD.has(error.code)) throw error
    // That the bucket is there and may be listed is what counts.
    await listPage(connection, { of: 'live', maxResults: 1 }, call)
    // Only services that know hierarchical namespaces know the request.
    return error.code === 'access-denied' ? 'unknown' : 'flat'
  }
}

/** `undefined` where it was denied, or is not known to the service: a listing tells whether the bucket is there. */
const orRefused = async <T>(connection: Connection, ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask()
  } catch (error) {
    connection.checkOpen()
    if (!isBackupError(error)) throw error
    if (error.code === 'unsupported' || error.code === 'not-found') return undefined
    if (error.code === 'access-denied' && !isFinal(connection, error.cause)) return undefined
    throw error
  }
}

/** Refusals that every other request meets as well. Who has no credentials is asked for some instead of denied. */
const isFinal = ({ authenticated }: Connection, cause: unknown): boolean => {
  const { name, status } = (cause ?? {}) as { readonly name?: unknown; readonly status?: unknown }
  if (typeof name === 'string' && name.startsWith('userProject')) return true
  return status !== 403 && (status !== 401 || authenticated)
}

/** Denied, or not known to the service. */
const NOT_TOLD: ReadonlySet<string> = new Set(['access-denied', 'unsupported', 'invalid-config', 'not-found'])

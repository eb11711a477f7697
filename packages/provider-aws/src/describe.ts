import { isBackupError } from '@backproof/core/errors'
import type { CallOptions, NativeDigest, SourceTraits } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { bucketVersioning, headBucket, listPage } from './client/requests.js'
import type { RawAnswer } from './errors.js'
import { provenanceOf } from './object/digests.js'
import { MAX_KEY_BYTES } from './options.js'
import { pricesOf } from './prices.js'
import { isDirectoryBucket } from './profile.js'

/**
 * Asks the bucket for its traits: whether it is there and can be listed, where it is, and whether it keeps versions (no,
 * where that may not be asked).
 */
export const describeBucket = async (connection: Connection, call: CallOptions = {}): Promise<SourceTraits> => {
  await reachBucket(connection, call)
  const { bucket, prefix } = connection.settings
  const directory = isDirectoryBucket(bucket)
  const versions = !directory && (await keepsVersions(connection, call))
  const profile = connection.profile()
  const md5: NativeDigest = { algorithm: 'md5', provenance: provenanceOf(profile) }
  const crc: NativeDigest = { algorithm: 'crc64nvme', provenance: provenanceOf(profile) }
  const ofEtag = directory ? [] : [md5]
  const prices = pricesOf(connection)
  call.signal?.throwIfAborted()
  return Object.freeze({
    keyOrder: directory ? 'none' : 'utf8',
    access: 'random',
    // A listing carries ETags, no versions: a read of what was replaced ends with `changed`.
    pinning: 'etag',
    listingDigests: frozen(ofEtag),
    statDigests: frozen(profile === 'aws' ? [...ofEtag, crc] : ofEtag),
    rangeReads: true,
    versions,
    readCost: 'paid',
    ...(prices !== undefined && { prices }),
    place: `${connection.endpoint() ?? ''}/${bucket}/${prefix}`,
    maxKeyBytes: MAX_KEY_BYTES - Buffer.byteLength(prefix),
  })
}

/**
 * Who may list below the prefix only is denied HeadBucket; a listing of one key tells as much. Answers to HEAD have no body:
 * what was refused (expired credentials, 400) is told by the listing too.
 */
export const reachBucket = async (connection: Connection, call: CallOptions): Promise<RawAnswer> => {
  try {
    return await headBucket(connection, call)
  } catch (error) {
    if (!isBackupError(error) || (error.code !== 'access-denied' && error.code !== 'invalid-config')) throw error
    return listPage(connection, { prefix: connection.settings.prefix, maxKeys: 1 }, call)
  }
}

const keepsVersions = async (connection: Connection, call: CallOptions): Promise<boolean> => {
  try {
    const { output } = await bucketVersioning(connection, call)
    // A suspended bucket still has the versions from before.
    return output.Status === 'Enabled' || output.Status === 'Suspended'
  } catch (error) {
    if (isBackupError(error) && !error.retryable && NOT_TOLD.has(error.code)) return false
    throw error
  }
}

/** Denied, or not known to the service. */
const NOT_TOLD: ReadonlySet<string> = new Set(['access-denied', 'unsupported', 'invalid-config', 'not-found'])

const frozen = (digests: readonly NativeDigest[]): readonly NativeDigest[] =>
  Object.freeze(digests.map((digest) => Object.freeze(digest)))

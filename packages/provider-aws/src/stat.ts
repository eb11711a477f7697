import { type Digest, isKnownAlgorithm } from '@backproof/core/digest'
import { isBackupError } from '@backproof/core/errors'
import { bareEtag, keyFields, wholeSeconds } from '@backproof/core/object-store'
import { escapeKey, type JsonValue, type ObjectInfo, type StatOptions } from '@backproof/core/source'
import type { Answer, Connection } from './client/connection.js'
import { headObject } from './client/requests.js'
import { readRef, type S3Ref } from './entry.js'
import { noObject, s3Error } from './errors.js'
import { isArchived } from './object/archive.js'
import { checksumDigests, type DigestFacts, etagDigest } from './object/digests.js'
import { encryptionOf } from './object/encryption.js'
import { type PartedObject, partLayout, withLayout } from './object/parts.js'
import { isDirectoryBucket } from './profile.js'

/**
 * The present state of one object, or the state of one version, with a fresh ref, its class, and the digest that its ETag
 * is. With the want `digests`: also its additional checksums, and how parts were cut where a digest is one of parts; with
 * `part-sizes` for certain, at a request a part where nothing else tells.
 * With `retention`: lock and legal hold; S3 leaves both out without a word when s3:GetObjectRetention or
 * s3:GetObjectLegalHold is missing, so that their absence proves nothing.
 */
export const statObject = async (
  connection: Connection,
  ref: JsonValue,
  options: StatOptions = {},
): Promise<ObjectInfo> => {
  const pinned = readRef(ref)
  try {
    return await statOnce(connection, pinned, options)
  } catch (error) {
    // Replaced between two requests about its parts: what it is now is asked once more.
    if (!isBackupError(error) || error.code !== 'changed') throw error
    return await statOnce(connection, pinned, options)
  }
}

const statOnce = async (connection: Connection, pinned: S3Ref, options: StatOptions): Promise<ObjectInfo> => {
  const { want = [] } = options
  const checksums = want.includes('digests')
  const ref: S3Ref = { key: pinned.key, ...(pinned.version !== undefined && { version: pinned.version }) }
  const answer = await headObject(connection, ref, { checksums }, options)
  checkAnswer(connection, pinned, answer)
  const info = infoOf(connection, ref, answer, answer.output.ContentLength)
  const retention = want.includes('retention') ? retentionOf(answer.output) : {}
  if (!checksums) return { ...info, ...retention }
  const digests = await withParts(connection, info, options)
  return { ...info, ...retention, ...(digests.length > 0 && { digests }) }
}

/** What the answer must have in common with the listing, so that a damaged one is not taken for another object. */
const checkAnswer = (
  connection: Connection,
  pinned: S3Ref,
  answer: Answer<{ readonly ETag?: string | undefined; readonly ContentLength?: number | undefined }>,
): void => {
  const { ETag: etag, ContentLength: size } = answer.output
  if (pinned.etag === undefined) return
  if (etag === undefined) throw noObject('HeadObject', keyFields(pinned.key).key, connection.uri, answer)
  if (bareEtag(etag) !== bareEtag(pinned.etag) || size === undefined || pinned.size === undefined) return
  if (size === pinned.size) return
  const { key } = keyFields(pinned.key)
  const what = `The answer for ${escapeKey(key)} has ${size} bytes; ${pinned.size} were listed under the same ETag.`
  throw s3Error('corrupt', 'HeadObject', key, what, true)
}

/** Headers and parsed output that HeadObject and GetObject have in common. */
type ObjectAnswer = Answer<{
  readonly ETag?: string | undefined
  readonly VersionId?: string | undefined
  readonly LastModified?: Date | undefined
  readonly StorageClass?: string | undefined
}>

/** What the headers of HeadObject or GetObject tell of an object. */
export const infoOf = (
  connection: Connection,
  ref: S3Ref,
  { output, headers }: ObjectAnswer,
  size: number | undefined,
): ObjectInfo => {
  const { ETag: etag, LastModified, StorageClass } = output
  // An unversioned bucket has no version ids; a suspended one has `null`, which the next upload overwrites.
  const version = output.VersionId ?? ref.version
  const archived = isArchived(headers)
  const facts: DigestFacts = {
    profile: connection.profile(),
    directoryBucket: isDirectoryBucket(connection.settings.bucket),
    encryption: encryptionOf(headers),
  }
  const ofEtag = etagDigest(etag, facts)
  const digests: readonly Digest[] = [...(ofEtag === undefined ? [] : [ofEtag]), ...checksumDigests(headers, facts)]
  // By version only where one was asked for: the ETag pins the content as well, and to read a version takes a permission more.
  const fresh: S3Ref = {
    key: ref.key,
    ...(etag !== undefined && { etag }),
    ...(ref.version !== undefined && { version: ref.version }),
    ...(size !== undefined && { size }),
    ...(archived && { archived: 'yes' }),
  }
  return {
    ...keyFields(ref.key),
    ref: fresh,
    kind: 'object',
    ...(size !== undefined && { size }),
    ...(version !== undefined && { version }),
    ...(etag !== undefined && { etag }),
    ...(LastModified !== undefined && { modified: wholeSeconds(LastModified) }),
    ...(archived && { archived: true }),
    ...(digests.length > 0 && { digests }),
    // S3 leaves the class out for STANDARD.
    storageClass: StorageClass ?? 'STANDARD',
  }
}

const retentionOf = (output: {
  readonly ObjectLockRetainUntilDate?: Date | undefined
  readonly ObjectLockLegalHoldStatus?: string | undefined
}): Pick<ObjectInfo, 'retainUntil' | 'legalHold'> => ({
  ...(output.ObjectLockRetainUntilDate !== undefined && { retainUntil: output.ObjectLockRetainUntilDate.getTime() }),
  ...(output.ObjectLockLegalHoldStatus !== undefined && { legalHold: output.ObjectLockLegalHoldStatus === 'ON' }),
})

/** Digests with the layout of their parts; asked for only where there is one of parts that can be computed. */
const withParts = async (
  connection: Connection,
  { digests = [], ref, size, etag }: ObjectInfo,
  options: StatOptions,
): Promise<readonly Digest[]> => {
  const computable = digests.filter(({ algorithm }) => isKnownAlgorithm(algorithm))
  const coverage = computable.map((digest) => digest.coverage).find((one) => one !== undefined && one !== 'full')
  if (coverage === undefined || size === undefined || etag === undefined) return digests
  const object: PartedObject = { ref: readRef(ref), size, etag, parts: coverage.parts }
  const every = options.want?.includes('part-sizes') === true
  const layout = await partLayout(connection, object, every, options)
  if (layout === undefined) return digests
  return Promise.all(digests.map((digest) => withLayout(digest, layout, object)))
}

import type { ByteRange } from '../../http/range.js'
import type { Reply } from '../../http/reply.js'
import { type BucketCall, bucketArn, isAllowed, type Operation, objectArn, requireAccess } from '../call.js'
import { checksumHeader } from '../checksums.js'
import { checkConditions, requireRange } from '../conditions.js'
import { encryptionHeaders, requireCustomerKey, requireDecrypt } from '../encryption.js'
import { failure } from '../failure.js'
import { wholeNumber } from '../request.js'
import { currentVersion, type Restore, type StoredVersion, versionById } from '../store.js'

export const getObject: Operation = (call) => {
  const version = findObject(call, ['s3:GetObject'], ['s3:GetObjectVersion'])
  requireReadable(version, call.state.now())
  requireCustomerKey(call.request.headers, version.encryption)
  requireDecrypt(call, version.encryption)
  return answer(call, version)
}

export const headObject: Operation = (call) => {
  const version = findObject(call, ['s3:GetObject'], ['s3:GetObjectVersion'])
  requireCustomerKey(call.request.headers, version.encryption)
  if (wantsChecksum(call)) requireDecrypt(call, version.encryption)
  return answer(call, version)
}

/**
 * The version that a request names. What is not there is told only to who may list the bucket.
 *
 * @throws AccessDenied, NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker that is named by its id.
 */
export const findObject = (
  call: BucketCall,
  actions: readonly string[],
  versionActions: readonly string[],
): StoredVersion => {
  const { bucket, user, request } = call
  const versionId = request.query.get('versionId')
  for (const action of versionId === undefined ? actions : versionActions)
    requireAccess(user, action, objectArn(bucket.name, request.key))
  const version =
    versionId === undefined ? currentVersion(bucket, request.key) : versionById(bucket, request.key, versionId)
  if (version === undefined || version.deleteMarker) {
    const headers = version && { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId }
    if (versionId !== undefined) throw failure('MethodNotAllowed', undefined, { headers })
    requireAccess(user, 's3:ListBucket', bucketArn(bucket.name))
    throw failure('NoSuchKey', undefined, { headers, fields: { Key: request.key } })
  }
  return version
}

const ARCHIVED_CLASSES: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE']

/** @throws InvalidObjectState for an object in an archive without a restored copy. */
export const requireReadable = (version: StoredVersion, now: number): void => {
  const { storageClass, archiveStatus } = version
  if (!ARCHIVED_CLASSES.includes(storageClass) && archiveStatus === undefined) return
  const restore = currentRestore(version, now)
  if (restore !== undefined && !restore.ongoing) return
  const fields = {
    StorageClass: storageClass,
    ...(archiveStatus !== undefined && { AccessTier: archiveStatus }),
  }
  throw failure('InvalidObjectState', undefined, { fields })
}

const answer = (call: BucketCall, version: StoredVersion): Reply => {
  const { headers, query } = call.request
  checkConditions(headers, version)
  const partNumber = wholeNumber(query.get('partNumber'), 'partNumber')
  if (partNumber !== undefined && headers.has('range'))
    throw failure('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter')
  const size = version.bytes.length
  const range = partNumber === undefined ? requireRange(headers.get('range'), size) : partRange(version, partNumber)
  const { start, end } = range ?? { start: 0, end: size }
  const there = size - version.lostTail
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...objectHeaders(call, version),
      ...(range !== undefined && size > 0 && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
      ...(partNumber !== undefined && version.parts && { 'x-amz-mp-parts-count': String(version.parts.length) }),
      ...(wantsChecksum(call) && checksumHeaders(version, range, partNumber)),
      ...overrides(query),
    },
    body: version.bytes.subarray(start, end),
    ...(end > there && { brokenAfter: Math.max(0, there - start) }),
  }
}

/** @throws InvalidPartNumber for a part that the object does not have; without parts, all of it is part 1. */
const partRange = ({ bytes, parts }: StoredVersion, partNumber: number): ByteRange => {
  const sizes = parts?.map((part) => part.size) ?? [bytes.length]
  const size = sizes[partNumber - 1]
  if (size === undefined) {
    const fields = { PartNumberRequested: String(partNumber), ActualPartCount: String(sizes.length) }
    throw failure('InvalidPartNumber', undefined, { fields })
  }
  const start = sizes.slice(0, partNumber - 1).reduce((sum, one) => sum + one, 0)
  return { start, end: start + size }
}

const objectHeaders = (call: BucketCall, version: StoredVersion): Record<string, string> => {
  const { bucket, user, state } = call
  const restore = currentRestore(version, state.now())
  const arn = objectArn(bucket.name, version.key)
  const held = (name: string): boolean =>
    !name.startsWith('x-amz-object-lock-') ||
    isAllowed(user, name.endsWith('-legal-hold') ? 's3:GetObjectLegalHold' : 's3:GetObjectRetention', arn)
  return {
    'accept-ranges': 'bytes',
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    ...Object.fromEntries(Object.entries(version.headers).filter(([name]) => held(name))),
    ...encryptionHeaders(version.encryption),
    ...(bucket.versioning !== undefined && { 'x-amz-version-id': version.versionId }),
    ...(version.storageClass !== 'STANDARD' && { 'x-amz-storage-class': version.storageClass }),
    ...(version.archiveStatus !== undefined && { 'x-amz-archive-status': version.archiveStatus }),
    ...(restore !== undefined && { 'x-amz-restore': restoreHeader(restore) }),
  }
}

/** A restored copy is there until its time is over. */
const currentRestore = ({ restore }: StoredVersion, now: number): Restore | undefined =>
  restore?.expiresAt !== undefined && restore.expiresAt.getTime() <= now ? undefined : restore

const restoreHeader = ({ ongoing, expiresAt }: Restore): string =>
  `ongoing-request="${ongoing}"${expiresAt === undefined ? '' : `, expiry-date="${expiresAt.toUTCString()}"`}`

const wantsChecksum = (call: BucketCall): boolean =>
  call.request.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED'

/** The checksum of the object, or of the part asked for. That of a range does not exist. */
const checksumHeaders = (
  { checksum, parts }: StoredVersion,
  range: ByteRange | undefined,
  partNumber: number | undefined,
): Record<string, string> => {
  if (checksum === undefined || (range !== undefined && partNumber === undefined)) return {}
  const value = partNumber === undefined || parts === undefined ? checksum.value : parts[partNumber - 1]?.checksum
  if (value === undefined) return {}
  return { [checksumHeader(checksum.algorithm)]: value, 'x-amz-checksum-type': checksum.type }
}

const OVERRIDES: readonly string[] = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

/** Headers that the query replaces (`response-content-type` ...). */
const overrides = (query: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries(
    OVERRIDES.flatMap((name) => {
      const value = query.get(`response-${name}`)
      return value === undefined ? [] : [[name, value]]
    }),
  )

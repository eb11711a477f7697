import { type BucketCall, type Operation, objectArn, requireAccess } from '../call.js'
import { checksumHeader, checkUpload, computeChecksum, DEFAULT_ALGORITHM } from '../checksums.js'
import { checkWriteConditions } from '../conditions.js'
import { askedEncryption, encryptionHeaders } from '../encryption.js'
import { failure } from '../failure.js'
import { makeVersion } from '../make-version.js'
import { addVersion, currentVersion, type StoredVersion } from '../store.js'

export const putObject: Operation = async (call) => {
  const { bucket, request, body, state } = call
  requireAccess(call.user, 's3:PutObject', objectArn(bucket.name, request.key))
  checkKey(request.key)
  checkWriteConditions(request.headers, existing(call))
  const encryption = askedEncryption(call, bucket.region)
  const given = await checkUpload(request.headers, body.trailers, body.bytes)
  const checksum = given ?? {
    algorithm: DEFAULT_ALGORITHM,
    value: await computeChecksum(DEFAULT_ALGORITHM, body.bytes),
  }
  const version = makeVersion(bucket, {
    key: request.key,
    bytes: body.bytes,
    lastModified: state.now(),
    checksum: { ...checksum, type: 'FULL_OBJECT' },
    checksumAsked: given !== undefined,
    storageClass: request.headers.get('x-amz-storage-class'),
    encryption,
    headers: keptHeaders(request.headers),
  })
  addVersion(bucket, version)
  return { status: 200, headers: { ...writtenHeaders(call, version), ...wholeChecksumHeaders(version) } }
}

/** The object that a write replaces. */
export const existing = ({ bucket, request }: BucketCall): StoredVersion | undefined => {
  const current = currentVersion(bucket, request.key)
  return current?.deleteMarker === true ? undefined : current
}

/** Headers of the answer to a write. */
export const writtenHeaders = ({ bucket }: BucketCall, version: StoredVersion): Record<string, string> => ({
  etag: `"${version.etag}"`,
  ...encryptionHeaders(version.encryption),
  ...(bucket.versioning !== undefined && { 'x-amz-version-id': version.versionId }),
})

const wholeChecksumHeaders = ({ checksum }: StoredVersion): Record<string, string> =>
  checksum === undefined
    ? {}
    : { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }

/** @throws KeyTooLongError beyond 1,024 bytes. */
export const checkKey = (key: string): void => {
  if (Buffer.byteLength(key) > 1024) throw failure('KeyTooLongError')
}

const KEPT =
  /^(?:cache-control|content-disposition|content-language|expires|x-amz-meta-.+|x-amz-object-lock-.+|x-amz-website-redirect-location)$/

/** Headers of an upload that come back with the object. */
export const keptHeaders = (headers: ReadonlyMap<string, string>): Record<string, string> => {
  const encodings = (headers.get('content-encoding') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked')
  return {
    'content-type': headers.get('content-type') ?? 'binary/octet-stream',
    ...(encodings.length > 0 && { 'content-encoding': encodings.join(',') }),
    ...Object.fromEntries([...headers].filter(([name]) => KEPT.test(name))),
  }
}

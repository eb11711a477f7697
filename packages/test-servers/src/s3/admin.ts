import { createHash } from 'node:crypto'
import { BackupError } from '@backproof/core'
import { compareKeys } from '@backproof/core/source'
import type { BucketOptions, PutOptions, S3Admin, VersionOptions } from './admin-options.js'
import type { ServerState } from './call.js'
import {
  type Checksum,
  compositeChecksum,
  computeChecksum,
  DEFAULT_ALGORITHM,
  md5Hex,
  multipartType,
} from './checksums.js'
import { customerEncryption, kmsKeyArn } from './encryption.js'
import { makeDeleteMarker, makeVersion } from './make-version.js'
import { isBucketName, isDirectoryBucketName, makeBucket } from './operations/buckets.js'
import {
  addVersion,
  type Bucket,
  type Encryption,
  removeVersion,
  replaceVersion,
  type StoredPart,
  type StoredVersion,
} from './store.js'

export const createAdmin = (state: ServerState): S3Admin => {
  const bucketNamed = (name: string): Bucket => {
    const bucket = state.buckets.get(name)
    if (bucket === undefined) throw missing(`The test server has no bucket ${name}. Create it first.`)
    return bucket
  }
  const find = (name: string, key: string, { versionId }: VersionOptions): [Bucket, StoredVersion] => {
    const bucket = bucketNamed(name)
    const all = bucket.versions.get(key)
    const version = versionId === undefined ? all?.[0] : all?.find((one) => one.versionId === versionId)
    if (version === undefined) throw missing(`The bucket ${name} of the test server has no such object: ${key}`)
    return [bucket, version]
  }

  return {
    createBucket: (options) => {
      if (state.buckets.has(options.name)) throw invalid(`The test server has a bucket ${options.name} already.`)
      state.buckets.set(options.name, bucketOf(options, state))
    },
    put: async (name, key, bytes, options = {}) => {
      const bucket = bucketNamed(name)
      if (key === '' || !key.isWellFormed() || Buffer.byteLength(key) > 1024)
        throw invalid(`S3 has no such key: ${JSON.stringify(key)}. It takes 1 to 1,024 bytes of UTF-8.`)
      const version = await versionOf(bucket, key, Buffer.from(bytes), options, state.now())
      addVersion(bucket, version)
      return { versionId: version.versionId, etag: version.etag }
    },
    remove: (name, key, options = {}) => {
      const [bucket, version] = find(name, key, options)
      if (bucket.versioning === undefined || options.versionId !== undefined) removeVersion(bucket, version)
      else addVersion(bucket, makeDeleteMarker(bucket, key, state.now()))
    },
    corrupt: (name, key, offset, options = {}) => {
      const [, version] = find(name, key, options)
      const before = version.bytes[offset]
      if (before === undefined) throw invalid(`Offset ${offset} is beyond the ${version.bytes.length} bytes of ${key}.`)
      version.bytes[offset] = before ^ 1
    },
    truncateTail: (name, key, bytes, options = {}) => {
      const [bucket, version] = find(name, key, options)
      if (bytes < 0 || bytes > version.bytes.length)
        throw invalid(`${key} has ${version.bytes.length} bytes; ${bytes} cannot be lost.`)
      replaceVersion(bucket, version, { ...version, lostTail: bytes })
    },
    snapshot: (name) =>
      [...bucketNamed(name).versions.values()]
        .sort(([a], [b]) => compareKeys(a!.key, b!.key))
        .flat()
        .map(({ key, versionId, deleteMarker, etag, lastModified, bytes }) => ({
          key,
          versionId,
          deleteMarker,
          etag,
          lastModified: new Date(lastModified).toISOString(),
          sha256: createHash('sha256').update(bytes).digest('hex'),
        })),
  }
}

const bucketOf = (options: BucketOptions, state: ServerState): Bucket => {
  const { name, kind = 'general', region = state.region, settings = {} } = options
  if (!isBucketName(name) || isDirectoryBucketName(name) !== (kind === 'directory'))
    throw invalid(`${name} is no name of a ${kind} bucket. Those of directory buckets end in --<zone>--x-s3.`)
  return makeBucket({
    name,
    kind,
    region,
    created: state.now(),
    versioning: options.versioning,
    requesterPays: options.requesterPays,
    settings: new Map(Object.entries(settings)),
  })
}

const versionOf = async (
  bucket: Bucket,
  key: string,
  bytes: Buffer,
  options: PutOptions,
  now: number,
): Promise<StoredVersion> => {
  const pieces = options.partSizes === undefined ? undefined : split(bytes, options.partSizes)
  const { checksum, partValues } = await checksumOf(bytes, pieces, options)
  return makeVersion(bucket, {
    key,
    bytes,
    lastModified: options.lastModified?.getTime() ?? now,
    checksum,
    checksumAsked: options.checksum !== undefined && options.checksum !== 'none',
    parts: pieces?.map((piece, index) => ({
      number: index + 1,
      size: piece.length,
      md5: md5Hex(piece),
      checksum: partValues?.[index],
    })),
    storageClass: options.storageClass,
    archiveStatus: options.archiveStatus,
    restore: options.restore,
    encryption: encryptionOf(bucket, options),
    headers: headersOf(options),
  })
}

const split = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  let at = 0
  const pieces = sizes.map((size) => {
    at += size
    return bytes.subarray(at - size, at)
  })
  if (at !== bytes.length || sizes.length === 0)
    throw invalid(`partSizes add up to ${at} bytes, the object has ${bytes.length}.`)
  return pieces
}

const checksumOf = async (
  bytes: Buffer,
  pieces: readonly Buffer[] | undefined,
  { checksum: wanted = { algorithm: DEFAULT_ALGORITHM } }: PutOptions,
): Promise<{ readonly checksum: Checksum | undefined; readonly partValues?: readonly StoredPart['checksum'][] }> => {
  if (wanted === 'none') return { checksum: undefined }
  const { algorithm, value } = wanted
  if (value !== undefined) return { checksum: { algorithm, type: wanted.type ?? 'FULL_OBJECT', value } }
  if (pieces === undefined)
    return { checksum: { algorithm, type: 'FULL_OBJECT', value: await computeChecksum(algorithm, bytes) } }
  const type = multipartType(algorithm, wanted.type)
  const partValues = await Promise.all(pieces.map((piece) => computeChecksum(algorithm, piece)))
  const whole =
    type === 'COMPOSITE' ? await compositeChecksum(algorithm, partValues) : await computeChecksum(algorithm, bytes)
  return { checksum: { algorithm, type, value: whole }, partValues }
}

const encryptionOf = (bucket: Bucket, { sse = 'AES256', kmsKeyId }: PutOptions): Encryption => {
  if (typeof sse === 'object') return customerEncryption(sse.customerKey)
  return sse === 'AES256' ? { kind: sse } : { kind: sse, keyArn: kmsKeyArn(bucket.region, kmsKeyId) }
}

const headersOf = ({ contentType, contentEncoding, metadata, objectLock }: PutOptions): Record<string, string> => ({
  'content-type': contentType ?? 'binary/octet-stream',
  ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
  ...Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, headerText(value)]),
  ),
  ...(objectLock?.mode !== undefined && { 'x-amz-object-lock-mode': objectLock.mode }),
  ...(objectLock?.retainUntil !== undefined && {
    'x-amz-object-lock-retain-until-date': objectLock.retainUntil.toISOString(),
  }),
  ...(objectLock?.legalHold !== undefined && { 'x-amz-object-lock-legal-hold': objectLock.legalHold ? 'ON' : 'OFF' }),
})

/** What is not ASCII comes back as RFC 2047 writes it. */
const headerText = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`

const invalid = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', message, provider: 'test-servers', operation: 'admin' })

const missing = (message: string): BackupError =>
  new BackupError({ code: 'not-found', message, provider: 'test-servers', operation: 'admin' })

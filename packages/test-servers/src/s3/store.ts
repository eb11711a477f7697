import { randomBytes } from 'node:crypto'
import { compareKeys } from '@backproof/core/source'
import type { Checksum } from './checksums.js'
import { failure } from './failure.js'
import type { XmlTree } from './xml.js'

/** How the bytes of an object are encrypted at rest. */
export type Encryption =
  | { readonly kind: 'AES256' }
  | { readonly kind: 'aws:kms' | 'aws:kms:dsse'; readonly keyArn: string }
  | { readonly kind: 'customer'; readonly keyMd5: string }

export interface StoredPart {
  readonly number: number
  readonly size: number
  /** Base64, where the upload had an additional checksum. */
  readonly checksum?: string | undefined
}

/** A version of an object, or a delete marker. */
export interface StoredVersion {
  readonly key: string
  /** `null` where versioning was not enabled when it was written. */
  readonly versionId: string
  readonly deleteMarker: boolean
  /** Milliseconds since 1970, whole seconds. */
  readonly lastModified: number
  /** What is stored; rot changes it beneath everything else. */
  readonly bytes: Buffer
  /** Without quotes. */
  readonly etag: string
  readonly checksum: Checksum | undefined
  /** Whether a client asked for the checksum; without that S3 tells no rows of parts. */
  readonly checksumAsked: boolean
  /** Of multipart uploads. */
  readonly parts: readonly StoredPart[] | undefined
  readonly storageClass: string
  readonly archiveStatus: string | undefined
  readonly restore: Restore | undefined
  readonly encryption: Encryption
  /** Headers that come back with the object: content-type, x-amz-meta-..., x-amz-object-lock-... */
  readonly headers: Readonly<Record<string, string>>
  /** Bytes at the end that are lost: told in every header, missing in the body. */
  lostTail: number
}

/** The state of a restore request of an archived object. */
export interface Restore {
  readonly ongoing: boolean
  /** Until when the restored copy is there. */
  readonly expiresAt?: Date | undefined
}

export interface Bucket {
  readonly name: string
  readonly kind: 'general' | 'directory'
  readonly region: string
  readonly created: number
  versioning: 'Enabled' | 'Suspended' | undefined
  readonly requesterPays: boolean
  /** Content of the root elements of the settings, by name; `null` for one that is absent. */
  readonly settings: ReadonlyMap<string, XmlTree | null>
  readonly uploads: Map<string, Upload>
  /** Versions by key, newest first. Never an empty list. */
  readonly versions: Map<string, StoredVersion[]>
  /** Keys in listing order, until one comes or goes. */
  order: readonly string[] | undefined
}

/** A multipart upload in progress. */
export interface Upload {
  readonly id: string
  readonly key: string
  readonly initiated: number
  readonly algorithm: string
  readonly type: Checksum['type']
  readonly asked: boolean
  readonly storageClass: string
  readonly encryption: Encryption
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, UploadedPart>
}

export interface UploadedPart {
  readonly bytes: Buffer
  readonly etag: string
  /** The MD5 of the bytes, which the ETag is not under KMS. */
  readonly md5: string
  readonly checksum: string
  readonly modified: number
}

/** Keys in the order in which the bucket lists them: by UTF-8 bytes, or by nothing that means anything (directory buckets). */
export const keysInOrder = (bucket: Bucket): readonly string[] => {
  bucket.order ??= [...bucket.versions.keys()].sort(listingOrder(bucket))
  return bucket.order
}

/** Directory buckets promise no order: theirs is that of scrambled keys, the same in every listing. */
export const listingOrder = (bucket: Bucket): ((a: string, b: string) => number) =>
  bucket.kind === 'general' ? compareKeys : (a, b) => scramble(a) - scramble(b) || compareKeys(a, b)

const scramble = (key: string): number => {
  let value = 2166136261
  for (const byte of Buffer.from(key)) value = Math.imul(value ^ byte, 16777619)
  return value >>> 0
}

/** The newest version, also a delete marker. */
export const currentVersion = (bucket: Bucket, key: string): StoredVersion | undefined => bucket.versions.get(key)?.[0]

/** One version by id. @throws NoSuchVersion, InvalidArgument for what is no id. */
export const versionById = (bucket: Bucket, key: string, versionId: string): StoredVersion => {
  if (!/^(null|[\w.]{32})$/.test(versionId)) throw failure('InvalidArgument', 'Invalid version id specified')
  const version = bucket.versions.get(key)?.find((one) => one.versionId === versionId)
  if (version === undefined) throw failure('NoSuchVersion', undefined, { fields: { Key: key, VersionId: versionId } })
  return version
}

/** The id of the next version: `null` unless versioning is enabled. */
export const nextVersionId = (bucket: Bucket): string =>
  bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url').replaceAll('-', '.') : 'null'

/** Puts a version on top; one with the id `null` replaces the former `null`. */
export const addVersion = (bucket: Bucket, version: StoredVersion): void => {
  const before = bucket.versions.get(version.key)
  if (before === undefined) bucket.order = undefined
  const kept = before?.filter((one) => one.versionId !== 'null' || version.versionId !== 'null') ?? []
  bucket.versions.set(version.key, [version, ...kept])
}

/** Takes a version away for good, as a delete with its id does. */
export const removeVersion = (bucket: Bucket, version: StoredVersion): void => {
  const kept = (bucket.versions.get(version.key) ?? []).filter((one) => one !== version)
  if (kept.length > 0) bucket.versions.set(version.key, kept)
  else {
    bucket.versions.delete(version.key)
    bucket.order = undefined
  }
}

/** Changes a version in place. */
export const replaceVersion = (bucket: Bucket, version: StoredVersion, changed: StoredVersion): void => {
  const all = bucket.versions.get(version.key) ?? []
  bucket.versions.set(
    version.key,
    all.map((one) => (one === version ? changed : one)),
  )
}

import type { Digest } from '@backproof/core/digest'
import { type Cell, cellCount, cellFlag, cellText, cellTime } from '@backproof/core/inventory'
import { keyFields, wholeSeconds } from '@backproof/core/object-store'
import type { ObjectEntry } from '@backproof/core/source'
import type { S3Ref } from '../entry.js'
import { decodeListedKey } from '../keys.js'
import { listedArchive } from '../object/archive.js'
import { etagDigest } from '../object/digests.js'
import type { EncryptionState } from '../object/encryption.js'

/** The columns that are read, in the order in which {@link inventoryEntry} takes them. */
export const INVENTORY_COLUMNS: readonly string[] = [
  'Bucket',
  'Key',
  'VersionId',
  'IsLatest',
  'IsDeleteMarker',
  'Size',
  'LastModifiedDate',
  'ETag',
  'StorageClass',
  'IsMultipartUploaded',
  'EncryptionStatus',
  'IntelligentTieringAccessTier',
]

export interface InventoryRowContext {
  readonly bucket: string
  readonly prefix: string
  /** Of CSV: keys are URL-encoded. */
  readonly encoded: boolean
  /** Whether all versions are wanted, instead of the current objects. */
  readonly versions: boolean
}

/**
 * The entry of a row of an inventory; `undefined` for one outside the prefix. Versions that are not wanted are left out by the
 * words `noncurrent-version` and `delete-marker`, the empty object named like the prefix by `folder-marker`.
 *
 * @param refuse The error for a row that cannot be.
 */
export const inventoryEntry = (
  cells: readonly Cell[],
  { bucket, prefix, encoded, versions }: InventoryRowContext,
  refuse: (what: string) => Error,
): ObjectEntry | undefined => {
  const [
    ofBucket,
    listed,
    ofVersion,
    ofLatest,
    ofMarker,
    ofSize,
    ofTime,
    ofEtag,
    ofClass,
    ofParts,
    ofEncryption,
    ofTier,
  ] = cells
  if (cellText(ofBucket) !== bucket) {
    throw refuse(`it is of the bucket ${JSON.stringify(ofBucket ?? '')}, but the inventory is of "${bucket}".`)
  }
  const name = encoded ? decodeListedKey(cellText(listed) ?? '') : cellText(listed)
  if (name === undefined || name === '') throw refuse('it has no key, or one that is not URL-encoded.')
  if (!name.startsWith(prefix)) return undefined
  const known = <T>(value: T | null | undefined, column: string): T | undefined => {
    if (value === null) throw refuse(`its ${column} is none.`)
    return value
  }
  const key = name.slice(prefix.length)
  const version = cellText(ofVersion)
  const latest = known(cellFlag(ofLatest), 'IsLatest') ?? true
  const marker = known(cellFlag(ofMarker), 'IsDeleteMarker') ?? false
  const time = known(cellTime(ofTime), 'LastModifiedDate')
  const common = {
    ...keyFields(key),
    ...(version !== undefined && { version }),
    ...(time !== undefined && { modified: wholeSeconds(new Date(time)) }),
  }
  const left = versions ? undefined : marker ? 'delete-marker' : latest ? undefined : 'noncurrent-version'
  const excluded = left === undefined ? {} : { excluded: left }
  const ref: S3Ref = { key, ...(version !== undefined && { version }) }
  if (marker) return { ...common, ref, kind: 'delete-marker', ...excluded }

  const size = known(cellCount(ofSize), 'Size')
  const etag = cellText(ofEtag)
  const storageClass = cellText(ofClass)
  const isFolder = key === '' && size === 0 && prefix.endsWith('/')
  const multipart = known(cellFlag(ofParts), 'IsMultipartUploaded')
  const digest = isFolder ? undefined : digestOf(etag, multipart, encryptionState(cellText(ofEncryption)))
  return {
    ...common,
    ref,
    kind: isFolder ? 'special' : 'object',
    ...(size !== undefined && { size }),
    ...(etag !== undefined && { etag }),
    ...(storageClass !== undefined && { storageClass }),
    ...(isArchived(storageClass, cellText(ofTier)) && { archived: true }),
    ...(digest !== undefined && { digests: [digest] }),
    ...(isFolder && { excluded: 'folder-marker' }),
    ...excluded,
  }
}

/** An ETag without a number of parts is no MD5 for certain where the row says that there were parts. */
const digestOf = (
  etag: string | undefined,
  multipart: boolean | undefined,
  encryption: EncryptionState,
): Digest | undefined => {
  const contradicts = multipart !== undefined && etag !== undefined && multipart !== /-\d+"?$/.test(etag)
  return etagDigest(etag, {
    profile: 'aws',
    directoryBucket: false,
    encryption: contradicts && encryption === 'plain' ? 'unknown' : encryption,
  })
}

/** What the words of the column EncryptionStatus say of an ETag; a new word may mean anything. */
const encryptionState = (status: string | undefined): EncryptionState =>
  status === undefined ? 'unknown' : status === 'SSE-S3' || status === 'NOT-SSE' ? 'plain' : 'opaque'

/** An inventory tells nothing of restores; in Intelligent-Tiering the tier decides. */
const isArchived = (storageClass: string | undefined, tier: string | undefined): boolean =>
  listedArchive(storageClass, undefined, 'aws') === 'yes' || tier === 'ARCHIVE' || tier === 'DEEP_ARCHIVE'

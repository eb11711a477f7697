import { keyFields, type ListedRow, wholeSeconds } from '@backproof/core/object-store'
import type { ObjectEntry } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import type { S3Ref } from '../entry.js'
import { type ListedRestore, listedArchive } from '../object/archive.js'
import { etagDigest, type ListedChecksums, offeredDigests } from '../object/digests.js'
import { isDirectoryBucket } from '../profile.js'

/** A row of a listing, before it is an entry. */
export interface Row extends ListedRow {
  /** Milliseconds since 1970, as precise as the service tells them. */
  readonly time: number
}

/** What listings of objects and of versions tell of one. */
export interface ListedObject extends ListedChecksums {
  readonly Size?: number | undefined
  readonly LastModified?: Date | undefined
  readonly StorageClass?: string | undefined
  readonly RestoreStatus?: ListedRestore | undefined
  readonly VersionId?: string | undefined
}

/**
 * The row of a listed object. The empty object named like the prefix, which consoles make to show a folder, holds nothing of
 * the backup: it is left out by the word `folder-marker`. One that has bytes is an object with the key `/`.
 *
 * A listing does not tell how an object is encrypted: its ETag proves by being equal only. Of additional checksums it tells the
 * names, which are what the object offers.
 */
export const objectRow = (connection: Connection, key: string, listed: ListedObject): Row => {
  const { ETag: etag, Size: size, LastModified, StorageClass, RestoreStatus, VersionId: version } = listed
  const { bucket, prefix } = connection.settings
  const profile = connection.profile()
  const archived = listedArchive(StorageClass, RestoreStatus, profile)
  const ref: S3Ref = {
    key,
    ...(etag !== undefined && { etag }),
    ...(version !== undefined && { version }),
    ...(size !== undefined && { size }),
    ...(archived !== undefined && { archived }),
  }
  const marker = key === '' && size === 0 && prefix.endsWith('/')
  const facts = { profile, directoryBucket: isDirectoryBucket(bucket), encryption: 'unknown' } as const
  const digest = marker ? undefined : etagDigest(etag, facts)
  const offers = marker ? [] : offeredDigests(listed, profile)
  const entry: ObjectEntry = {
    ...keyFields(key),
    ref,
    kind: marker ? 'special' : 'object',
    ...(size !== undefined && { size }),
    ...(version !== undefined && { version }),
    ...(etag !== undefined && { etag }),
    ...(LastModified !== undefined && { modified: wholeSeconds(LastModified) }),
    ...(StorageClass !== undefined && { storageClass: StorageClass }),
    ...(archived === 'yes' && { archived: true }),
    ...(digest !== undefined && { digests: [digest] }),
    ...(offers.length > 0 && { offers }),
    ...(marker && { excluded: 'folder-marker' }),
  }
  return { key, time: LastModified?.getTime() ?? 0, entry }
}

/** The row of a delete marker. */
export const markerRow = (key: string, { LastModified, VersionId: version }: ListedObject): Row => {
  const ref: S3Ref = { key, ...(version !== undefined && { version }) }
  const entry: ObjectEntry = {
    ...keyFields(key),
    ref,
    kind: 'delete-marker',
    ...(version !== undefined && { version }),
    ...(LastModified !== undefined && { modified: wholeSeconds(LastModified) }),
  }
  return { key, time: LastModified?.getTime() ?? 0, entry }
}

import { bareEtag, keyFields, type ListedRow, wholeSeconds } from '@backproof/core/object-store'
import type { ObjectEntry } from '@backproof/core/source'
import { type AzureRef, versionName } from '../entry.js'
import { isArchived } from '../object/archive.js'
import { isGiven, toldDigests } from '../object/digests.js'
import { isFolder } from '../object/folder.js'
import type { RawRow } from './raw-page.js'

/** A row of a listing, before it is an entry. */
export interface Row extends ListedRow {
  /** Whether it is the blob as it is now, and not a version, a snapshot or a deleted one. */
  readonly current: boolean
}

/**
 * The row of a listed blob. The empty blob named like the prefix, which tools make to show a folder, and the blobs that stand
 * for directories hold nothing of the backup: they are left out by the word `folder-marker`. What was deleted softly cannot
 * be read before it is undeleted: it is left out by the word `soft-deleted`.
 */
export const blobRow = (prefix: string, key: string, listed: RawRow): Row => {
  const { size, snapshot, versionId, deleted, lastModified, md5, accessTier: tier, archiveStatus: status } = listed
  const etag = listed.etag === undefined ? undefined : bareEtag(listed.etag)
  const isNamedLikePrefix = key === '' && size === 0 && prefix.endsWith('/')
  const marker = isNamedLikePrefix || isFolder(listed.resourceType, listed.metadata, size)
  const excluded = deleted ? 'soft-deleted' : marker ? 'folder-marker' : undefined
  const archived = isArchived({ tier, status })
  // The current version is read as the blob that it is: what replaces it is `changed`, as without versions.
  const current = isCurrent(listed)
  const ref: AzureRef = {
    key,
    ...(etag !== undefined && { etag }),
    ...(versionId !== undefined && !current && snapshot === undefined && { version: versionId }),
    ...(snapshot !== undefined && { snapshot }),
    ...(size !== undefined && { size }),
    ...(archived && { archived: 'yes' }),
    ...(listed.keySha256 !== undefined && { sealed: 'yes' }),
    ...(!isGiven(md5) && { unhashed: 'yes' }),
  }
  const version = deleted ? deletedName(listed) : versionName({ version: versionId, snapshot: ref.snapshot })
  const digests = excluded === undefined ? toldDigests({ md5, crc64: listed.crc64 }) : []
  const entry: ObjectEntry = {
    ...keyFields(key),
    ref,
    kind: excluded === undefined ? 'object' : 'special',
    ...(size !== undefined && { size }),
    ...(version !== undefined && { version }),
    ...(etag !== undefined && { etag }),
    ...(tier !== undefined && { storageClass: tier }),
    ...(lastModified !== undefined && { modified: wholeSeconds(lastModified) }),
    ...(archived && { archived: true }),
    ...(digests.length > 0 && { digests }),
    // A listing tells all that there is to tell, but of a blob under a key of its reader's.
    ...(listed.keySha256 === undefined && { offers: [] }),
    ...(excluded !== undefined && { excluded }),
  }
  return { key, current, entry }
}

const isCurrent = ({ deleted, snapshot, versionId, isCurrentVersion }: RawRow): boolean =>
  !deleted && snapshot === undefined && (versionId === undefined || isCurrentVersion)

/** One blob may have been deleted several times. */
const deletedName = ({ versionId, snapshot, deletedTime }: RawRow): string =>
  `deleted:${versionId ?? snapshot ?? deletedTime?.toISOString() ?? ''}`

/** The row of a blob whose last version is no longer current: it was deleted. */
export const markerRow = (key: string): Row => ({
  key,
  current: true,
  entry: { ...keyFields(key), ref: { key }, kind: 'delete-marker' },
})

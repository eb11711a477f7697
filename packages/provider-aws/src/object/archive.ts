import type { S3Profile } from '../profile.js'

/** Classes whose objects cannot be read before they are restored. `GLACIER_IR` can be read at once. */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE'])

/** What a listing tells of a restore. */
export interface ListedRestore {
  readonly IsRestoreInProgress?: boolean | undefined
  readonly RestoreExpiryDate?: Date | undefined
}

/**
 * Whether an object of a listing has to be restored before it can be read. Amazon lists a restore where there is one
 * (RestoreStatus was asked for), so that none there means none; elsewhere its absence says nothing, and HeadObject is asked
 * before a read.
 */
export const listedArchive = (
  storageClass: string | undefined,
  restore: ListedRestore | undefined,
  profile: S3Profile,
): 'yes' | 'ask' | undefined => {
  if (storageClass === undefined || !ARCHIVE_CLASSES.has(storageClass)) return undefined
  if (restore?.IsRestoreInProgress === true) return 'yes'
  if (restore?.RestoreExpiryDate !== undefined) return undefined
  return profile === 'aws' ? 'yes' : 'ask'
}

/**
 * The same from the headers of HeadObject: `x-amz-storage-class`, `x-amz-archive-status` (Intelligent-Tiering), and
 * `x-amz-restore: ongoing-request="false", expiry-date="..."` for one that was restored.
 */
export const isArchived = (headers: Readonly<Record<string, string>>): boolean => {
  const archived =
    ARCHIVE_CLASSES.has(headers['x-amz-storage-class'] ?? '') || headers['x-amz-archive-status'] !== undefined
  return archived && !/ongoing-request="false"/i.test(headers['x-amz-restore'] ?? '')
}

/** What listings and headers tell of a blob's tier (`AccessTier`, `ArchiveStatus`; `x-ms-access-tier`, `x-ms-archive-status`). */
export interface Tier {
  readonly tier?: string | undefined
  /** `rehydrate-pending-to-hot`, while it is on its way out of the archive. */
  readonly status?: string | undefined
}

/**
 * Whether a blob cannot be read: in the archive tier, and on its way out of it, until it has arrived ("Blob rehydration from
 * the archive tier").
 */
export const isArchived = ({ tier, status }: Tier): boolean =>
  tier === 'Archive' || status?.startsWith('rehydrate-pending') === true

export type BlobType = 'BlockBlob' | 'AppendBlob' | 'PageBlob'

/** One state of a blob that the account keeps: the current one, an earlier version, a snapshot, or one that was deleted softly. */
export interface StoredBlob {
  readonly name: string
  readonly type: BlobType
  /** May be changed in place, as rot does. */
  readonly bytes: Buffer
  /** Bytes at the end that are lost: told in sizes, but not served. */
  readonly lostTail: number
  /** Without quotes. */
  readonly etag: string
  /** Milliseconds since 1970, whole seconds. */
  readonly created: number
  readonly lastModified: number
  readonly contentType: string
  readonly contentEncoding: string | undefined
  /** Base64. Nobody checks it against the bytes. */
  readonly contentMd5: string | undefined
  /** Base64 in the element of listings, which may be empty; `undefined`: no element. */
  readonly contentCrc64: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Block and page blobs have one. */
  readonly tier: string | undefined
  readonly tierInferred: boolean
  readonly archiveStatus: string | undefined
  /** Base64 of the SHA-256 of the key that a client brought. */
  readonly customerKeySha256: string | undefined
  readonly encryptionScope: string | undefined
  /** Of the account with versions: the time of the version. */
  readonly versionId: string | undefined
  /** The one that is served without a version or snapshot. */
  readonly current: boolean
  readonly snapshot: string | undefined
  /** When it was deleted; it is kept for the days of the account. */
  readonly deletedAt: number | undefined
  /** Blocks were uploaded, but never put together. */
  readonly uncommitted: boolean
  /** In a hierarchical namespace. */
  readonly directory: boolean
}

export interface Container {
  readonly name: string
  /** What anonymous clients may read. */
  readonly access: 'container' | 'blob' | undefined
  readonly etag: string
  readonly lastModified: number
  readonly metadata: Readonly<Record<string, string>>
  /** By name; of one name snapshots and versions from the oldest to the newest, the current one last. */
  readonly blobs: Map<string, StoredBlob[]>
  /** Names in listing order; `undefined` after one was added or went. */
  order: readonly string[] | undefined
}

/** Of a listing ("List Blobs", `maxresults`). */
export const MAX_PAGE_ROWS = 5_000

/** What the server holds and how its account is set. */
export interface AccountState {
  readonly account: string
  /** Base64. */
  readonly key: string
  readonly hierarchical: boolean
  readonly versioning: boolean
  readonly softDeleteDays: number | undefined
  readonly publicAccess: boolean
  readonly sharedKey: boolean
  readonly pageRows: number
  readonly containers: Map<string, Container>
  /** Milliseconds since 1970 by the server's clock. */
  now(): number
}

/** Which state of a blob; default the current one. */
export interface BlobSelector {
  readonly versionId?: string | undefined
  readonly snapshot?: string | undefined
}

/** The state of a blob that is served for `selector`; one that was deleted is not. */
export const findBlob = (container: Container, name: string, selector: BlobSelector): StoredBlob | undefined => {
  const { versionId, snapshot } = selector
  const states = container.blobs.get(name) ?? []
  return states.find((one) => {
    if (one.deletedAt !== undefined || one.uncommitted) return false
    if (snapshot !== undefined) return one.snapshot === snapshot
    if (versionId !== undefined) return one.snapshot === undefined && one.versionId === versionId
    return one.current
  })
}

/**
 * Listing order: UTF-16 code units where the namespace is flat, path by path component where it is hierarchical, which is the
 * same with the slash before all other characters.
 */
export const listingOrder =
  (hierarchical: boolean) =>
  (a: string, b: string): number => {
    if (!hierarchical) return a < b ? -1 : a > b ? 1 : 0
    const shorter = Math.min(a.length, b.length)
    for (let at = 0; at < shorter; at++) {
      if (a[at] === b[at]) continue
      if (a[at] === '/') return -1
      if (b[at] === '/') return 1
      return a[at]! < b[at]! ? -1 : 1
    }
    return a.length - b.length
  }

/** Names in listing order. */
export const namesInOrder = (container: Container, hierarchical: boolean): readonly string[] => {
  container.order ??= [...container.blobs.keys()].sort(listingOrder(hierarchical))
  return container.order
}

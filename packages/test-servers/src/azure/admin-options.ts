import type { BlobSelector, BlobType } from './store.js'

export interface ContainerOptions {
  readonly name: string
  /** What anonymous clients may read: blobs and listing, or blobs. Default: nothing. */
  readonly access?: 'container' | 'blob' | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

export interface BlobOptions {
  /** Default `BlockBlob`. */
  readonly type?: BlobType | undefined
  /**
   * Content-MD5: of the bytes, none, of other bytes, or this base64. Default `right`, as after Put Blob; give `absent` for a
   * blob that was put together from blocks.
   */
  readonly contentMd5?: 'right' | 'absent' | 'wrong' | { readonly base64: string } | undefined
  /** The element Content-CRC64 of listings: filled, there but empty, or not there. Default `absent`. */
  readonly contentCrc64?: 'right' | 'wrong' | 'empty' | 'absent' | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Default `application/octet-stream`. */
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  /** Default: the account's, `Hot`, which listings call inferred. Append blobs have none. */
  readonly tier?: 'Hot' | 'Cool' | 'Cold' | 'Archive' | undefined
  /** Of a blob in `Archive` that is on its way back. */
  readonly archiveStatus?:
    | 'rehydrate-pending-to-hot'
    | 'rehydrate-pending-to-cool'
    | 'rehydrate-pending-to-cold'
    | undefined
  /** 32 bytes that every request for the blob has to bring. */
  readonly customerKey?: Uint8Array | undefined
  readonly encryptionScope?: string | undefined
  /** Default: now, by the server's clock. */
  readonly lastModified?: Date | undefined
  /** Blocks that were never put together: listed on request only, without a size. Default false. */
  readonly uncommitted?: boolean | undefined
  /** A directory of a hierarchical namespace; those above a blob come by themselves. Default false. */
  readonly directory?: boolean | undefined
}

/** What was stored. */
export interface BlobResult {
  /** Without quotes. */
  readonly etag: string
  /** Where the account has versions. */
  readonly versionId?: string | undefined
}

/** One state of a blob as it stands, to prove that nothing was written. */
export interface BlobState {
  readonly name: string
  readonly versionId: string | undefined
  readonly snapshot: string | undefined
  readonly deleted: boolean
  readonly etag: string
  readonly lastModified: string
  /** SHA-256 of the stored bytes, in hexadecimal. */
  readonly sha256: string
}

/** Makes and breaks containers and blobs in the server's memory, without requests and without permissions. */
export interface AzureAdmin {
  /** @throws BackupError `invalid-config` for a name that is taken. */
  createContainer(options: ContainerOptions): void
  /** Stores a copy of `bytes`, as an upload would. */
  put(container: string, name: string, bytes: Uint8Array, options?: BlobOptions): Promise<BlobResult>
  /** Its name, which is its time. */
  takeSnapshot(container: string, name: string): string
  /**
   * Deletes as a client would: without a selector the blob, which the account may keep as an earlier version or for some days;
   * with one that version or snapshot.
   */
  remove(container: string, name: string, selector?: BlobSelector): void
  /** Flips the lowest bit of one stored byte. ETag, digests, size and time stay. */
  corrupt(container: string, name: string, offset: number, selector?: BlobSelector): void
  /** Loses the last `bytes` of a blob: HEAD tells the full size, the body of GET breaks off early. */
  dropTail(container: string, name: string, bytes: number, selector?: BlobSelector): void
  /** Every state of every blob, in listing order. */
  snapshot(container: string): readonly BlobState[]
}

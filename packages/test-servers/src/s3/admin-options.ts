import type { ChecksumType } from './checksums.js'
import type { Restore } from './store.js'
import type { XmlTree } from './xml.js'

/** Settings of a bucket that are stored, by the query parameter that reads them. */
export type BucketSettings = Readonly<Record<string, XmlTree | null>>

export interface BucketOptions {
  readonly name: string
  /** Default `general`. A `directory` bucket (S3 Express One Zone) has a name that ends in `--<zone>--x-s3`. */
  readonly kind?: 'general' | 'directory' | undefined
  /** Default: the region of the server. Requests that are signed for another one get 301. */
  readonly region?: string | undefined
  /** Default: never enabled. */
  readonly versioning?: 'Enabled' | 'Suspended' | undefined
  /** The bucket is someone else's, and everyone has to send `x-amz-request-payer`. Default false. */
  readonly requesterPays?: boolean | undefined
  /**
   * What `?encryption`, `?logging`, `?replication`, `?ownershipControls`, `?publicAccessBlock`, `?object-lock`,
   * `?lifecycle`, `?inventory` and `?policyStatus` answer: the content of the root element (of `inventory`: an array under
   * `InventoryConfiguration`), or `null` where it was deleted. Default: what a new bucket of S3 has.
   */
  readonly settings?: BucketSettings | undefined
}

export interface ChecksumOptions {
  /** As S3 names it: `CRC32`, `CRC32C`, `CRC64NVME`, `SHA1`, `SHA256`, `SHA512`, `MD5`, `XXHASH3`, `XXHASH64`, `XXHASH128`. */
  readonly algorithm: string
  /** Default: that of the algorithm with parts (COMPOSITE but for CRC64NVME), FULL_OBJECT without. */
  readonly type?: ChecksumType | undefined
  /** Base64, stored as it is. Default: computed; an algorithm that is not in the list needs one. */
  readonly value?: string | undefined
}

export interface PutOptions {
  /** Default `STANDARD`. */
  readonly storageClass?: string | undefined
  /** Of an archived object. */
  readonly restore?: Restore | undefined
  /** Of INTELLIGENT_TIERING. */
  readonly archiveStatus?: 'ARCHIVE_ACCESS' | 'DEEP_ARCHIVE_ACCESS' | undefined
  /** Default: CRC64NVME of the whole, which S3 computes by itself. `none`: as objects from before that. */
  readonly checksum?: ChecksumOptions | 'none' | undefined
  /** Bytes of each part of a multipart upload, of any size. Default: no multipart upload. */
  readonly partSizes?: readonly number[] | undefined
  /** Default `AES256`. */
  readonly sse?: 'AES256' | 'aws:kms' | 'aws:kms:dsse' | { readonly customerKey: Uint8Array } | undefined
  /** Id or ARN. Default: the key of S3 in the account. */
  readonly kmsKeyId?: string | undefined
  /** Without `x-amz-meta-`. Values that are not ASCII come back encoded as RFC 2047 says. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly contentEncoding?: string | undefined
  /** Default `binary/octet-stream`. */
  readonly contentType?: string | undefined
  /** Default: now, by the server's clock. */
  readonly lastModified?: Date | undefined
  readonly objectLock?:
    | {
        readonly mode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined
        readonly retainUntil?: Date | undefined
        readonly legalHold?: boolean | undefined
      }
    | undefined
}

/** Which version of a key; default the newest. */
export interface VersionOptions {
  readonly versionId?: string | undefined
}

/** What was stored. */
export interface PutResult {
  /** `null` unless versioning is enabled. */
  readonly versionId: string
  /** Without quotes. */
  readonly etag: string
}

/** One version as it stands, to prove that nothing was written. */
export interface VersionSnapshot {
  readonly key: string
  readonly versionId: string
  readonly deleteMarker: boolean
  readonly etag: string
  readonly lastModified: string
  /** SHA-256 of the stored bytes, in hexadecimal. */
  readonly sha256: string
}

/** Makes and breaks buckets and objects in the server's memory, without requests and without permissions. */
export interface S3Admin {
  /** @throws BackupError `invalid-config` for a name that S3 refuses, or that is taken. */
  createBucket(options: BucketOptions): void
  /** Stores a copy of `bytes`, as an upload would. */
  put(bucket: string, key: string, bytes: Uint8Array, options?: PutOptions): Promise<PutResult>
  /** Deletes as a client would: with versioning a marker comes on top, unless a version is named. */
  remove(bucket: string, key: string, options?: VersionOptions): void
  /** Flips the lowest bit of one stored byte. ETag, checksums, size and time stay. */
  corrupt(bucket: string, key: string, offset: number, options?: VersionOptions): void
  /** Loses the last `bytes` of an object: HEAD tells the full size, the body of GET breaks off early. */
  truncateTail(bucket: string, key: string, bytes: number, options?: VersionOptions): void
  /** Every version of every key, in key order. */
  snapshot(bucket: string): readonly VersionSnapshot[]
}

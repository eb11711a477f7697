import type { Binding } from './policy.js'

export interface GcsBucketOptions {
  readonly name: string
  /**
   * Members of the bucket resource, as buckets.insert takes them: `iamConfiguration`, `lifecycle`, `logging`, `encryption`,
   * `retentionPolicy`, `versioning`, `softDeletePolicy`, `billing` ... Default: what a new bucket has.
   */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  /** Whether overwritten and deleted objects stay as noncurrent generations. Default false. */
  readonly versioning?: boolean | undefined
  /** Seconds for which deleted objects can be restored; 0: not at all. Default 604800, as in new buckets. */
  readonly softDeleteSeconds?: number | undefined
  /** Seconds for which objects cannot be deleted. Default: no retention policy. */
  readonly retentionSeconds?: number | undefined
  /** Whether requests need `userProject`. Default false. */
  readonly requesterPays?: boolean | undefined
  /**
   * Bindings of its IAM policy besides those of a new bucket. `allUsers` with `roles/storage.objectViewer` makes it public.
   * Default: none.
   */
  readonly bindings?: readonly Binding[] | undefined
  /** When it was made. Default: now, by the server's clock. */
  readonly timeCreated?: Date | undefined
}

export interface GcsPutOptions {
  readonly contentType?: string | undefined
  /** With `gzip` the bytes are to be compressed already; nothing here does that. */
  readonly contentEncoding?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Default: that of the bucket. */
  readonly storageClass?: string | undefined
  /** Default: now, by the server's clock. The generation is of now in any case. */
  readonly timeCreated?: Date | undefined
  /** Of a composite object, which has no MD5: how many objects it was made from. Default: no composite object. */
  readonly componentCount?: number | undefined
  /** A key of 32 bytes that the customer keeps. */
  readonly customerKey?: Uint8Array | undefined
  /** Default: that of the bucket, if it has one. */
  readonly kmsKeyName?: string | undefined
  readonly temporaryHold?: boolean | undefined
  readonly eventBasedHold?: boolean | undefined
  /** Stored as it is, right or wrong. Base64 of four bytes, big-endian. Default: computed. */
  readonly crc32c?: string | undefined
  /** Stored as it is, right or wrong. Base64; `null`: none. Default: computed, and none for composite objects. */
  readonly md5Hash?: string | null | undefined
  /** Any other member of the resource that clients may set (`cacheControl`, `customTime`, `retention` ...). */
  readonly resource?: Readonly<Record<string, unknown>> | undefined
}

/** Which generation of an object; default the live one. */
export interface GenerationOptions {
  readonly generation?: string | undefined
}

/** One generation as it stands, to prove that nothing was written. */
export interface GenerationSnapshot {
  readonly name: string
  readonly generation: string
  readonly metageneration: number
  readonly state: 'live' | 'noncurrent' | 'soft-deleted'
  readonly updated: string
  /** SHA-256 of the stored bytes, in hexadecimal. */
  readonly sha256: string
}

/** Makes and breaks buckets and objects in the server's memory, without requests and without permissions. */
export interface GcsAdmin {
  /** @throws BackupError `invalid-config` for a name that Cloud Storage refuses, or that is taken. */
  createBucket(options: GcsBucketOptions): void
  /** Stores a copy of `bytes`, as an upload would, and tells its generation. */
  put(bucket: string, name: string, bytes: Uint8Array, options?: GcsPutOptions): Promise<string>
  /** Deletes as a client would: without a generation the live object, which versioning keeps as noncurrent. */
  remove(bucket: string, name: string, options?: GenerationOptions): void
  /** Flips the lowest bit of one stored byte. Digests, size and times stay. */
  corrupt(bucket: string, name: string, offset: number, options?: GenerationOptions): void
  /** Loses the last `bytes` of an object: metadata tells the full size, the body breaks off early. */
  dropTail(bucket: string, name: string, bytes: number, options?: GenerationOptions): void
  /** Every generation of every name, in the order of names and generations. */
  snapshot(bucket: string): readonly GenerationSnapshot[]
}

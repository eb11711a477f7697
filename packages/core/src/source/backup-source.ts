import type { JsonValue, ObjectEntry, ObjectInfo } from './entry.js'
import type { PreflightCheck } from './preflight.js'
import type { SourceTraits } from './traits.js'

export interface CallOptions {
  /** When aborted, the call rejects with `signal.reason` promptly and leaves nothing open. */
  readonly signal?: AbortSignal | undefined
  /**
   * Told of each request that the call makes to a service, by the service's name for it (`HeadObject`): runs count them.
   * Must not throw.
   */
  readonly onRequest?: ((operation: string) => void) | undefined
}

/** Half-open range of keys in canonical order: `from` <= key < `to`. An absent end is open. */
export interface KeyRange {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface ListOptions extends CallOptions {
  /** Only keys after this one, in the order of the source. Used to resume; given only to sources with `keyOrder: 'utf8'`. */
  readonly after?: string | undefined
  /** Only keys in this range. A source may yield more; the engine filters again. */
  readonly range?: KeyRange | undefined
  /** All versions and delete markers instead of the current objects. Default false. */
  readonly versions?: boolean | undefined
}

/**
 * What `stat` is asked for, beyond size and version. Open strings.
 * `part-sizes`, with `digests`: the size of every part for certain where a digest is one of parts, even at a request a part.
 * Only asked for where nothing else decides.
 */
export type StatWant = 'digests' | 'part-sizes' | 'metadata' | 'xattrs' | 'retention' | (string & {})

export interface StatOptions extends CallOptions {
  /** Default: nothing beyond size, version and a fresh `ref`. */
  readonly want?: readonly StatWant[] | undefined
}

/** Half-open range of bytes: `start` <= offset < `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface ReadOptions extends CallOptions {
  /** Default: all bytes. Only for sources whose traits say `rangeReads`. */
  readonly range?: ByteRange | undefined
}

export interface ObjectBody {
  /** The version the bytes come from. */
  readonly info: ObjectInfo
  /** The range that was served; absent for all bytes. */
  readonly range?: ByteRange | undefined
  /**
   * The bytes, once. A chunk is valid until the next `next()`. Returning early closes what is open.
   * Throws `changed` when the pin broke, `corrupt` when it ends before or after the promised length.
   */
  readonly body: AsyncIterable<Uint8Array>
}

/** The state of a file that a read must find again. Numbers as `fs.Stats` has them. */
export interface LocalPin {
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly ino: number
  readonly dev: number
}

/** How core reads a file by itself, in batches and in workers. */
export interface LocalFile {
  /** Path as the kernel wants it; bytes when it is not UTF-8. */
  readonly path: string | Uint8Array
  /** Whether a symbolic link as last component is followed. Default false: a link that takes a file's place is `changed`. */
  readonly followLinks?: boolean | undefined
  /** The state that was listed; the reader compares it with the open descriptor. */
  readonly pin: LocalPin
}

/**
 * What a provider implements: a small driver. Users call engine functions (`compare`, `verify`), which add retry,
 * concurrency, hashing, progress and planning once; a source does none of these and keeps its SDK's own retries off.
 *
 * Obligations:
 * - **Read-only.** No member writes to, deletes from or changes settings of the store.
 * - **Nothing skipped in silence.** What `list` cannot show in full it yields with `problem`; what it was told to leave
 *   out it yields with `excluded`; what it cannot list at all it throws.
 * - **Order.** `list` yields keys in the declared `keyOrder`, each (key, version) once. Breaking it ends the run with `contract`.
 * - **Pinned reads.** All bytes of one `read` come from the version that `ref` names; where the platform cannot promise that,
 *   the body throws `changed` when it finds out, at the latest at the end.
 * - **Length.** A body yields exactly the promised bytes or throws `corrupt`; it never just ends.
 * - **Abort.** Every call and every iteration rejects with `signal.reason` promptly and leaves no handle, socket or
 *   temporary file. Returning early from an iteration does the same.
 * - **Errors** are `BackupError`s whose `retryable` is true only when the same call may succeed later; no secret is in
 *   any URI, message or `ref`.
 * - After `[Symbol.asyncDispose]` every call rejects.
 */
export interface BackupSource {
  readonly specVersion: 'v1'
  /** Canonical and secret-free, for example `s3://bucket/prefix` or `file:///srv/shop`. */
  readonly uri: string
  /** Asks the place for its traits. Rejects with `not-found` or `access-denied` when the root cannot be reached. */
  describe(options?: CallOptions): Promise<SourceTraits>
  /** Pages of entries. Pages may be of any size above zero; about 1,000 is right. */
  list(options?: ListOptions): AsyncIterable<readonly ObjectEntry[]>
  /** The current state of one object. Rejects with `not-found` when it is gone. */
  stat(ref: JsonValue, options?: StatOptions): Promise<ObjectInfo>
  /** Opens one object. Rejects with `not-found`, `access-denied`, `archived`, `changed` or a passing fault. */
  read(ref: JsonValue, options?: ReadOptions): Promise<ObjectBody>
  /** Sequential sources: every entry with its body once, in stored order. A body not consumed is skipped. */
  scan?(options?: CallOptions): AsyncIterable<ObjectBody>
  /** The object as a file on this machine, if it is one. Must not touch the disk. */
  localFile?(ref: JsonValue): LocalFile | undefined
  /**
   * What only the provider can try: credentials, each permission, keys, clock, versioning. Rejects on abort only: what does
   * not work is in a check. Users call `preflight()` of core, which adds what can be tried with any source.
   */
  preflight?(options?: CallOptions): Promise<readonly PreflightCheck[]>
  [Symbol.asyncDispose]?(): Promise<void>
}

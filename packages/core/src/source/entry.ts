import type { Algorithm, Digest, Provenance } from '../digest/digest.js'
import type { BackupErrorJson } from '../errors.js'

/** What can be written as JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined }

/**
 * `object`: bytes. `delete-marker`: a version that says "deleted". `symlink`: a link that is reported, not followed.
 * `special`: something that is never opened (FIFO, socket, device, or a directory that cannot be listed).
 */
export type EntryKind = 'object' | 'delete-marker' | 'symlink' | 'special'

/** A digest that a place keeps of an object, by name. */
export interface OfferedDigest {
  readonly algorithm: Algorithm
  /** `parts`: one of parts, of which `stat` tells sizes and digests, at one request more. Default `full`. */
  readonly coverage?: 'full' | 'parts' | undefined
  readonly provenance: Provenance
}

/** One row of a listing. */
export interface ObjectEntry {
  /**
   * The key relative to the source's root, `/` between components on every platform. Bytes that are not UTF-8 stand
   * as lone surrogates U+DC80-DCFF (see `keyFromBytes`). Never empty. Relative also where it begins with `/` or holds `//` or
   * `..`, as keys of object stores may: those are characters there, not directions.
   */
  readonly key: string
  /** The original bytes; required exactly when `key` holds escaped bytes. */
  readonly keyBytes?: Uint8Array | undefined
  /**
   * How the source finds the object again, opaque to everybody else. Plain JSON data, because entries that come in
   * another order are spilled to disk. Must not hold secrets.
   */
  readonly ref: JsonValue
  readonly kind: EntryKind
  /** Bytes, where the listing knows them. */
  readonly size?: number | undefined
  readonly version?: string | undefined
  /** Opaque validator of this state (an ETag), where the place has one: while it is the same, so are the bytes. */
  readonly etag?: string | undefined
  /** The bytes cannot be read before somebody asks for a restore; only stored digests can prove them. */
  readonly archived?: boolean | undefined
  /**
   * The service's name for how it keeps the object (`STANDARD`, `NEARLINE`, `Cool`), which decides what reading it costs. In a
   * listing where the listing tells it.
   */
  readonly storageClass?: string | undefined
  /** Last modification, milliseconds since 1970. */
  readonly modified?: number | undefined
  readonly digests?: readonly Digest[] | undefined
  /**
   * The digests that `stat` would tell of this object, where the listing says which without telling them. Absent: what the
   * traits say of most objects.
   */
  readonly offers?: readonly OfferedDigest[] | undefined
  /** Bits per byte in sampled blocks, 0 to 8, where a manifest recorded it (see the `entropy` measure of a hasher). */
  readonly entropy?: number | undefined
  /** Of a `symlink`: where it points, uninterpreted. */
  readonly linkTarget?: string | undefined
  /**
   * Of a hard link in a sequential source: the key of the entry of the same listing whose bytes it has. It comes with an
   * empty body; the engine gives it what it read of that entry.
   */
  readonly linkTo?: string | undefined
  /**
   * The key is known, but permission or damage hides the rest. With a key that ends in `/` the problem hides
   * everything below that prefix: the engine then calls nothing below it missing or extra.
   */
  readonly problem?: BackupErrorJson | undefined
  /** The source was told to leave this out (for example `symlink`, `mount-point`): counted by that word, not compared. */
  readonly excluded?: string | undefined
}

/** Attributes that a restore should bring back. Each is absent where the platform has none or it was not asked for. */
export interface ObjectMetadata {
  /** Permission bits, for example 0o644. */
  readonly mode?: number | undefined
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** Modification time in nanoseconds since 1970, decimal. */
  readonly mtimeNs?: string | undefined
  /** Extended attributes: name to hexadecimal value. */
  readonly xattrs?: Readonly<Record<string, string>> | undefined
}

/** What `stat` tells: an entry with a fresh `ref`, and what was asked for in `want`. */
export interface ObjectInfo extends ObjectEntry {
  readonly metadata?: ObjectMetadata | undefined
  /** Milliseconds since 1970 until which the object may not be deleted. */
  readonly retainUntil?: number | undefined
  readonly legalHold?: boolean | undefined
}

import type { Algorithm, Provenance } from '../digest/digest.js'
import type { PlacePrices } from './prices.js'

/**
 * The order in which `list` yields keys.
 * - `utf8`: by the bytes of the key (the canonical order, see `compareKeys`).
 * - `utf16`: by UTF-16 code unit. `path`: by path component, so that `A/x` comes before `A-B`.
 * - `none`: any order.
 * Everything but `utf8` is spill-sorted by the engine. Open string: an unknown order is treated as `none`.
 */
export type KeyOrder = 'utf8' | 'utf16' | 'path' | 'none' | (string & {})

/** How reads are held to one version. `etag`: a validator compared before and after (on disk: device, inode, size and times). */
export type Pinning = 'version' | 'etag' | 'snapshot' | 'none' | (string & {})

/** What reading costs: `free` (a disk), `paid` (requests or egress are billed), `archived` (a restore comes first), `impossible` (a list without bytes). */
export type ReadCost = 'free' | 'paid' | 'archived' | 'impossible' | (string & {})

export interface NativeDigest {
  readonly algorithm: Algorithm
  readonly provenance: Provenance
}

/**
 * Plain facts about a source, asked once a run. Frozen. They are promises: the engine checks those it can and ends the
 * run with a `contract` error when one is broken.
 */
export interface SourceTraits {
  readonly keyOrder: KeyOrder
  /** `sequential` sources (archives, tapes) are read through `scan` only. */
  readonly access: 'random' | 'sequential'
  readonly pinning: Pinning
  /** Digests that a listing carries for most objects. */
  readonly listingDigests: readonly NativeDigest[]
  /** Digests that `stat` can give for most objects. */
  readonly statDigests: readonly NativeDigest[]
  readonly rangeReads: boolean
  readonly versions: boolean
  readonly readCost: ReadCost
  /**
   * What this place is, beyond its spelling: two sources with the same `place` are the same storage and are refused
   * as a comparison with itself (on disk: device and inode of the root).
   */
  readonly place?: string | undefined
  /**
   * Of a dated list (an inventory, a report): when it was made, milliseconds since 1970. What it says held then; the objects may
   * have changed or gone since. Absent: the place itself, now.
   */
  readonly asOf?: number | undefined
  /** What using the place costs, where the provider knows it. Absent for places that cost nothing, and where nobody knows. */
  readonly prices?: PlacePrices | undefined
  /** Longest key in bytes, where there is a limit. */
  readonly maxKeyBytes?: number | undefined
}

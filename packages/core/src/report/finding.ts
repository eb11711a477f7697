import type { Digest } from '../digest/digest.js'
import type { BackupErrorJson } from '../errors.js'
import type { Grade, Outcome, ProofMethod } from '../evidence/evidence.js'

/** The parties of a finding. `expected` is a recorded baseline, in verifications. */
export type SideName = 'source' | 'replica' | 'expected'

/**
 * What decided an outcome. Public API; new reasons may be added.
 *
 * match/mismatch: `bytes`, `digest`, `size`, `link-target`, `kind` (object on one side, link or special on the other), `metadata`.
 * missing/extra: `absent`. unverifiable: `no-common-digest`, `below-required-grade`, `below-required-strength`,
 * `key-collision`, `special`, `no-digest`, `claim-differs`, `archived`, `stale` (what is known of a side is older than `maxAge`),
 * `newer-than-list` (an object changed after the dated list that the other side is), `budget` and `read-ceiling` (what would have
 * proven it was not to be spent). unreadable/error/changed: `read-failed`, `listing-failed`, `changed-while-read`.
 */
export type Reason =
  | 'bytes'
  | 'digest'
  | 'size'
  | 'link-target'
  | 'kind'
  | 'metadata'
  | 'absent'
  | 'no-common-digest'
  | 'no-digest'
  | 'below-required-grade'
  | 'below-required-strength'
  | 'claim-differs'
  | 'archived'
  | 'stale'
  | 'newer-than-list'
  | 'budget'
  | 'read-ceiling'
  | 'key-collision'
  | 'special'
  | 'read-failed'
  | 'listing-failed'
  | 'changed-while-read'

/** A remark that does not change the outcome. `same-file`: both sides are one file on disk (hard link): not an independent copy. */
export type Note = 'same-file'

/** What one side contributed. */
export interface SideEvidence {
  readonly size?: number | undefined
  readonly version?: string | undefined
  /** The digest that was compared; on a `bytes` proof only when recording was asked for. */
  readonly digest?: Digest | undefined
  /** Every further digest that was computed or recorded, when recording was asked for. */
  readonly recorded?: readonly Digest[] | undefined
  /**
   * Last modification, milliseconds since 1970, where the source knows it: beside `recorded`, of what was read; of `missing` and
   * `extra`, of the object that one side has.
   */
  readonly modified?: number | undefined
  readonly grade?: Grade | undefined
  /** Bits per byte in sampled blocks, 0 to 8, where it was measured or recorded. */
  readonly entropy?: number | undefined
  /** Bytes of this side that the proof needed to read. 0 when nothing was read. */
  readonly bytesRead?: number | undefined
  readonly linkTarget?: string | undefined
  /** Of a side that is a dated list: when it was made, milliseconds since 1970. */
  readonly asOf?: number | undefined
}

export type MetadataField = 'mode' | 'owner' | 'mtime' | 'xattrs'

export interface MetadataDifference {
  readonly field: MetadataField
  readonly source: string
  readonly replica: string
}

/**
 * How an object went away from its baseline.
 * - `modified`: other content, and another time or version: somebody wrote it.
 * - `rot`: other content under the same size, time and version: nobody says that they wrote it.
 * - `new`, `gone`: only in the source, only in the baseline.
 */
export type DriftKind = 'modified' | 'rot' | 'new' | 'gone'

/** One (key, replica) of a comparison, or one object of a verification. Plain JSON. */
export interface ObjectFinding {
  /** The mapped key by which the sides were joined. */
  readonly key: string
  /** Hexadecimal bytes of the key, only when they are not UTF-8. */
  readonly keyBytes?: string | undefined
  /** Index into the report's `replicas`; absent in verifications. */
  readonly replica?: number | undefined
  readonly outcome: Outcome
  readonly reason: Reason
  /** Of a match: the strength of its evidence. */
  readonly grade?: Grade | undefined
  readonly method?: ProofMethod | undefined
  readonly sides?: Readonly<Partial<Record<SideName, SideEvidence>>> | undefined
  /** Offset of the first byte that differs, when bytes were compared. */
  readonly firstDifference?: number | undefined
  readonly metadata?: readonly MetadataDifference[] | undefined
  readonly notes?: readonly Note[] | undefined
  /** Of a verification against a baseline: how the object went away from it, where the baseline can tell. */
  readonly drift?: DriftKind | undefined
  /** The side that is damaged, when it is known. */
  readonly rotten?: SideName | undefined
  /**
   * How it is known: `own-digest`: its bytes break the digest that its own place stores; `minority`: most of the other copies agree
   * with each other; `record`: its bytes break the record that it is verified against. Absent where the side could not be read at all.
   */
  readonly rottenBy?: 'own-digest' | 'minority' | 'record' | undefined
  /** Which side failed, and how. */
  readonly error?: (BackupErrorJson & { readonly side: SideName }) | undefined
  /** Of a key collision: the keys, as their sources have them. */
  readonly collidingKeys?: readonly string[] | undefined
}

import type { KnownAlgorithm, Strength } from '../digest/digest.js'
import type { PriceTable } from '../evidence/cost/price-table.js'
import type { Grade } from '../evidence/evidence.js'
import type { SampleOptions } from '../evidence/sample/plan.js'
import type { MetadataField } from '../report/finding.js'
import type { RunOptions } from '../run/options.js'
import type { BackupSource } from '../source/backup-source.js'

/** How the keys of one side become the keys by which sides are joined. */
export interface KeyMapping {
  /** Removed from the front; keys without it are left out and counted as `other-prefix`. */
  readonly stripPrefix?: string | undefined
  /** Put in front, after stripping. */
  readonly addPrefix?: string | undefined
  /** Any other mapping, after the prefixes; `undefined` leaves the key out (counted as `unmapped`). The side is then spill-sorted. */
  readonly map?: ((key: string) => string | undefined) | undefined
}

/** A source with a key mapping. */
export interface MappedSource {
  readonly source: BackupSource
  readonly keys: KeyMapping
}

/** Sources and mapped sources may be given alike. */
export type Side = BackupSource | MappedSource

/**
 * When keys count as equal. `exact`: the same bytes. `nfc`: the same after Unicode normalisation NFC. `casefold`: NFC,
 * and the same but for case. Keys of one side that become equal are findings (`key-collision`), never merged in silence.
 */
export type Normalisation = 'exact' | 'nfc' | 'casefold'

/** Which keys are looked at: globs over mapped keys, as picomatch reads them, with dot files. */
export interface KeyFilter {
  /** Only keys that match one of these. Default: all. */
  readonly include?: readonly string[] | undefined
  /** Never keys that match one of these; wins over `include`. */
  readonly exclude?: readonly string[] | undefined
}

/** What counts as a match for some of the keys. */
export interface KeyPolicy {
  /** Globs over mapped keys, as those of a filter: `db/**`. */
  readonly keys: string | readonly string[]
  /** Default: that of the run. */
  readonly require?: Grade | undefined
  /** Default: that of the run. */
  readonly strength?: Strength | undefined
}

/** What a run may spend. What a further request would exceed is not done, and stays unproven: reason `budget`. */
export interface Budget {
  /** Bytes read, of all sides together. Archives are read whole: where that passes the limit, the run ends there. */
  readonly bytes?: number | undefined
  /** Requests to services: pages of listings, questions about objects, reads. Repeats of failed ones do not count. */
  readonly requests?: number | undefined
  /** By the prices of the places, in their currency. */
  readonly money?: number | undefined
  /** From the start of the run on. */
  readonly seconds?: number | undefined
}

/** What counts as a match, and what may be spent on it. */
export interface EvidencePolicy {
  /** Weakest grade that counts as a match; what does not reach it is `unverifiable`. Default `stored`. */
  readonly require?: Grade | undefined
  /** Weakest kind of digest that counts. Default `error-detecting`. Comparing bytes is stronger than any. */
  readonly strength?: Strength | undefined
  /** What counts for keys that match: the first policy that does. Default: none. */
  readonly policies?: readonly KeyPolicy[] | undefined
  /**
   * Milliseconds that a dated list (an inventory) may be old; what an older one says counts for nothing. Default: any age, and
   * findings tell it.
   */
  readonly maxAge?: number | undefined
  /** Prices of places by the beginning of their URIs, before those that providers know. */
  readonly prices?: PriceTable | undefined
  /**
   * Proves some of the objects instead of all, and says what that tells of the rest; what listings decide is judged of every one.
   * Default: all of them.
   */
  readonly sample?: SampleOptions | undefined
  /** Ends what costs something cleanly where a limit is reached. Default: none. */
  readonly budget?: Budget | undefined
  /**
   * Bytes that may be read of each place that charges (its `readCost` is not `free`); reading more takes the caller's word: a number,
   * or `none` for no limit. What lies beyond stays unproven: reason `read-ceiling`. Default: 100 GB (10^11 bytes), of
   * classes that charge for retrieval 10 GB.
   */
  readonly readCeiling?: number | 'none' | undefined
}

export interface CompareOptions extends RunOptions, KeyFilter, EvidencePolicy {
  /** What the replicas should hold. */
  readonly source: Side
  /** One or more. */
  readonly replicas: readonly Side[]
  /** Default `exact`. */
  readonly normalise?: Normalisation | undefined
  /** `fail` (default): a key that only a replica has is a failing finding. `allow`: it is told and counted, and does not fail. */
  readonly extras?: 'fail' | 'allow' | undefined
  /** Attributes that must be equal too, for checking a restore. Default: none. */
  readonly metadata?: readonly MetadataField[] | undefined
  /** Digests to compute of every object that is read, and to put into the findings. Default: none. */
  readonly record?: readonly KnownAlgorithm[] | undefined
}

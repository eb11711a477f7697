import type { BackupErrorJson } from '../errors.js'
import type { AskedFor } from '../evidence/asking.js'
import type { Rates } from '../evidence/cost/rates.js'
import type { SideName } from '../report/finding.js'
import type { BackupSource } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import type { PlacePrices } from '../source/prices.js'
import type { SourceTraits } from '../source/traits.js'

/** One side of a run, with what was asked of it once. */
export interface Party {
  readonly source: BackupSource
  readonly traits: SourceTraits
  readonly name: SideName
  /** Index of a replica. */
  readonly replica?: number | undefined
  /** Read whole, once, before the join: see `scannedPages`. Its traits then say that nothing more can be read. */
  readonly sequential?: boolean | undefined
  /** What its objects cost to use, by their class. */
  readonly rates: (storageClass?: string) => Rates
  /** The prices that they come from, where any are known. */
  readonly prices?: PlacePrices | undefined
  /** A dated list that is older than policy permits. */
  readonly stale?: boolean | undefined
}

/** What reading an entry of a sequential source gave. */
export interface Scanned {
  readonly bytes: number
  /** Lowercase hex by algorithm. */
  readonly digests: Readonly<Record<string, string>>
  readonly error?: BackupErrorJson | undefined
}

/** An entry as a side lists it; with what was read of it where reading came first. */
export interface ListedEntry extends ObjectEntry {
  readonly scanned?: Scanned | undefined
}

/** An entry under the key by which sides are joined. */
export interface JoinEntry {
  readonly key: string
  readonly entry: ListedEntry
  /** More than one key of this side became `key`: all of them, at most the first ten. */
  readonly colliding?: readonly string[] | undefined
  /** Not a row of its own (it lies outside the range or shard), but what it hides may lie inside. */
  readonly silent?: boolean | undefined
}

/** All sides of one key, in the order of the parties. */
export interface Row {
  readonly key: string
  readonly entries: readonly (JoinEntry | undefined)[]
  /** By party: the problem that hides whether the key is there, where an entry is absent for that reason. */
  readonly hidden?: readonly (BackupErrorJson | undefined)[] | undefined
  /** By party: what its source was asked for beyond the listing: digests, and then the sizes of parts at any cost. */
  readonly asked?: readonly (AskedFor | undefined)[] | undefined
}

/** Whether the entry says that everything below its key cannot be listed. */
export const hidesSubtree = (entry: ObjectEntry): boolean => entry.problem !== undefined && entry.key.endsWith('/')

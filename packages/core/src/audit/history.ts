import type { TargetKind } from './target.js'

/**
 * A typed name of a history: items in order of time, too many to hold. Rules see them through folds.
 * Two tokens of one name are the same token.
 */
export interface HistoryToken<T> {
  /** Dotted, lowercase, for example `job.runs`. */
  readonly name: string
  /** What it tells, a few words, for docs. */
  readonly description: string
  /** The kind of target that items are about. */
  readonly target: TargetKind
  /** Id of the target of an item. */
  targetOf(item: T): string
  /** Milliseconds since 1970, by which the items of one target are ordered. */
  timeOf(item: T): number
  /** Tells items of one target and time apart; items with the same are one item, told twice. */
  idOf(item: T): string
  /** Of an item that is told twice: the higher one counts, for example when a run ended. Default: the one observed later. */
  precedenceOf?(item: T): number
  /** Of an item that is told twice with the same precedence, as of the same time: the higher one counts, so that bad news is heard. */
  badnessOf?(item: T): number
}

/** What is known of a history before its items are read. */
export interface HistoryTraits {
  /** `target-time`: by target id (as keys are ordered), then time, then id. `none`: the engine spill-sorts. A wrong promise is a `contract` error. */
  readonly order: 'target-time' | 'none'
  /** Where it was read: a file, a call. Secret-free. */
  readonly source: string
  /** Until when it tells everything, milliseconds since 1970. Of several sources of one history the earliest counts. */
  readonly observedAt: number
  /** From when on it tells everything, milliseconds since 1970. Absent: from the beginning. Of several the latest counts. */
  readonly from?: number | undefined
  /** Items are missing, and nobody knows which: rules may fail on it, never pass. */
  readonly partial?: boolean | undefined
}

/**
 * Gives the items of one history: `JobSource`, `RecoveryPointSource`, `DrillSource`, `CapacitySource`. Goes among the collectors of
 * an audit. Several of one token are told as one; an item in two of them (same target, time and id) counts once, as the one observed later says.
 */
export interface HistorySource<T> {
  readonly specVersion: 'v1'
  /** For people: where items come from. Secret-free. */
  readonly id: string
  readonly history: HistoryToken<T>
  /** Rejects with a `BackupError` when the history cannot be read: its rules are then `unknown`. */
  describe(o: { readonly signal: AbortSignal; readonly now: number }): Promise<HistoryTraits>
  /** Pages of items, in the order that the traits promise. */
  read(o: { readonly signal: AbortSignal; readonly now: number }): AsyncIterable<readonly T[]>
}

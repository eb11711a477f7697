import type { HistorySource, HistoryToken } from '../audit/history.js'

/** A state of an asset that can be restored, or should be. What is `null` or left out nobody can say. Times are milliseconds since 1970. */
export interface RecoveryPoint {
  /** Unique among the recovery points of the asset. */
  readonly id: string
  readonly asset: string
  /** The state that it holds. */
  readonly created: number
  readonly plan?: string | null | undefined
  /** Id of a store in the policy. */
  readonly store?: string | null | undefined
  readonly uri?: string | null | undefined
  /** Whether everything of it is there. */
  readonly complete?: boolean | null | undefined
  /** Recorded when it was made. */
  readonly digest?: { readonly algorithm: string; readonly value: string } | null | undefined
  readonly encrypted?: boolean | null | undefined
  /**
   * Whether the key that it needs can be used. `null` where it needs one and nobody can say; left out where it needs none. Where `key`
   * names one, leaving it out is `null`.
   */
  readonly keyUsable?: boolean | null | undefined
  readonly key?: string | null | undefined
  /** When lifecycle or prune may remove it; `never`: they will not. */
  readonly expires?: number | 'never' | null | undefined
  /** Until when nobody can remove it. */
  readonly lockedUntil?: number | null | undefined
  /** `none`: nothing keeps anybody from removing it, which is not the same as left out. Then `lockedUntil` means nothing. */
  readonly lockMode?: 'compliance' | 'governance' | 'none' | null | undefined
  readonly hold?: boolean | null | undefined
  readonly bytes?: number | null | undefined
  readonly objects?: number | null | undefined
  /**
   * Bits per byte of its bytes as they are stored, 0 to 8, sampled: the order-0 entropy, from how often each byte occurs. The mean over
   * its objects by their sizes, which is at most the entropy of all their bytes together: entropy is concave (Shannon 1948).
   */
  readonly entropy?: number | null | undefined
  /**
   * Of `bytes`, those of objects whose entropy is known: `entropy` is their mean, and says nothing of the rest. Left out: all of them.
   * `null`: nobody can say of how many.
   */
  readonly entropyBytes?: number | null | undefined
  /** Of `bytes`, those of objects whose content another object of it, or of an older recovery point of its store, holds already. */
  readonly duplicateBytes?: number | null | undefined
  /** Id of the recovery point that it is a copy of. */
  readonly copyOf?: string | null | undefined
  readonly storageClass?: string | null | undefined
}

/** Recovery points by asset. */
export const recoveryPoints: HistoryToken<RecoveryPoint> = {
  name: 'recovery.points',
  description: 'recovery points that exist',
  target: 'asset',
  targetOf: ({ asset }) => asset,
  timeOf: ({ created }) => created,
  idOf: ({ id }) => id,
  badnessOf: ({ complete, keyUsable }) => Number(complete === false) + Number(keyUsable === false),
}

export type RecoveryPointSource = HistorySource<RecoveryPoint>

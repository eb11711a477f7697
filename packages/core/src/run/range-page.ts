export interface RangePageRequest {
  /** Keys greater than this. A well-formed string unless the caller's own bound or a listed key is not. */
  readonly after?: string | undefined
  /** Keys from this one on. Never together with `after`. */
  readonly from?: string | undefined
  /** Keys smaller than this; a store that cannot stop there may go on, what is beyond is cut. */
  readonly to?: string | undefined
  /** Where the page before ended, as it said; the bounds are those of that page's request (`to` may be larger). */
  readonly cursor?: string | undefined
  /** On abort the call rejects promptly with the signal's reason and leaves nothing open. */
  readonly signal: AbortSignal
}

export interface RangePage<T> {
  /** The first keys of what was asked for, in canonical order (`compareKeys`). Smaller keys than asked for are dropped. */
  readonly items: readonly T[]
  /** Whether keys below `to` may follow. True is always safe. */
  readonly more: boolean
  /**
   * The store's token for the next page, when `more`. Without one the listing goes on after the last key; needed for pages
   * that may be empty, for keys that come several times (versions) and for keys the store does not take as a bound.
   */
  readonly cursor?: string | undefined
}

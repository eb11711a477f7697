/** A typed name of a fact. Third parties add facts by adding tokens. */
export interface FactToken<T> {
  /** Dotted, lowercase, for example `bucket.versioning`. */
  readonly name: string
  /** Never set: carries the type. */
  readonly type?: T | undefined
}

/** A token for facts of type `T`. */
export const factToken = <T>(name: string): FactToken<T> => ({ name })

/**
 * A three-valued reading about a backup system. `unknown` is never good news: no rule passes on it.
 *
 * `observedAt`: milliseconds since 1970. `partial`: only part of the truth was seen; a rule may fail on it, never pass.
 */
export type Fact<T> =
  | {
      readonly state: 'known'
      readonly value: T
      readonly source: string
      readonly observedAt: number
      readonly partial?: boolean | undefined
    }
  | { readonly state: 'absent'; readonly source: string; readonly observedAt: number }
  | {
      readonly state: 'unknown'
      readonly reason: string
      /** The permission that would make it known, where that is the reason. */
      readonly missingPermission?: string | undefined
    }

/** A typed name of a fact. Third parties add facts by adding tokens. Two tokens of one name are the same token. */
export interface FactToken<T> {
  /** Dotted, lowercase, for example `bucket.versioning`. */
  readonly name: string
  /** `estate`: one reading for the whole run, whatever the target. Default `target`: one for each target. */
  readonly of: 'target' | 'estate'
  /** What it tells, a few words, for docs. */
  readonly description: string
  /** Never set: carries the type. */
  readonly type?: T | undefined
}

/** A token for facts of type `T`: one for each target, or one for the whole estate. */
export const factToken = <T>(
  name: string,
  { of = 'target', description }: { readonly of?: FactToken<T>['of']; readonly description: string },
): FactToken<T> => ({ name, of, description })

/** What was read. `observedAt`: milliseconds since 1970. `partial`: only part of the truth was seen; a rule may fail on it, never pass. */
export interface KnownFact<T> {
  readonly state: 'known'
  readonly value: T
  /** Where it was read: a call, a file. Secret-free. */
  readonly source: string
  readonly observedAt: number
  readonly partial?: boolean | undefined
}

/** The place was asked and has none: no lock configuration, no policy for this asset. */
export interface AbsentFact {
  readonly state: 'absent'
  readonly source: string
  readonly observedAt: number
}

/**
 * Why a fact is not known. Open strings with known values: `denied`, `unsupported`, `not-collected` (no collector gives it),
 * `throttled`, `timeout`, `stale` (older than `maxAge`), `conflict` (two collectors say different things), `failed`.
 */
export type UnknownReason =
  | 'denied'
  | 'unsupported'
  | 'not-collected'
  | 'throttled'
  | 'timeout'
  | 'stale'
  | 'conflict'
  | 'failed'
  | (string & {})

export interface UnknownFact {
  readonly state: 'unknown'
  readonly reason: UnknownReason
  /** For people, secret-free: what was asked and what came back. */
  readonly detail?: string | undefined
  /** The permission that would make it known, where that is the reason. */
  readonly missingPermission?: string | undefined
}

/** A three-valued reading about a backup system. `unknown` is never good news: no rule passes on it. */
export type Fact<T> = KnownFact<T> | AbsentFact | UnknownFact

/** What a rule is given: the engine answers `unknown` itself. */
export type SettledFact<T> = KnownFact<T> | AbsentFact

/** The value of a fact, or `undefined` where there is none. */
export const factValue = <T>(fact: SettledFact<T>): T | undefined => (fact.state === 'known' ? fact.value : undefined)

import type { Fact, FactToken } from './fact.js'
import type { HistorySource } from './history.js'
import type { AuditTarget, TargetKind } from './target.js'

/** A fact with the token that it is an answer to. Make it with {@link collected}: that checks the type. */
export interface CollectedFact {
  readonly token: FactToken<unknown>
  readonly fact: Fact<unknown>
}

export const collected = <T>(token: FactToken<T>, fact: Fact<T>): CollectedFact => ({ token, fact })

export interface CollectRequest {
  readonly target: AuditTarget
  /** What rules need of this target and this collector provides, at least one; asked once in a run. */
  readonly tokens: readonly FactToken<unknown>[]
  /** The clock of the run, milliseconds since 1970. */
  readonly now: number
  readonly signal: AbortSignal
}

/**
 * Reads facts about targets. A contract of its own, as a principal is no bucket. Calls for several targets come at the same time;
 * the engine limits how many, and retries errors that say `retryable`.
 */
export interface FactCollector {
  readonly specVersion: 'v1'
  /** For people, and for the reason where nothing could be collected. Secret-free. */
  readonly id: string
  readonly provides: readonly FactToken<unknown>[]
  /** The kinds of targets that it can read. */
  readonly kinds: readonly TargetKind[]
  /**
   * A fact for each token that it has an answer to. What it leaves out is `not-collected`; what it throws becomes `unknown` for all
   * of them, with the reason.
   */
  collect(request: CollectRequest): Promise<readonly CollectedFact[]>
  /** Targets that it finds by itself. What it throws makes the run incomplete: nobody knows what was not audited. */
  discover?(o: { readonly now: number; readonly signal: AbortSignal }): Promise<readonly AuditTarget[]>
}

/** What an audit takes as a collector. */
export type AuditCollector = FactCollector | HistorySource<unknown>

/** A collector of facts that were read before, for example by hand in a script: `[target, token, fact]`. */
export const givenFacts = (
  facts: readonly { readonly target: AuditTarget; readonly token: FactToken<unknown>; readonly fact: Fact<unknown> }[],
): FactCollector => {
  const name = (kind: string, id: string, token: string): string => JSON.stringify([kind, id, token])
  const byName = new Map(facts.map((one) => [name(one.target.kind, one.target.id, one.token.name), one.fact]))
  const tokens = new Map(facts.map(({ token }) => [token.name, token]))
  return {
    specVersion: 'v1',
    id: 'given facts',
    provides: [...tokens.values()],
    kinds: [...new Set(facts.map(({ target }) => target.kind))],
    collect: async ({ target, tokens: wanted }) =>
      wanted.flatMap((token) => {
        const fact = byName.get(name(target.kind, target.id, token.name))
        return fact === undefined ? [] : [{ token, fact }]
      }),
  }
}

/** A history that is held in memory, for scripts and tests. Any order of items. */
export const givenHistory = <T>(
  history: HistorySource<T>['history'],
  items: readonly T[],
  traits: {
    readonly source?: string
    readonly observedAt?: number
    readonly from?: number
    readonly partial?: boolean
  } = {},
): HistorySource<T> => ({
  specVersion: 'v1',
  id: traits.source ?? 'given history',
  history,
  describe: async ({ now }) => ({ order: 'none', source: 'given history', observedAt: now, ...traits }),
  read: async function* () {
    for (let at = 0; at < items.length; at += 1_000) yield items.slice(at, at + 1_000)
  },
})

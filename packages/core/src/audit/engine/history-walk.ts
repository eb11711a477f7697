import { toBackupError } from '../../errors.js'
import { redact } from '../../redact.js'
import { settledAll } from '../../run/abort.js'
import { compareKeys } from '../../source/key.js'
import type { UnknownFact } from '../fact.js'
import type { HistorySource, HistoryToken } from '../history.js'
import { isoTime } from '../time.js'
import { type CallContext, callCollector } from './call.js'
import { checkTraits } from './forms.js'
import { type Described, historyStream, type StreamContext } from './history-stream.js'
import { unknownFrom } from './unknown.js'

/** What is known of a history as a whole. */
export interface HistoryState {
  readonly state: 'known'
  readonly source: string
  readonly observedAt: number
  readonly from?: number | undefined
  readonly partial?: boolean | undefined
}

/** Items of one target that come together. */
export interface Slice {
  readonly target: string
  readonly items: readonly unknown[]
}

/** A history that is walked once, beside the targets. */
export interface HistoryWalk {
  readonly history: HistoryToken<unknown>
  readonly sources: readonly string[]
  /** May turn unknown on the way, where reading fails. */
  readonly state: () => HistoryState | UnknownFact
  /** The slice at hand; `undefined` at the end. */
  readonly peek: () => Promise<Slice | undefined>
  readonly skip: () => void
  readonly close: () => Promise<void>
  readonly counts: { items: number; unassigned: number; duplicates: number }
}

/** Describes the sources of one history; nothing is read before the first `peek`. */
export const openHistory = async (
  history: HistoryToken<unknown>,
  sources: readonly HistorySource<unknown>[],
  context: Omit<StreamContext, 'onDuplicate'> & CallContext & { readonly maxAge: number },
): Promise<HistoryWalk> => {
  const counts = { items: 0, unassigned: 0, duplicates: 0 }
  const { now, maxAge } = context
  let state: HistoryState | UnknownFact = { state: 'unknown', reason: 'not-collected' }
  let described: readonly Described[] = []
  try {
    described = await settledAll(
      [...sources]
        .sort((a, b) => compareKeys(a.id, b.id))
        .map(async (source) => ({
          source,
          traits: checkTraits(
            source.id,
            await callCollector(source.id, (signal) => source.describe({ signal, now }), context),
          ),
        })),
    )
    if (described.length > 0) state = stateOf(described)
  } catch (error) {
    context.signal.throwIfAborted()
    state = unknownFrom(error)
  }
  if (state.state === 'known' && state.observedAt < now - maxAge)
    state = { state: 'unknown', reason: 'stale', detail: `it tells everything until ${isoTime(state.observedAt)} only` }

  const pages = historyStream(history, described, { ...context, onDuplicate: () => (counts.duplicates += 1) })
  let page: readonly unknown[] = []
  let at = 0
  let slice: Slice | undefined
  let ended = state.state === 'unknown'

  const turn = async (): Promise<void> => {
    try {
      const { done, value } = await pages.next()
      ended = done === true
      page = value ?? []
      at = 0
    } catch (error) {
      context.signal.throwIfAborted()
      // What sources of others throw is a fault of theirs.
      const failure = toBackupError(error, { code: 'unavailable', retryable: false })
      if (failure.code === 'contract' || failure.code === 'internal') throw failure
      state = unknownFrom(failure)
      ended = true
      page = []
      at = 0
    }
  }

  return {
    history,
    sources: sources.map(({ id }) => redact(id)).sort(compareKeys),
    state: () => state,
    counts,
    peek: async () => {
      if (slice !== undefined) return slice
      while (at >= page.length && !ended) await turn()
      if (at >= page.length) return undefined
      const target = history.targetOf(page[at])
      let end = at + 1
      while (end < page.length && history.targetOf(page[end]) === target) end += 1
      slice = { target, items: page.slice(at, end) }
      at = end
      return slice
    },
    skip: () => {
      counts.items += slice?.items.length ?? 0
      slice = undefined
    },
    close: async () => {
      await pages.return(undefined)
    },
  }
}

/** Several sources tell together no more than the one that tells least. */
const stateOf = (described: readonly Described[]): HistoryState => {
  const traits = described.map((one) => one.traits)
  const froms = traits.flatMap(({ from }) => (from === undefined ? [] : [from]))
  return {
    state: 'known',
    source: [...new Set(traits.map(({ source }) => source))].sort(compareKeys).join(', '),
    observedAt: Math.min(...traits.map(({ observedAt }) => observedAt)),
    ...(froms.length > 0 && { from: Math.max(...froms) }),
    ...(traits.some(({ partial }) => partial === true) && { partial: true }),
  }
}

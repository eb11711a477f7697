import type { RangePage, RangePageRequest } from '../../src/run/index.js'
import { compareKeys } from '../../src/source/index.js'

export interface RangeStoreOptions {
  /** Canonical order, each key once. */
  readonly keys: readonly string[]
  readonly pageSize: number
  /** Whether pages end at `to`, as Cloud Storage's do; S3's go on. Default false. */
  readonly stops?: boolean | undefined
  /** Whether pages carry tokens. Default false. */
  readonly cursors?: boolean | undefined
}

export interface Item {
  readonly key: string
}

/** Index of the first of sorted `keys` for which `key` is not smaller. */
const lowerBound = (keys: readonly string[], key: string): number => {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareKeys(keys[middle]!, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** What a store answers, at once. */
export const pageOf = (options: RangeStoreOptions, request: RangePageRequest): RangePage<Item> => {
  const { keys, pageSize, stops = false, cursors = false } = options
  let start = 0
  if (request.from !== undefined) start = lowerBound(keys, request.from)
  if (request.after !== undefined) {
    start = lowerBound(keys, request.after)
    if (keys[start] === request.after) start += 1
  }
  if (request.cursor !== undefined) start = Number(request.cursor)
  const end = stops && request.to !== undefined ? lowerBound(keys, request.to) : keys.length
  const items = keys.slice(start, Math.max(start, Math.min(end, start + pageSize))).map((key) => ({ key }))
  const more = start + pageSize < end
  return { items, more, ...(more && cursors && { cursor: String(start + pageSize) }) }
}

/**
 * A store on a clock of its own: every request takes one round, all requests under way end together. `rounds` is what a
 * listing would take in round trips.
 */
export const clockedStore = (
  options: RangeStoreOptions,
): { fetchPage: (request: RangePageRequest) => Promise<RangePage<Item>>; rounds: () => number; most: () => number } => {
  let rounds = 0
  let most = 0
  let waiting: (() => void)[] = []
  const tick = (): void => {
    rounds += 1
    most = Math.max(most, waiting.length)
    const ending = waiting
    waiting = []
    for (const end of ending) end()
  }
  return {
    rounds: () => rounds,
    most: () => most,
    fetchPage: async (request) => {
      await new Promise<void>((resolve) => {
        // Whatever else is ready to run runs before the round ends.
        if (waiting.push(resolve) === 1) setImmediate(tick)
      })
      return pageOf(options, request)
    },
  }
}

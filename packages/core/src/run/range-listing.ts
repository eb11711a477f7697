import { BackupError } from '../errors.js'
import { compareKeys, type KeyRange } from '../source/index.js'
import type { RangePage, RangePageRequest } from './range-page.js'
import { rangeSchedule } from './range-schedule.js'

export interface RangeListingOptions<T> {
  /** One request. Errors are thrown to the consumer as they are, once all keys before have been yielded. */
  readonly fetchPage: (request: RangePageRequest) => Promise<RangePage<T>>
  /** Default: all keys. */
  readonly range?: KeyRange | undefined
  /** Only keys after this one, to resume. */
  readonly after?: string | undefined
  /** Requests in flight at most. Default 8. 1 lists page by page. */
  readonly concurrency?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface RangeListing<T> extends AsyncIterable<readonly T[]> {
  /** Requests started so far. */
  readonly requests: number
}

/**
 * Lists one ordered namespace with several requests in flight, for stores that give the next page only after the one
 * before. Yields non-empty pages in canonical order, each key exactly as often as the store has it.
 *
 * From the keys listed so far it guesses where the next pages begin and requests disjoint segments ahead. A wrong guess
 * costs requests, never keys: what a guess left out is requested when it is known. Guesses stop when they do not pay: with
 * full pages it makes at most 1.25 times the requests of a serial listing, and `concurrency` more; one page costs one request.
 *
 * Nothing is requested before the first `next()`; then at most twice `concurrency` pages are held or in flight, whether the
 * consumer pulls or not. An error or an abort ends the listing and all requests; to resume, list `after` the last key.
 *
 * Throws `invalid-config` at once when `concurrency` is not a whole number of 1 or more; later what `fetchPage` throws, `signal.reason` on abort, and `contract` when pages are not in order or never end.
 */
export const rangeListing = <T extends { readonly key: string }>(options: RangeListingOptions<T>): RangeListing<T> => {
  const { concurrency = 8 } = options
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new BackupError({
      code: 'invalid-config',
      operation: 'list',
      message: `The listing was given concurrency ${concurrency}; give a whole number of requests, 1 or more`,
    })
  const counter = { requests: 0 }
  return {
    get requests() {
      return counter.requests
    },
    [Symbol.asyncIterator]: () => iterate({ ...options, concurrency }, () => counter.requests++),
  }
}

async function* iterate<T extends { readonly key: string }>(
  options: RangeListingOptions<T> & { readonly concurrency: number },
  onRequest: () => void,
): AsyncGenerator<readonly T[], void, void> {
  const { range = {}, after, signal } = options
  signal?.throwIfAborted()
  const resumes = after !== undefined && (range.from === undefined || compareKeys(after, range.from) >= 0)
  const low = resumes ? after : range.from
  if (low !== undefined && range.to !== undefined && compareKeys(low, range.to) >= 0) return
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const schedule = rangeSchedule<T>({
    fetchPage: options.fetchPage,
    start: { low, inclusive: !resumes, to: range.to },
    concurrency: options.concurrency,
    signal: controller.signal,
    onRequest,
  })
  try {
    for (;;) {
      const items = await schedule.next()
      if (items === undefined) return
      if (items.length > 0) yield items
      signal?.throwIfAborted()
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    controller.abort()
    await schedule.settled()
  }
}

import { setMaxListeners } from 'node:events'
import { compareKeys } from '../source/index.js'
import { abortable } from './abort.js'
import { createKeyModel } from './key-model.js'
import type { RangePage, RangePageRequest } from './range-page.js'
import { checkOrder, cut, isBeyond, remainder, requestOf, type Segment, splitAt } from './range-segments.js'

export interface RangeScheduleOptions<T> {
  readonly fetchPage: (request: RangePageRequest) => Promise<RangePage<T>>
  readonly start: Pick<Segment<T>, 'low' | 'inclusive' | 'to'>
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly onRequest: () => void
}

export interface RangeSchedule<T> {
  /** The next items in order, possibly none; undefined at the end. Throws the error of the request whose turn it is. */
  next(): Promise<readonly T[] | undefined>
  /** Resolves when no request is in flight any more; nothing new is started. */
  settled(): Promise<void>
}

/** Part of the useful pages that guesses may cost in requests. */
const WASTE = 0.25
/** Part of a page that a guessed segment should fill; in between the aim follows what comes back. */
const FILL = { least: 0.75, first: 0.92, most: 1, two: 1.8 }

/**
 * Decides what is requested when. The listing is a row of disjoint segments in order; the first is the one the consumer
 * waits for. A waiting segment is cut where the model expects the end of its first page, and the part above can be
 * requested as well.
 */
export const rangeSchedule = <T extends { readonly key: string }>(
  options: RangeScheduleOptions<T>,
): RangeSchedule<T> => {
  const { fetchPage, concurrency, signal, onRequest } = options
  const model = createKeyModel()
  const segments: Segment<T>[] = [{ ...options.start, state: 'waiting', guessed: false, items: [] }]
  let inFlight = 0
  let ready = 0
  let arrived = 0
  let useful = 0
  let pageSize = 0
  // As in TCP: requests in flight grow with every page that a guess filled, and halve when guesses hit nothing.
  let window = 1
  let fill = FILL.first
  let closed = false
  setMaxListeners(0, signal)

  /**
   * Whether one more boundary may be guessed. Every segment can cost one request more than its keys need; with those that
   * are open taken at their worst, the budget holds whatever the keys are.
   */
  const affordable = (): boolean => {
    const pages = useful / pageSize
    return arrived - pages + (segments.length - ready) + 1 <= WASTE * pages + concurrency
  }

  /**
   * Keys up to the next boundary. Where pages are hard to foresee, segments of nearly two pages waste less, and with all of
   * them in flight still not more than twice `concurrency` pages are held.
   */
  const aim = (): number => {
    const pages = useful / pageSize
    const strained = arrived - pages > (WASTE * pages + concurrency) / 2
    return (strained ? FILL.two : fill) * pageSize
  }

  const split = (index: number): void => {
    const segment = segments[index]!
    if (window < 2 || pageSize < 1 || segment.low === undefined || segment.whole === true) return
    const boundary = model.boundary(segment.low, segment.to, aim())
    if (boundary === undefined) return
    if (segment.to !== undefined && compareKeys(`${boundary}\0`, segment.to) >= 0) return
    if (affordable()) segments.splice(index + 1, 0, splitAt(segment, boundary))
    else segment.long = true
  }

  const pump = (): void => {
    let long = false
    for (let i = 0; !closed && i < segments.length; i++) {
      const segment = segments[i]!
      if (segment.state === 'failed') return
      if (segment.state === 'waiting') {
        // The first never waits: a place was freed when what was before it arrived, and nothing overtakes it.
        if (i > 0 && (inFlight >= window || inFlight + ready >= 2 * concurrency)) return
        // What lies behind a long stretch must not take all the room, else the stretch is listed page by page.
        if (long && ready >= concurrency) return
        split(i)
        start(segment)
      }
      long ||= segment.state === 'in-flight' && segment.long === true
    }
  }

  const start = (segment: Segment<T>): void => {
    segment.state = 'in-flight'
    inFlight += 1
    onRequest()
    segment.call = list(segment, requestOf(segment, signal))
  }

  const list = async (segment: Segment<T>, request: RangePageRequest): Promise<void> => {
    try {
      const page = await abortable(fetchPage(request), signal)
      arrive(segment, page, request)
      segment.state = 'ready'
      ready += 1
    } catch (error) {
      // Thrown when its turn comes, see `next`.
      segment.state = 'failed'
      segment.error = error
    }
    inFlight -= 1
    arrived += 1
    pump()
  }

  const arrive = (segment: Segment<T>, page: RangePage<T>, request: RangePageRequest): void => {
    const last = page.items.at(-1)?.key
    const index = segments.indexOf(segment)
    checkOrder(segment, page.items)
    // The page reached into a segment that nobody has requested yet: the boundary is not needed.
    while (page.more && isBeyond(segment, last)) {
      const above = segments[index + 1]
      if (above?.state !== 'waiting' || above.continues !== undefined) break
      segment.to = above.to
      segments.splice(index + 1, 1)
    }
    segment.items = cut(segment, page.items)
    const goesOn = page.more && !isBeyond(segment, last)
    if (goesOn) segments.splice(index + 1, 0, remainder(segment, page, request))
    // Keys have left the line they were on; the next request finds where they go on, however far that is.
    if (segment.guessed && segment.items.length < pageSize / 10) {
      const next = segments.slice(index + 1).find(({ state }) => state === 'waiting')
      if (next !== undefined) next.whole = true
    }
    useful += segment.items.length
    learn(segment, page, goesOn)
  }

  const learn = (segment: Segment<T>, page: RangePage<T>, goesOn: boolean): void => {
    const { items } = page
    if (concurrency === 1) return
    if (page.more || items.length > pageSize) pageSize = Math.max(pageSize, items.length)
    model.observe(items.map(({ key }) => key))
    const low = segment.low ?? items[0]?.key
    // A page that is full, or the whole of what is between two boundaries.
    const high = page.more || segment.to === undefined ? items.at(-1)?.key : segment.to
    if (low !== undefined && high !== undefined && items.length > pageSize / 10 && compareKeys(low, high) < 0)
      model.addSpan(low, high, items.length)
    const filled = segment.items.length / pageSize
    if (!segment.guessed) {
      if (goesOn) window = Math.max(window, Math.min(2, concurrency))
      return
    }
    if (filled >= 0.5) window = Math.min(concurrency, window + 1)
    else if (filled < 0.1) window = Math.max(2, window >> 1)
    fill = goesOn ? Math.max(FILL.least, fill - 0.01) : Math.min(FILL.most, fill + 0.002)
  }

  return {
    next: async () => {
      pump()
      const head = segments[0]
      if (head === undefined) return undefined
      await head.call
      if (head.state === 'failed') throw head.error
      segments.shift()
      ready -= 1
      if (concurrency > 1) model.pass(head.items.map(({ key }) => key))
      pump()
      return head.items
    },
    settled: async () => {
      closed = true
      await Promise.all(segments.map(({ call }) => call))
    },
  }
}

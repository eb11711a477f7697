import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BackupError } from '../../src/errors.js'
import { type RangeListingOptions, type RangePageRequest, rangeListing } from '../../src/run/index.js'
import { compareKeys } from '../../src/source/index.js'
import { keyShapes, keysOf } from './range-keys.js'
import { clockedStore, type Item, pageOf, type RangeStoreOptions } from './range-store.js'

const collect = async (pages: AsyncIterable<readonly Item[]>): Promise<string[]> => {
  const keys: string[] = []
  for await (const page of pages) {
    expect(page.length).toBeGreaterThan(0)
    keys.push(...page.map(({ key }) => key))
  }
  return keys
}

const clocked = async (
  store: RangeStoreOptions,
  options: Partial<RangeListingOptions<Item>>,
): Promise<{ keys: string[]; requests: number; rounds: number; most: number }> => {
  const clock = clockedStore(store)
  const listing = rangeListing({ fetchPage: clock.fetchPage, ...options })
  const keys = await collect(listing)
  return { keys, requests: listing.requests, rounds: clock.rounds(), most: clock.most() }
}

const pagesOf = (keys: readonly string[], pageSize: number): number => Math.max(1, Math.ceil(keys.length / pageSize))

const stores = fc.record({ pageSize: fc.integer({ min: 1, max: 60 }), stops: fc.boolean(), cursors: fc.boolean() })
const concurrencies = fc.integer({ min: 1, max: 20 })

describe('rangeListing', () => {
  it('yields every key once and in order, at a bounded cost, whatever the keys are', async () => {
    const keySets = fc.oneof(
      fc.tuple(fc.constantFrom(...keyShapes), fc.integer({ min: 0, max: 1_200 })).map(([shape, n]) => keysOf(shape, n)),
      fc
        .uniqueArray(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 300 })
        .map((keys) => keys.sort(compareKeys)),
      fc
        .uniqueArray(
          fc.string({ unit: fc.constantFrom('a', '/', '\u{10ffff}', '\uffff', '\udc80', '\0'), maxLength: 6 }),
          {
            maxLength: 300,
          },
        )
        .map((keys) => keys.sort(compareKeys)),
    )
    await fc.assert(
      fc.asyncProperty(keySets, stores, concurrencies, async (keys, store, concurrency) => {
        const { keys: listed, requests, most } = await clocked({ ...store, keys }, { concurrency })
        expect(listed).toEqual(keys)
        expect(requests).toBeLessThanOrEqual(1.25 * pagesOf(keys, store.pageSize) + concurrency)
        expect(most).toBeLessThanOrEqual(concurrency)
      }),
      { numRuns: 150 },
    )
  })

  it('does so in whatever order the answers come', async () => {
    const delays = fc.infiniteStream(fc.integer({ min: 0, max: 12 }))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keyShapes),
        stores,
        concurrencies,
        delays,
        async (shape, store, concurrency, later) => {
          const keys = keysOf(shape, 600)
          let inFlight = 0
          const fetchPage = async (request: RangePageRequest): Promise<ReturnType<typeof pageOf>> => {
            expect(++inFlight).toBeLessThanOrEqual(concurrency)
            for (let turns = later.next().value as number; turns > 0; turns--) await turn()
            inFlight -= 1
            return pageOf({ ...store, keys }, request)
          }
          const listing = rangeListing({ fetchPage, concurrency })
          expect(await collect(listing)).toEqual(keys)
          expect(listing.requests).toBeLessThanOrEqual(1.25 * pagesOf(keys, store.pageSize) + concurrency)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('keeps to the range and to what it was asked to resume after', async () => {
    const bound = fc.option(fc.nat({ max: 400 }), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keyShapes),
        stores,
        concurrencies,
        fc.tuple(bound, bound, bound),
        async (shape, store, concurrency, [from, to, after]) => {
          const keys = keysOf(shape, 400)
          const key = (index: number | undefined): string | undefined => (index === undefined ? undefined : keys[index])
          const range = { from: key(from), to: key(to) }
          const { keys: listed } = await clocked({ ...store, keys }, { concurrency, range, after: key(after) })
          const start = Math.max(range.from === undefined ? 0 : from!, key(after) === undefined ? 0 : after! + 1)
          expect(listed).toEqual(keys.slice(start, Math.max(start, range.to === undefined ? keys.length : to!)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('asks once for what fits in a page, and not at all for an empty range', async () => {
    const keys = keysOf('hashes', 999)
    expect(await clocked({ keys, pageSize: 1_000 }, {})).toMatchObject({ requests: 1, rounds: 1 })
    expect(await clocked({ keys: [], pageSize: 1_000 }, {})).toMatchObject({ requests: 1, keys: [] })
    expect(await clocked({ keys, pageSize: 10 }, { range: { from: 'b', to: 'a' } })).toMatchObject({ requests: 0 })
    expect(await clocked({ keys, pageSize: 10 }, { after: 'b', range: { to: 'b' } })).toMatchObject({ requests: 0 })
  })

  it('lists page by page when one request may be in flight', async () => {
    const { requests, rounds } = await clocked({ keys: keysOf('hashes', 2_000), pageSize: 100 }, { concurrency: 1 })
    expect([requests, rounds]).toEqual([20, 20])
  })

  // Keys, pages (one by one as many rounds), rounds at most, requests at most: a little above what was measured.
  it.each([
    ['hashes', 100, 19, 120],
    ['hashes in folders', 100, 19, 120],
    ['base62', 100, 20, 120],
    ['counters', 100, 18, 112],
    ['counters from the middle', 100, 18, 112],
    ['dates', 100, 35, 133],
    ['timestamps', 100, 31, 124],
    ['users', 100, 26, 131],
    ['many small clusters', 100, 24, 128],
    ['unpadded counters', 100, 18, 115],
    ['unpadded counters', 200, 60, 240],
    ['few huge clusters', 100, 53, 130],
  ] as const)('takes few round trips for %s on %i pages', async (shape, pages, atMost, requestsAtMost) => {
    const keys = keysOf(shape, pages * 1_000)
    const { keys: listed, rounds, requests } = await clocked({ keys, pageSize: 1_000 }, { concurrency: 8 })
    expect(listed.length).toBe(keys.length)
    expect(rounds).toBeLessThanOrEqual(atMost)
    expect(requests).toBeLessThanOrEqual(requestsAtMost)
  })

  it('costs a few requests more when the keys end or are few', async () => {
    for (const shape of keyShapes) {
      const keys = keysOf(shape, 2_500)
      const { requests } = await clocked({ keys, pageSize: 1_000 }, { concurrency: 16 })
      expect(requests).toBeLessThanOrEqual(3 + 5)
    }
  })

  it('guesses bounds that have a UTF-8 form', async () => {
    const keys = [...new Set([...keysOf('Unicode', 3_000), ...keysOf('users', 2_000)])].sort(compareKeys)
    const clock = clockedStore({ keys, pageSize: 50 })
    const bounds: string[] = []
    const fetchPage = async (request: RangePageRequest): ReturnType<typeof clock.fetchPage> => {
      for (const bound of [request.after, request.to]) if (bound !== undefined) bounds.push(bound)
      return clock.fetchPage(request)
    }
    expect(await collect(rangeListing({ fetchPage }))).toEqual(keys)
    expect(bounds.filter((bound) => !keys.includes(bound)).length).toBeGreaterThan(10)
    expect(bounds.filter((bound) => !bound.isWellFormed())).toEqual([])
  })

  it('takes keys that come several times and pages that are empty, where the store gives tokens', async () => {
    const keys = keysOf('counters', 300).flatMap((key, i) => Array.from({ length: i % 50 === 7 ? 45 : 2 }, () => key))
    let empty = 0
    const fetchPage = async (request: RangePageRequest): Promise<ReturnType<typeof pageOf>> => {
      await turn()
      if (request.cursor?.startsWith('e') === false && ++empty % 3 === 0)
        return { items: [], more: true, cursor: `e${request.cursor}` }
      return pageOf({ keys, pageSize: 20, cursors: true }, { ...request, cursor: request.cursor?.replace('e', '') })
    }
    expect(await collect(rangeListing({ fetchPage, concurrency: 6 }))).toEqual(keys)
    expect(empty).toBeGreaterThan(3)
  })

  it('requests nothing before it is pulled, and no more than its window then', async () => {
    const keys = keysOf('counters', 20_000)
    const clock = clockedStore({ keys, pageSize: 100 })
    const listing = rangeListing({ fetchPage: clock.fetchPage, concurrency: 5 })
    const pages = listing[Symbol.asyncIterator]()
    for (let i = 0; i < 20; i++) await turn()
    expect(listing.requests).toBe(0)
    for (let pulled = 1; pulled <= 40; pulled++) {
      expect((await pages.next()).done).toBe(false)
      for (let i = 0; i < 30; i++) await turn()
      // Some requests bring less than a page; none is held more than twice the window ahead.
      expect(listing.requests).toBeLessThanOrEqual(pulled * 1.25 + 2 * 5 + 1)
    }
    expect(listing.requests).toBeGreaterThan(45)
    await pages.return?.()
  })

  it('holds no more than its window of any keys while the consumer pauses', async () => {
    for (const shape of keyShapes) {
      const clock = clockedStore({ keys: keysOf(shape, 5_000), pageSize: 20 })
      const listing = rangeListing({ fetchPage: clock.fetchPage, concurrency: 6 })
      const pages = listing[Symbol.asyncIterator]()
      await pages.next()
      for (let i = 0; i < 60; i++) await turn()
      // One page was yielded; the one that is next may come on top of the window.
      expect(listing.requests).toBeLessThanOrEqual(1 + 2 * 6 + 1)
      expect(listing.requests).toBeGreaterThan(1)
      await pages.return?.()
    }
  })

  it('throws the error of a request when its turn comes, after all keys before', async () => {
    const keys = keysOf('counters', 10_000)
    const clock = clockedStore({ keys, pageSize: 100 })
    const bad = keys[4_321]!
    const error = new BackupError({ code: 'throttled', message: 'slow down' })
    const fetchPage: typeof clock.fetchPage = async (request) => {
      const page = await clock.fetchPage(request)
      if (page.items.some(({ key }) => key === bad)) throw error
      return page
    }
    const listing = rangeListing({ fetchPage, concurrency: 8 })
    const listed: string[] = []
    await expect(async () => {
      for await (const page of listing) listed.push(...page.map(({ key }) => key))
    }).rejects.toBe(error)
    expect(listed).toEqual(keys.slice(0, listed.length))
    expect(listed.length).toBeGreaterThan(4_200)
    expect(listed.length).toBeLessThanOrEqual(4_321)
    const rest = rangeListing({ fetchPage: clock.fetchPage, after: listed.at(-1)! })
    expect([...listed, ...(await collect(rest))]).toEqual(keys)
  })

  describe('with requests that hang', () => {
    const hanging = (
      answers: number,
    ): {
      fetchPage: (request: RangePageRequest) => Promise<ReturnType<typeof pageOf>>
      pending: Set<AbortSignal[]>
    } => {
      const keys = keysOf('counters', 10_000)
      const pending = new Set<AbortSignal[]>()
      let count = 0
      return {
        pending,
        fetchPage: (request) => {
          if (count++ < answers) return Promise.resolve(pageOf({ keys, pageSize: 100 }, request))
          return new Promise((_, reject) => {
            const entry = [request.signal]
            pending.add(entry)
            request.signal.addEventListener(
              'abort',
              () => {
                pending.delete(entry)
                reject(request.signal.reason as Error)
              },
              { once: true },
            )
          })
        },
      }
    }

    const watchProcess = (): unknown[] => {
      const seen: unknown[] = []
      const note = (value: unknown): number => seen.push(value)
      process.on('unhandledRejection', note)
      process.on('warning', note)
      onTestFinished(() => {
        process.off('unhandledRejection', note)
        process.off('warning', note)
      })
      return seen
    }

    it('rejects with the reason on abort and leaves nothing behind', async () => {
      const seen = watchProcess()
      const { fetchPage, pending } = hanging(20)
      const controller = new AbortController()
      const listing = rangeListing({ fetchPage, signal: controller.signal, concurrency: 16 })
      const listed = collect(listing)
      while (pending.size < 2) await turn()
      expect(getEventListeners(controller.signal, 'abort').length).toBe(1)
      const reason = new Error('enough')
      controller.abort(reason)
      await expect(listed).rejects.toBe(reason)
      expect(pending.size).toBe(0)
      expect(getEventListeners(controller.signal, 'abort').length).toBe(0)
      const { requests } = listing
      for (let i = 0; i < 20; i++) await turn()
      expect(listing.requests).toBe(requests)
      expect(seen).toEqual([])
      await expect(collect(listing)).rejects.toBe(reason)
      expect(listing.requests).toBe(requests)
    })

    it('tells an abort at the next pull, when nobody waits', async () => {
      const { fetchPage, pending } = hanging(1_000)
      const controller = new AbortController()
      const pages = rangeListing({ fetchPage, signal: controller.signal })[Symbol.asyncIterator]()
      await pages.next()
      controller.abort(new Error('enough'))
      await expect(pages.next()).rejects.toThrow('enough')
      expect(pending.size).toBe(0)
    })

    it('ends promptly when a request does not listen to its signal', async () => {
      const controller = new AbortController()
      const listed = collect(rangeListing({ fetchPage: () => new Promise(() => undefined), signal: controller.signal }))
      await turn()
      controller.abort(new Error('enough'))
      await expect(listed).rejects.toThrow('enough')
    })

    it('aborts what is in flight when the consumer leaves', async () => {
      const seen = watchProcess()
      const { fetchPage, pending } = hanging(20)
      const controller = new AbortController()
      for await (const _ of rangeListing({ fetchPage, signal: controller.signal })) {
        await turn()
        if (pending.size > 0) break
      }
      expect(pending.size).toBe(0)
      expect(getEventListeners(controller.signal, 'abort').length).toBe(0)
      await turn()
      expect(seen).toEqual([])
    })
  })

  it('says at once when the concurrency makes no sense', () => {
    for (const concurrency of [0, -1, 1.5, Number.NaN]) {
      const wrong = (): unknown => rangeListing({ fetchPage: async () => ({ items: [], more: false }), concurrency })
      expect(wrong).toThrow(expect.objectContaining({ code: 'invalid-config' }))
    }
  })

  it.each([
    ['keys out of order', { items: [{ key: 'b' }, { key: 'a' }], more: false }, '"a" after "b"'],
    ['a page without keys and without a token', { items: [], more: true }, 'no key to go on after'],
    ['a page that comes again', { items: [{ key: 'a' }], more: true }, 'no key to go on after'],
    ['a token that comes again', { items: [{ key: 'a' }], more: true, cursor: 'x' }, 'token'],
  ])('refuses %s', async (_, page, message) => {
    const listed = collect(rangeListing({ fetchPage: async () => page }))
    await expect(listed).rejects.toMatchObject({ code: 'contract' })
    await expect(listed).rejects.toThrow(message)
  })

  it('refuses pages that go back behind a token', async () => {
    const fetchPage = async ({ cursor }: RangePageRequest): Promise<ReturnType<typeof pageOf>> =>
      cursor === undefined
        ? { items: [{ key: 'a' }, { key: 'c' }], more: true, cursor: 'x' }
        : { items: [{ key: 'b' }], more: false }
    await expect(collect(rangeListing({ fetchPage }))).rejects.toMatchObject({ code: 'contract' })
  })
})

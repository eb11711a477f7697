import type { ByteRange, JsonValue, ObjectBody } from '../../../src/source/index.js'
import type { MemorySource } from '../../../src/testing/index.js'
import { but, type Mutant, withBodies } from './mutant.js'

const keyOf = (ref: JsonValue): string => (ref as { readonly key: string }).key

/** The source with ranges changed before they are read, and told as they were asked for. */
const ranged =
  (change: (range: ByteRange, size: number) => ByteRange | undefined): Mutant['make'] =>
  (memory) =>
    but(memory, {
      read: async (ref, { range, signal } = {}) => {
        if (range === undefined) return memory.read(ref, { signal })
        const { size = 0 } = await memory.stat(ref)
        return { ...(await memory.read(ref, { signal, range: change(range, size) })), range }
      },
    })

/** The source with bodies that are cut or drawn out, where they have more than 65,536 bytes. */
const longBodies =
  (change: (body: AsyncIterable<Uint8Array>, opened: ObjectBody) => AsyncIterable<Uint8Array>): Mutant['make'] =>
  (memory) =>
    withBodies(memory, (opened) =>
      opened.range === undefined && opened.info.key.endsWith('-65537') ? change(opened.body, opened) : opened.body,
    )

/** Bodies in which what is read next follows from the present state of the store, not from the version that was opened. */
const unpinned = (memory: MemorySource, key: string, from: number): AsyncIterable<Uint8Array> =>
  (async function* () {
    for (let at = from; at < memory.bytes(key).length; at += 65_536) yield memory.bytes(key).slice(at, at + 65_536)
  })()

export const readingMutants: readonly Mutant[] = [
  {
    name: 'ends a body early, and just ends',
    caught: ['read-whole'],
    make: longBodies(async function* (body) {
      for await (const chunk of body) {
        yield chunk
        return
      }
    }),
  },
  {
    name: 'gives more bytes than there are',
    caught: ['read-whole'],
    make: longBodies(async function* (body) {
      yield* body
      yield new Uint8Array(1)
    }),
  },
  {
    name: 'gives bytes without end',
    caught: ['read-whole'],
    make: longBodies(async function* () {
      for (;;) yield new Uint8Array(1_000)
    }),
  },
  {
    name: 'swaps two bytes at the end of a chunk',
    caught: ['read-whole'],
    make: longBodies(async function* (body) {
      for await (const chunk of body) {
        const last = chunk.length - 1
        if (last > 0) [chunk[last], chunk[last - 1]] = [chunk[last - 1]!, chunk[last]!]
        yield chunk
      }
    }),
  },
  {
    name: 'gives text instead of bytes',
    caught: ['read-whole'],
    make: longBodies(async function* (body) {
      for await (const chunk of body) yield Buffer.from(chunk).toString() as unknown as Uint8Array
    }),
  },
  {
    name: 'tells the info of another object',
    caught: ['read-whole'],
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          const opened = await memory.read(ref, options)
          return opened.info.key === 'sizes/of-1' ? { ...opened, info: { ...opened.info, key: 'sizes/of-0' } } : opened
        },
      }),
  },
  {
    name: 'tells a range where all bytes were asked for',
    caught: ['read-whole'],
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          const opened = await memory.read(ref, options)
          return opened.info.key === 'sizes/of-1' ? { ...opened, range: { start: 0, end: 1 } } : opened
        },
      }),
  },
  {
    name: 'starts ranges one byte late',
    caught: ['range-bytes'],
    make: ranged(({ start, end }) => ({ start: Math.min(start + 1, end), end })),
  },
  {
    name: 'ends ranges one byte late, as HTTP does',
    caught: ['range-beyond', 'range-bytes', 'range-empty'],
    make: ranged(({ start, end }, size) => ({ start, end: Math.min(end + 1, size) })),
  },
  {
    name: 'ends ranges one byte early',
    caught: ['range-beyond', 'range-bytes'],
    make: ranged(({ start, end }) => ({ start, end: Math.max(start, end - 1) })),
  },
  { name: 'ignores ranges', caught: ['range-beyond', 'range-bytes', 'range-empty'], make: ranged(() => undefined) },
  {
    name: 'takes an empty range for none',
    caught: ['range-empty'],
    make: ranged((range) => (range.start === range.end ? undefined : range)),
  },
  {
    name: 'cuts ranges at the end of the object',
    caught: ['range-beyond'],
    make: ranged(({ start, end }, size) => ({ start: Math.min(start, size), end: Math.min(end, size) })),
  },
  {
    name: 'does not tell the range that it served',
    caught: ['range-bytes', 'range-empty'],
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          const { range: _, ...opened } = await memory.read(ref, options)
          return opened
        },
      }),
  },
  {
    name: 'reads although it was aborted',
    caught: ['abort-read-before', 'abort-read-during'],
    make: (memory) => but(memory, { read: (ref, { signal: _, ...options } = {}) => memory.read(ref, options) }),
  },
  {
    name: 'looks at its signal only when it opens',
    caught: ['abort-read-during'],
    make: (memory) =>
      but(memory, {
        read: async (ref, { signal, ...options } = {}) => {
          signal?.throwIfAborted()
          return memory.read(ref, options)
        },
      }),
  },
  {
    name: 'rejects an aborted read with an error of its own',
    caught: ['abort-read-before'],
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          if (options?.signal?.aborted === true) throw new DOMException('The operation was aborted', 'AbortError')
          return memory.read(ref, options)
        },
      }),
  },
  {
    name: 'hangs when a read is aborted',
    caught: ['abort-read-before'],
    harness: { promptMs: 100 },
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          if (options?.signal?.aborted === true) await new Promise(() => undefined)
          return memory.read(ref, options)
        },
      }),
  },
  {
    name: 'ends an aborted body as if it were complete',
    caught: ['abort-read-during'],
    make: (memory) =>
      but(memory, {
        read: async (ref, { signal, ...options } = {}) => {
          signal?.throwIfAborted()
          const opened = await memory.read(ref, options)
          const body = async function* (): AsyncGenerator<Uint8Array> {
            for await (const chunk of opened.body) {
              if (signal?.aborted === true) return
              yield chunk
            }
          }
          return { ...opened, body: body() }
        },
      }),
  },
  {
    name: 'reads whatever version is there',
    caught: ['pinned-since-listing'],
    make: (memory) => but(memory, { read: async (ref, options) => memory.read((await memory.stat(ref)).ref, options) }),
  },
  {
    name: 'reads a mixture of two versions',
    caught: ['pinned-while-reading'],
    make: (memory) =>
      withBodies(memory, (opened, signal) =>
        opened.info.key === 'large' && signal === undefined ? unpinned(memory, 'large', 0) : opened.body,
      ),
  },
  {
    name: 'says corrupt where an object changed',
    caught: ['pinned-while-reading'],
    make: (memory) =>
      withBodies(memory, async function* ({ body }) {
        try {
          yield* body
        } catch (error) {
          throw (error as { code?: string }).code === 'changed' ? new TypeError('bad bytes') : error
        }
      }),
  },
  {
    name: 'overwrites a chunk before the next one is asked for',
    caught: ['read-chunk-lifetime'],
    make: (memory) =>
      withBodies(memory, async function* ({ body, info }) {
        for await (const chunk of body) {
          if (info.key === 'large') setTimeout(() => chunk.fill(0), 1)
          yield chunk
        }
      }),
  },
  {
    name: 'shares one position between two reads',
    caught: ['read-parallel'],
    make: (memory) => {
      const bodies = new Map<string, AsyncIterator<Uint8Array>>()
      return withBodies(memory, ({ body, info, range }) => {
        if (range !== undefined || !info.key.startsWith('at-once')) return body
        const shared = bodies.get(info.key) ?? body[Symbol.asyncIterator]()
        bodies.set(info.key, shared)
        return { [Symbol.asyncIterator]: () => shared }
      })
    },
  },
  {
    name: 'reads nothing from an object that is gone',
    caught: ['read-gone'],
    make: (memory) =>
      but(memory, {
        read: async (ref, options) => {
          try {
            return await memory.read(ref, options)
          } catch (error) {
            if ((error as { code?: string }).code !== 'not-found') throw error
            return { info: { key: keyOf(ref), ref, kind: 'object' }, body: none() }
          }
        },
      }),
  },
]

async function* none(): AsyncGenerator<Uint8Array> {}

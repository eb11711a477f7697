import type { Digest } from '../../../src/digest/index.js'
import { BackupError } from '../../../src/errors.js'
import type { JsonValue, ObjectEntry, ObjectInfo, SourceTraits } from '../../../src/source/index.js'
import { but, type Mutant, withEntries, withPages } from './mutant.js'

const keyOf = (ref: JsonValue): string | undefined => (ref as { readonly key?: string } | null)?.key

const DIGESTS = { digests: [{ algorithm: 'md5', provenance: 'claimed' }] } as const
const DIGEST_TRAITS: Partial<SourceTraits> = {
  listingDigests: [{ algorithm: 'md5', provenance: 'claimed' }],
  statDigests: [{ algorithm: 'md5', provenance: 'claimed' }],
}

/** The entry with each of its digests changed. */
const withDigests = <E extends ObjectEntry>(entry: E, change: Partial<Digest>): E =>
  entry.digests === undefined ? entry : { ...entry, digests: entry.digests.map((digest) => ({ ...digest, ...change })) }

export const statingMutants: readonly Mutant[] = [
  {
    name: 'tells another size in stat than in the listing',
    caught: ['stat-agrees', 'stat-size'],
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => {
          const info = await memory.stat(ref, options)
          return info.key === 'sizes/of-1500000' ? { ...info, size: 1_499_999 } : info
        },
      }),
  },
  {
    name: 'tells no size in stat',
    caught: ['stat-agrees', 'stat-fresh-ref', 'stat-size'],
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => {
          const { size: _, ...info } = await memory.stat(ref, options)
          return info
        },
      }),
  },
  {
    name: 'tells another version in stat than in the listing',
    caught: ['stat-agrees'],
    make: (memory) =>
      but(memory, { stat: async (ref, options) => ({ ...(await memory.stat(ref, options)), version: 'x' }) }),
  },
  {
    name: 'gives its old ref back from stat',
    caught: ['stat-fresh-ref'],
    make: (memory) => but(memory, { stat: async (ref, options) => ({ ...(await memory.stat(ref, options)), ref }) }),
  },
  {
    name: 'keeps what stat told once',
    caught: ['abort-stat', 'dispose-ends', 'stat-fresh-ref', 'stat-gone'],
    make: (memory) => {
      const kept = new Map<string, ObjectInfo>()
      return but(
        withPages(memory, (page) => {
          for (const entry of page) kept.set(entry.key, entry)
          return [page]
        }),
        {
          stat: async (ref, options) => kept.get(keyOf(ref) ?? '') ?? memory.stat(ref, options),
        },
      )
    },
  },
  {
    name: 'tells of an object that is gone in stat',
    caught: ['stat-gone'],
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => {
          try {
            return await memory.stat(ref, options)
          } catch (error) {
            if ((error as { code?: string }).code !== 'not-found') throw error
            return { key: keyOf(ref) ?? '', ref, kind: 'object' }
          }
        },
      }),
  },
  {
    name: 'calls what is gone unavailable',
    caught: ['read-gone', 'stat-gone'],
    make: (memory) =>
      but(memory, {
        stat: (ref, options) => memory.stat(ref, options).catch(unavailable),
        read: (ref, options) => memory.read(ref, options).catch(unavailable),
      }),
  },
  {
    name: 'asks to try again for what is gone',
    caught: ['stat-gone'],
    make: (memory) =>
      but(memory, {
        stat: (ref, options) => memory.stat(ref, options).catch(retryLater),
      }),
  },
  {
    name: 'rejects foreign refs with a TypeError',
    caught: ['ref-foreign'],
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => {
          if (keyOf(ref) === undefined) throw new TypeError('Cannot read properties of undefined')
          return memory.stat(ref, options)
        },
      }),
  },
  {
    name: 'tells the access key of its options in an error',
    caught: ['errors-secret-free'],
    harness: { secrets: ['a1b2c3-the-secret'] },
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => {
          if (keyOf(ref) !== undefined) return memory.stat(ref, options)
          throw new BackupError({ code: 'invalid-config', message: 'no ref for a1b2c3-the-secret' })
        },
      }),
  },
  {
    name: 'tells in stat although it was aborted',
    caught: ['abort-stat'],
    make: (memory) => but(memory, { stat: (ref, { signal: _, ...options } = {}) => memory.stat(ref, options) }),
  },
  {
    name: 'lists digests that are not those of the bytes',
    caught: ['listing-digests'],
    options: DIGESTS,
    traits: DIGEST_TRAITS,
    make: (memory) => withPages(memory, (page) => [page.map((entry) => withDigests(entry, { value: '0'.repeat(32) }))]),
  },
  {
    name: 'lists digests in capital letters',
    caught: ['listing-digests'],
    options: DIGESTS,
    traits: DIGEST_TRAITS,
    make: (memory) =>
      withPages(memory, (page) => [
        page.map((entry) => withDigests(entry, { value: entry.digests?.[0]?.value.toUpperCase() ?? '' })),
      ]),
  },
  {
    name: 'gives wrong digests in stat',
    caught: ['stat-digests'],
    options: DIGESTS,
    traits: DIGEST_TRAITS,
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => withDigests(await memory.stat(ref, options), { value: '0'.repeat(32) }),
      }),
  },
  {
    name: 'says that the service vouches for what a client claimed',
    caught: ['listing-digests-declared', 'stat-digests-declared'],
    options: DIGESTS,
    traits: DIGEST_TRAITS,
    make: (memory) => withEntries(memory, (entry) => withDigests(entry, { provenance: 'service' })),
  },
  {
    name: 'calls a stored digest computed',
    caught: ['listing-digests-declared', 'stat-digests-declared'],
    options: DIGESTS,
    traits: {},
    make: (memory) =>
      but(
        withEntries(memory, (entry) => withDigests(entry, { provenance: 'computed' })),
        {
          describe: async (options) =>
            Object.freeze({ ...(await memory.describe(options)), listingDigests: NONE, statDigests: NONE }),
        },
      ),
  },
  {
    name: 'promises digests that it does not list',
    caught: ['listing-digests-declared'],
    options: DIGESTS,
    traits: DIGEST_TRAITS,
    make: (memory) => withPages(memory, (page) => [page.map(({ digests: _, ...entry }) => entry)]),
  },
  {
    name: 'gives promised digests for small objects only',
    caught: ['stat-digests-declared'],
    options: DIGESTS,
    traits: DIGEST_TRAITS,
    make: (memory) =>
      but(memory, {
        stat: async (ref, options) => {
          const info = await memory.stat(ref, options)
          const { digests: _, ...bare } = info
          return (info.size ?? 0) > 1 ? bare : info
        },
      }),
  },
]

const NONE: readonly never[] = Object.freeze([])

const unavailable = (error: unknown): never => {
  if ((error as { code?: string }).code !== 'not-found') throw error
  throw new BackupError({ code: 'unavailable', message: 'try again' })
}

const retryLater = (error: unknown): never => {
  if ((error as { code?: string }).code !== 'not-found') throw error
  throw new BackupError({ code: 'not-found', message: 'try again', retryable: true })
}

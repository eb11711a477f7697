import { but, type Mutant, withEntries } from './mutant.js'

const secretInRef = 'a1b2c3-the-secret'

export const describingMutants: readonly Mutant[] = [
  {
    name: 'speaks another version of the contract',
    caught: ['spec-version'],
    make: (memory) => but(memory, { specVersion: 'v2' as 'v1' }),
  },
  {
    name: 'leaks a password in its URI',
    caught: ['uri-secret-free'],
    make: (memory) => but(memory, { uri: 'memory://user:hunter2@objects' }),
  },
  {
    name: 'leaks a signature in its URI',
    caught: ['uri-secret-free'],
    make: (memory) => but(memory, { uri: 'memory://objects?sig=abcdef' }),
  },
  {
    name: 'leaks the access key of its options in its URI',
    caught: ['uri-secret-free'],
    harness: { secrets: [secretInRef] },
    make: (memory) => but(memory, { uri: `memory://objects/${secretInRef}` }),
  },
  {
    name: 'has a URI that is not canonical',
    caught: ['uri-canonical'],
    make: (memory) => but(memory, { uri: 'MEMORY://objects' }),
  },
  {
    name: 'has a path where a URI must be',
    caught: ['uri-canonical'],
    make: (memory) => but(memory, { uri: '/srv/objects' }),
  },
  {
    name: 'gives traits that are not frozen',
    caught: ['traits-frozen'],
    make: (memory) => but(memory, { describe: async (options) => ({ ...(await memory.describe(options)) }) }),
  },
  {
    name: 'gives frozen traits with a list that is not',
    caught: ['traits-frozen'],
    make: (memory) =>
      but(memory, {
        describe: async (options) => Object.freeze({ ...(await memory.describe(options)), statDigests: [] }),
      }),
  },
  {
    name: 'has other traits than its author says',
    caught: ['traits-as-promised'],
    make: (memory) =>
      but(memory, {
        describe: async (options) => Object.freeze({ ...(await memory.describe(options)), maxKeyBytes: 9 }),
      }),
  },
  {
    name: 'describes itself anew each time',
    caught: ['describe-stable'],
    make: (memory) => {
      let times = 0
      return but(memory, {
        describe: async (options) => Object.freeze({ ...(await memory.describe(options)), place: `${times++}` }),
      })
    },
  },
  {
    name: 'describes itself although it was aborted',
    caught: ['abort-describe'],
    make: (memory) => but(memory, { describe: () => memory.describe() }),
  },
  {
    name: 'has a member that nobody said it has',
    caught: ['members-as-promised'],
    make: (memory) => but(memory, { localFile: () => undefined }),
  },
  {
    name: 'gives refs that are no JSON',
    caught: ['refs-json', 'stat-ref'],
    make: (memory) =>
      withEntries(memory, (entry) => ({
        ...entry,
        ref: { ...(entry.ref as object), modified: new Date(0) as unknown as string },
      })),
  },
  {
    name: 'gives refs that do not survive JSON',
    caught: ['read-by-json-ref', 'refs-json', 'stat-ref'],
    make: (memory) => {
      const wrap = withEntries(memory, (entry) => ({
        ...entry,
        ref: new Map([['ref', entry.ref]]) as unknown as string,
      }))
      const unwrap = (ref: unknown): string => (ref instanceof Map ? (ref.get('ref') as string) : 'lost')
      return but(wrap, {
        stat: (ref, options) => wrap.stat(unwrap(ref), options),
        read: (ref, options) => wrap.read(unwrap(ref), options),
      })
    },
  },
  {
    name: 'keeps a signed URL in its refs',
    caught: ['refs-secret-free'],
    make: (memory) =>
      withEntries(memory, (entry) => ({
        ...entry,
        ref: { ...(entry.ref as object), url: 'https://host/object?X-Amz-Signature=abcdef' },
      })),
  },
  {
    name: 'keeps the access key of its options in its refs',
    caught: ['refs-secret-free'],
    harness: { secrets: [secretInRef] },
    make: (memory) =>
      withEntries(memory, (entry) => ({ ...entry, ref: { ...(entry.ref as object), as: secretInRef } })),
  },
]

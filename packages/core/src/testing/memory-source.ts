import { BackupError, type ErrorCode } from '../errors.js'
import { inRange } from '../report/coverage.js'
import type {
  BackupSource,
  ByteRange,
  CallOptions,
  ListOptions,
  ReadOptions,
  StatOptions,
} from '../source/backup-source.js'
import type { JsonValue, ObjectEntry, ObjectInfo } from '../source/entry.js'
import { compareKeys, escapeKey, keyToBytes } from '../source/key.js'
import type { SourceTraits } from '../source/traits.js'
import { type MemoryContent, type MemoryDigest, type StoredObject, storedDigests, toBytes } from './memory-object.js'
import { orderKeys } from './memory-order.js'

export interface MemorySourceOptions {
  /** Default `memory://objects`. */
  readonly uri?: string | undefined
  /** The order of listings, declared and kept. `none` shuffles. Default `utf8`. */
  readonly order?: 'utf8' | 'utf16' | 'path' | 'none' | undefined
  /** Seed of the shuffle. Default 1. */
  readonly seed?: number | undefined
  /** Default 1,000. */
  readonly pageSize?: number | undefined
  /** Bytes of a chunk of a body. Default 65,536. */
  readonly chunkSize?: number | undefined
  /** Digests that the source stores for every object. Default: none. */
  readonly digests?: readonly MemoryDigest[] | undefined
  /** Further traits, over those that follow from the other options. */
  readonly traits?: Partial<SourceTraits> | undefined
}

/** A source over a map, with the means to change it while it is used. */
export interface MemorySource extends BackupSource {
  /** Adds an object or puts a new version in place of the old; a read that is open then throws `changed`. */
  readonly set: (key: string, content: MemoryContent) => void
  readonly delete: (key: string) => void
  /** Changes the bytes and nothing else: version and stored digests stay, as when a disk rots. */
  readonly rot: (key: string, bytes: Uint8Array | string) => void
  /** The present bytes. */
  readonly bytes: (key: string) => Uint8Array
}

/** A real source that keeps its objects in memory: for tests of engines, and as an example of the contract. */
export const memorySource = (
  objects: Readonly<Record<string, MemoryContent>> | Iterable<readonly [string, MemoryContent]> = {},
  options: MemorySourceOptions = {},
): MemorySource => {
  const uri = options.uri ?? 'memory://objects'
  const order = options.order ?? 'utf8'
  const pageSize = options.pageSize ?? 1_000
  const chunkSize = options.chunkSize ?? 65_536
  const native = options.digests ?? []
  const shownIn = (place: 'listing' | 'stat'): readonly MemoryDigest[] =>
    native.filter((digest) => (digest.in ?? 'both') === 'both' || digest.in === place)
  const traits: SourceTraits = Object.freeze({
    keyOrder: order,
    access: 'random',
    pinning: 'version',
    listingDigests: frozenDigests(shownIn('listing')),
    statDigests: frozenDigests(shownIn('stat')),
    rangeReads: true,
    versions: false,
    readCost: 'free',
    ...options.traits,
  })
  const stored = new Map<string, StoredObject>()
  let versions = 0
  let closed = false

  const fail = (code: ErrorCode, operation: string, key: string, what: string): BackupError =>
    new BackupError({
      code,
      message: `${escapeKey(key)} of ${uri} ${what}.`,
      provider: 'memory',
      operation,
      subject: key,
    })

  const begin = (callOptions: CallOptions | undefined, operation: string): void => {
    callOptions?.signal?.throwIfAborted()
    if (closed)
      throw new BackupError({
        code: 'invalid-config',
        message: `${uri} was closed before ${operation}.`,
        provider: 'memory',
        operation,
      })
  }

  const set = (key: string, content: MemoryContent): void => {
    if (key === '' || key.startsWith('/'))
      throw fail('invalid-config', 'set', key, 'is no key: keys are relative and not empty')
    const object = typeof content === 'string' || content instanceof Uint8Array ? { bytes: content } : content
    versions += 1
    stored.set(key, { object, version: `v${versions}`, bytes: toBytes(object.bytes ?? '') })
  }

  const find = (key: string, operation: string): StoredObject => {
    const found = stored.get(key)
    if (found === undefined) throw fail('not-found', operation, key, 'is not there')
    return found
  }

  const entryOf = async (key: string, found: StoredObject, place: 'listing' | 'stat'): Promise<ObjectEntry> => {
    const { kind = 'object', modified, linkTarget, problem, excluded } = found.object
    const digests = kind === 'object' ? (await storedDigests(found, native))[place] : []
    return {
      key,
      ...(!key.isWellFormed() && { keyBytes: keyToBytes(key) }),
      ref: { key, version: found.version },
      kind,
      ...(kind === 'object' && { size: found.bytes.length }),
      version: found.version,
      ...(modified !== undefined && { modified }),
      ...(digests.length > 0 && { digests }),
      ...(linkTarget !== undefined && { linkTarget }),
      ...(problem !== undefined && { problem }),
      ...(excluded !== undefined && { excluded }),
    }
  }

  async function* list(listOptions: ListOptions = {}): AsyncGenerator<readonly ObjectEntry[]> {
    begin(listOptions, 'list')
    const { after, range, signal } = listOptions
    if (listOptions.versions === true)
      throw new BackupError({
        code: 'unsupported',
        message: `${uri} keeps no versions.`,
        provider: 'memory',
        operation: 'list',
      })
    let keys = orderKeys(stored.keys(), order, options.seed ?? 1)
    if (range !== undefined) keys = keys.filter((key) => inRange(key, range))
    if (after !== undefined) keys = keys.filter((key) => compareKeys(key, after) > 0)
    for (let at = 0; at < keys.length; at += pageSize) {
      const page: ObjectEntry[] = []
      for (const key of keys.slice(at, at + pageSize)) {
        const found = stored.get(key)
        if (found !== undefined) page.push(await entryOf(key, found, 'listing'))
      }
      signal?.throwIfAborted()
      if (page.length > 0) yield page
    }
  }

  const infoOf = async (key: string, found: StoredObject): Promise<ObjectInfo> => {
    const { metadata } = found.object
    return { ...(await entryOf(key, found, 'stat')), ...(metadata !== undefined && { metadata }) }
  }

  async function* body(
    key: string,
    found: StoredObject,
    { start, end }: ByteRange,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    const check = (): void => {
      signal?.throwIfAborted()
      if (stored.get(key) !== found) throw fail('changed', 'read', key, 'changed while it was read')
    }
    // One buffer for all chunks, as the contract permits: whoever keeps a chunk finds out.
    const chunk = new Uint8Array(Math.min(chunkSize, end - start))
    for (let at = start; at < end; at += chunk.length) {
      check()
      const piece = found.bytes.subarray(at, Math.min(at + chunk.length, end))
      chunk.set(piece)
      yield chunk.subarray(0, piece.length)
    }
    check()
  }

  for (const [key, content] of Symbol.iterator in objects ? objects : Object.entries(objects)) set(key, content)
  return {
    specVersion: 'v1',
    uri,
    describe: async (callOptions) => {
      begin(callOptions, 'describe')
      return traits
    },
    list,
    stat: async (ref, statOptions?: StatOptions) => {
      begin(statOptions, 'stat')
      const { key } = readRef(ref)
      return infoOf(key, find(key, 'stat'))
    },
    read: async (ref, readOptions: ReadOptions = {}) => {
      begin(readOptions, 'read')
      const { key, version } = readRef(ref)
      const found = find(key, 'read')
      if (found.version !== version)
        throw fail('changed', 'read', key, `is version ${found.version} by now, not ${version}`)
      if ((found.object.kind ?? 'object') !== 'object')
        throw fail('unsupported', 'read', key, `is a ${found.object.kind} and has no bytes`)
      const { range } = readOptions
      const size = found.bytes.length
      if (range !== undefined && !(range.start >= 0 && range.start <= range.end && range.end <= size)) {
        throw fail(
          'invalid-config',
          'read',
          key,
          `has ${size} bytes; the range ${range.start} to ${range.end} does not lie within`,
        )
      }
      const info = await infoOf(key, found)
      return {
        info,
        ...(range !== undefined && { range }),
        body: body(key, found, range ?? { start: 0, end: size }, readOptions.signal),
      }
    },
    [Symbol.asyncDispose]: async () => {
      closed = true
    },
    set,
    delete: (key) => {
      find(key, 'delete')
      stored.delete(key)
    },
    rot: (key, bytes) => {
      const found = find(key, 'rot')
      // Digests that were not asked for yet are those of the bytes before.
      void storedDigests(found, native)
      found.bytes = toBytes(bytes)
    },
    bytes: (key) => find(key, 'bytes').bytes,
  }
}

const frozenDigests = (digests: readonly MemoryDigest[]): SourceTraits['listingDigests'] =>
  Object.freeze(digests.map(({ algorithm, provenance }) => Object.freeze({ algorithm, provenance })))

const readRef = (ref: JsonValue): { readonly key: string; readonly version: string } => {
  const { key, version } = (typeof ref === 'object' && ref !== null ? ref : {}) as Readonly<Record<string, JsonValue>>
  if (typeof key === 'string' && typeof version === 'string') return { key, version }
  throw new BackupError({
    code: 'invalid-config',
    message: `${JSON.stringify(ref)} is no ref of a memory source.`,
    provider: 'memory',
  })
}

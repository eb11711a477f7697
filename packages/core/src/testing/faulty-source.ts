import { BackupError } from '../errors.js'
import { sleep } from '../run/abort.js'
import type { BackupSource, ObjectBody } from '../source/backup-source.js'
import type { JsonValue, ObjectEntry } from '../source/entry.js'

/** The call that a fault hits. `body`: the iteration over the bytes of a read that was opened. */
export type FaultPlace = 'describe' | 'list' | 'stat' | 'read' | 'body'

export interface FaultWhere {
  readonly at: FaultPlace
  /** Of `list`: the page, from 0, counted anew in each listing. Default: before the first. */
  readonly page?: number | undefined
  /** Of `stat`, `read` and `body`: the key. Default: every key. */
  readonly key?: string | undefined
  /** Of `body`: bytes that come through before. Default 0. */
  readonly after?: number | undefined
  /** How often the fault strikes; then all is well. Default: always. */
  readonly times?: number | undefined
}

export interface FaultKey {
  readonly key: string
  readonly times?: number | undefined
}

/** One thing that goes wrong. The first four break a call; the others break a promise that the contract makes. */
export type Fault =
  | ({ readonly kind: 'error'; readonly error: Error } & FaultWhere)
  /** Waits until the call's signal aborts; for ever without one. */
  | ({ readonly kind: 'stall' } & FaultWhere)
  | ({ readonly kind: 'latency'; readonly ms: number } & FaultWhere)
  /** The body throws `changed` after that many bytes. */
  | ({ readonly kind: 'changed'; readonly after?: number | undefined } & FaultKey)
  /** The body just ends after that many bytes. */
  | ({ readonly kind: 'short-body'; readonly bytes: number } & FaultKey)
  /** The body has that many zero bytes too many. */
  | ({ readonly kind: 'long-body'; readonly bytes: number } & FaultKey)
  /** One bit of the body is another, at that offset. */
  | ({ readonly kind: 'flipped-bit'; readonly offset: number } & FaultKey)
  /** Listing, stat and body tell this size. */
  | ({ readonly kind: 'wrong-size'; readonly size: number } & FaultKey)
  /** The listing shows the key twice in a row. */
  | ({ readonly kind: 'duplicate' } & FaultKey)
  /** The entries of a page, from 0, come in reverse. */
  | { readonly kind: 'disorder'; readonly page: number; readonly times?: number | undefined }

/** `source`, with faults. Entries of the result carry refs of its own; `localFile` is offered for keys without a fault. */
export const faultySource = (source: BackupSource, faults: readonly Fault[]): BackupSource => {
  const left = new Map(faults.map((fault) => [fault, fault.times ?? Number.POSITIVE_INFINITY]))
  const strikes = (fault: Fault): boolean => {
    const times = left.get(fault)!
    left.set(fault, times - 1)
    return times > 0
  }
  const of = <K extends Fault['kind']>(kind: K, key: string): Extract<Fault, { kind: K }> | undefined =>
    faults.find(
      (fault): fault is Extract<Fault, { kind: K }> =>
        fault.kind === kind && 'key' in fault && fault.key === key && strikes(fault),
    )

  const gate = async (
    at: FaultPlace,
    where: { key?: string; page?: number; offset?: number },
    given: AbortSignal | undefined,
  ): Promise<void> => {
    const signal = given ?? new AbortController().signal
    for (const fault of faults) {
      if (!('at' in fault) || fault.at !== at) continue
      if (fault.key !== undefined && fault.key !== where.key) continue
      if (at === 'list' && (fault.page ?? 0) !== where.page) continue
      if (at === 'body' && (fault.after ?? 0) !== where.offset) continue
      if (!strikes(fault)) continue
      if (fault.kind === 'error') throw fault.error
      if (fault.kind === 'latency') await sleep(fault.ms, signal)
      if (fault.kind === 'stall') await untilAborted(signal)
    }
  }

  const disguise = <E extends ObjectEntry>(entry: E): E => {
    const wrong = of('wrong-size', entry.key)
    return { ...entry, ref: { key: entry.key, ref: entry.ref }, ...(wrong !== undefined && { size: wrong.size }) }
  }

  async function* body(
    key: string,
    inner: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    const changed = of('changed', key)
    const short = of('short-body', key)
    const long = of('long-body', key)
    const flipped = of('flipped-bit', key)
    const stops = [
      changed?.after ?? 0,
      short?.bytes,
      flipped?.offset,
      flipped && flipped.offset + 1,
      ...stopsOf(faults, key),
    ]
    let offset = 0
    const arrive = async (): Promise<boolean> => {
      await gate('body', { key, offset }, signal)
      if (changed !== undefined && offset >= (changed.after ?? 0)) throw changedError(source, key)
      return short !== undefined && offset >= short.bytes
    }
    if (await arrive()) return
    for await (const piece of inner) {
      for (const chunk of cut(piece, offset, stops)) {
        const sent = chunk.slice()
        if (offset === flipped?.offset) sent[0] = sent[0]! ^ 1
        yield sent
        offset += chunk.length
        if (await arrive()) return
      }
    }
    if (long !== undefined) yield new Uint8Array(long.bytes)
  }

  return {
    specVersion: 'v1',
    uri: source.uri,
    describe: async (options) => {
      await gate('describe', {}, options?.signal)
      return source.describe(options)
    },
    list: async function* (options) {
      let page = 0
      await gate('list', { page }, options?.signal)
      for await (const entries of source.list(options)) {
        const here = page
        const shown = entries.flatMap((entry) => {
          const one = disguise(entry)
          return of('duplicate', entry.key) === undefined ? [one] : [one, one]
        })
        yield faults.some((fault) => fault.kind === 'disorder' && fault.page === here && strikes(fault))
          ? shown.reverse()
          : shown
        page += 1
        await gate('list', { page }, options?.signal)
      }
    },
    stat: async (ref, options) => {
      const { key, ref: inner } = readRef(ref)
      await gate('stat', { key }, options?.signal)
      return disguise(await source.stat(inner, options))
    },
    read: async (ref, options): Promise<ObjectBody> => {
      const { key, ref: inner } = readRef(ref)
      await gate('read', { key }, options?.signal)
      const opened = await source.read(inner, options)
      return { ...opened, info: disguise(opened.info), body: body(key, opened.body, options?.signal) }
    },
    ...(source.preflight !== undefined && { preflight: (call) => source.preflight!(call) }),
    ...(source.localFile !== undefined && {
      localFile: (ref: JsonValue) => {
        const { key, ref: inner } = readRef(ref)
        const hit = faults.some((fault) => 'key' in fault && (fault.key === undefined || fault.key === key))
        return hit ? undefined : source.localFile?.(inner)
      },
    }),
    [Symbol.asyncDispose]: async () => source[Symbol.asyncDispose]?.(),
  }
}

const readRef = (ref: JsonValue): { readonly key: string; readonly ref: JsonValue } => {
  const { key, ref: inner } = (typeof ref === 'object' && ref !== null ? ref : {}) as Readonly<
    Record<string, JsonValue>
  >
  if (typeof key === 'string' && inner !== undefined) return { key, ref: inner }
  throw new BackupError({ code: 'invalid-config', message: `${JSON.stringify(ref)} is no ref of a faulty source.` })
}

/** Offsets at which the body must pause for a fault. */
const stopsOf = (faults: readonly Fault[], key: string): (number | undefined)[] =>
  faults.map((fault) => ('at' in fault && fault.at === 'body' && (fault.key ?? key) === key ? fault.after : undefined))

/** Cuts a chunk that starts at `offset` so that pieces end at the stops. */
const cut = (chunk: Uint8Array, offset: number, stops: readonly (number | undefined)[]): Uint8Array[] => {
  const inside = stops.flatMap((stop) =>
    stop !== undefined && stop > offset && stop < offset + chunk.length ? [stop - offset] : [],
  )
  const ends = [...new Set([...inside, chunk.length])].sort((a, b) => a - b)
  return ends.map((end, i) => chunk.subarray(ends[i - 1] ?? 0, end))
}

const changedError = (source: BackupSource, key: string): BackupError =>
  new BackupError({
    code: 'changed',
    message: `${key} of ${source.uri} changed while it was read.`,
    operation: 'read',
    subject: key,
  })

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

import { BackupError } from '../errors.js'
import type { BackupSource, ByteRange } from '../source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import { abortable } from './abort.js'

/** From this size on an object is read as several ranges at once, where its source reads ranges. */
const LARGE_OBJECT = 32 * 1024 * 1024

/** Whether an object is large enough to be read as ranges. */
export const isLarge = (entry: ObjectEntry): entry is ObjectEntry & { readonly size: number } =>
  entry.size !== undefined && entry.size >= LARGE_OBJECT

/** Bytes of a range, and ranges of one object in flight: a fixed window of 32 MiB. */
const RANGE = 8 * 1024 * 1024
const WINDOW = 4

/** Objects that are read as ranges at the same time; others of their size are read as one stream. */
export const MOST_LARGE_AT_ONCE = 2

export interface RangedRead {
  /** The version that the ranges come from, as the first one told. */
  readonly info: Promise<ObjectInfo>
  /** The bytes in order. A chunk is valid until the next `next()`. Leaving early ends what is in flight. */
  readonly body: AsyncGenerator<Uint8Array>
}

/**
 * Reads an object as ranges, several at once, so that one object is not held to the speed of one connection. All ranges
 * are of the version that `entry.ref` pins. `attempt` makes one range with the run's retries.
 */
export const readRanges = (
  source: BackupSource,
  entry: ObjectEntry & { readonly size: number },
  options: {
    readonly signal: AbortSignal
    readonly attempt: <T>(operation: () => Promise<T>) => Promise<T>
    readonly onRequest: (operation: string) => void
  },
): RangedRead => {
  const controller = new AbortController()
  const stop = (): void => controller.abort(options.signal.reason)
  if (options.signal.aborted) stop()
  else options.signal.addEventListener('abort', stop, { once: true })
  const free: Uint8Array[] = []
  let tell: (info: ObjectInfo) => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const told = new Promise<ObjectInfo>((resolve, reject) => {
    tell = resolve
    fail = reject
  })
  told.catch(() => undefined)

  const readRange = async (range: ByteRange): Promise<Uint8Array> => {
    const buffer = free.pop() ?? new Uint8Array(RANGE)
    const { signal } = controller
    const length = range.end - range.start
    await options.attempt(async () => {
      const call = { range, signal, onRequest: options.onRequest }
      const { info, body } = await abortable(source.read(entry.ref, call), signal)
      if (range.start === 0) tell(info)
      const iterator = body[Symbol.asyncIterator]()
      let at = 0
      try {
        for (;;) {
          const { done, value } = await abortable(iterator.next(), signal)
          if (done) break
          if (at + value.byteLength > length) throw wrongLength(source, entry, range, at + value.byteLength)
          buffer.set(value, at)
          at += value.byteLength
        }
      } catch (error) {
        void iterator.return?.()?.catch(() => undefined)
        throw error
      }
      if (at !== length) throw wrongLength(source, entry, range, at)
    })
    return buffer.subarray(0, length)
  }

  const inFlight: Promise<Uint8Array>[] = []
  let next = 0
  const launch = (): void => {
    while (inFlight.length < WINDOW && next < entry.size) {
      const range = { start: next, end: Math.min(entry.size, next + RANGE) }
      next = range.end
      const reading = readRange(range)
      reading.catch(fail)
      inFlight.push(reading)
    }
  }
  launch()

  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (let head = inFlight.shift(); head !== undefined; head = inFlight.shift()) {
        const chunk = await head
        yield chunk
        free.push(new Uint8Array(chunk.buffer))
        launch()
      }
    } finally {
      options.signal.removeEventListener('abort', stop)
      controller.abort()
    }
  }
  const body = bytes()
  const leave = body.return.bind(body)
  // A generator that never started runs no `finally`.
  body.return = (value) => {
    options.signal.removeEventListener('abort', stop)
    controller.abort()
    return leave(value)
  }
  return { info: told, body }
}

const wrongLength = (source: BackupSource, entry: ObjectEntry, range: ByteRange, got: number): BackupError =>
  new BackupError({
    code: 'corrupt',
    message: `${escapeKey(entry.key)} of ${source.uri} should have ${range.end - range.start} bytes from offset ${range.start} on, but its body has ${got < range.end - range.start ? `only ${got}` : 'more'}.`,
    operation: 'read',
    subject: entry.key,
  })

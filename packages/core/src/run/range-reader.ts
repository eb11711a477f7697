import type { BackupSource, ByteRange } from '../source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { type RangeOptions, readRange } from './range-read.js'

/** From this size on an object is read as several ranges at once, where its source reads ranges. */
const LARGE_OBJECT = 32 * 1024 * 1024

/** Whether an object is large enough to be read as ranges. */
export const isLarge = (entry: ObjectEntry): entry is ObjectEntry & { readonly size: number } =>
  entry.size !== undefined && entry.size >= LARGE_OBJECT

/** Bytes of a range, and ranges of one object in flight: a fixed window of 32 MiB. */
const RANGE = 8 * 1024 * 1024
export const RANGES_AT_ONCE = 4

/** Requests that reading an object takes. */
export const readRequests = (entry: ObjectEntry, rangeReads: boolean): number =>
  rangeReads && isLarge(entry) ? Math.ceil(entry.size / RANGE) : 1

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
 * are of the version that `entry.ref` pins.
 */
export const readRanges = (
  source: BackupSource,
  entry: ObjectEntry & { readonly size: number },
  options: RangeOptions,
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

  const readPiece = async (range: ByteRange): Promise<Uint8Array> => {
    const buffer = free.pop() ?? new Uint8Array(RANGE)
    const { signal } = controller
    const info = await readRange(
      source,
      entry,
      range,
      { ...options, signal },
      {
        take: (chunk, at) => buffer.set(chunk, at),
      },
    )
    if (range.start === 0) tell(info)
    return buffer.subarray(0, range.end - range.start)
  }

  const inFlight: Promise<Uint8Array>[] = []
  let next = 0
  const launch = (): void => {
    while (inFlight.length < RANGES_AT_ONCE && next < entry.size) {
      const range = { start: next, end: Math.min(entry.size, next + RANGE) }
      next = range.end
      const reading = readPiece(range)
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

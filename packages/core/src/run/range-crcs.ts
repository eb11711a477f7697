import { type CrcAlgorithm, combineCrcs, createHasher } from '../digest/index.js'
import type { BackupSource, ByteRange } from '../source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { type RangeOptions, readRange } from './range-read.js'
import { RANGES_AT_ONCE } from './range-reader.js'

/** Bytes that one request asks for at most: what a fault costs. */
const RANGE = 32 * 1024 * 1024

export interface RangeCrcs {
  /** The version that the ranges come from, as the first one told. */
  readonly info: ObjectInfo
  /** Lowercase hex by algorithm. */
  readonly digests: Readonly<Record<string, string>>
}

/**
 * CRCs of an object that is read as ranges, each hashed by itself as it comes and put together at the end. The object is cut
 * into as many segments as are read at once, so that no range waits for another and nothing is kept but a CRC of each.
 */
export const readRangeCrcs = async (
  source: BackupSource,
  entry: ObjectEntry & { readonly size: number },
  algorithms: readonly CrcAlgorithm[],
  options: RangeOptions & { readonly onBytes: (bytes: number) => void },
): Promise<RangeCrcs> => {
  const controller = new AbortController()
  const stop = (): void => controller.abort(options.signal.reason)
  if (options.signal.aborted) stop()
  else options.signal.addEventListener('abort', stop, { once: true })
  const call = { ...options, signal: controller.signal }
  try {
    const read = segmentsOf(entry.size).map((segment) => readSegment(source, entry, segment, algorithms, call))
    const segments = await Promise.all(read)
    const digests = algorithms.map((algorithm) => {
      const pieces = segments.map(({ size, values }) => ({ size, value: values[algorithm]! }))
      return [algorithm, combineCrcs(algorithm, pieces)]
    })
    return { info: segments[0]!.info, digests: Object.fromEntries(digests) }
  } finally {
    options.signal.removeEventListener('abort', stop)
    // Of the others, when one has failed.
    controller.abort()
  }
}

/** As long as each other, up to a byte. */
const segmentsOf = (size: number): readonly ByteRange[] => {
  const at = (i: number): number => Math.floor((size / RANGES_AT_ONCE) * i)
  return Array.from({ length: RANGES_AT_ONCE }, (_, i) => ({
    start: at(i),
    end: i + 1 === RANGES_AT_ONCE ? size : at(i + 1),
  }))
}

interface Segment {
  readonly info: ObjectInfo
  readonly size: number
  readonly values: Readonly<Record<string, string>>
}

const readSegment = async (
  source: BackupSource,
  entry: ObjectEntry,
  segment: ByteRange,
  algorithms: readonly CrcAlgorithm[],
  options: RangeOptions & { readonly onBytes: (bytes: number) => void },
): Promise<Segment> => {
  const hasher = await createHasher(algorithms)
  let read: Segment | undefined
  for (let { start } = segment; start < segment.end; start += RANGE) {
    const range = { start, end: Math.min(segment.end, start + RANGE) }
    const info = await readRange(source, entry, range, options, {
      take: (chunk) => hasher.update(chunk),
      restart: hasher.reset,
    })
    const size = range.end - range.start
    const piece: Segment = { info, size, values: hasher.digest() }
    read = read === undefined ? piece : joined(read, piece, algorithms)
    options.onBytes(size)
  }
  return read!
}

const joined = (a: Segment, b: Segment, algorithms: readonly CrcAlgorithm[]): Segment => ({
  info: a.info,
  size: a.size + b.size,
  values: Object.fromEntries(
    algorithms.map((algorithm) => [
      algorithm,
      combineCrcs(
        algorithm,
        [a, b].map(({ size, values }) => ({ size, value: values[algorithm]! })),
      ),
    ]),
  ),
})

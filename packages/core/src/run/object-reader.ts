import type { LimitFunction } from 'p-limit'
import { isCombinable } from '../digest/crc-combine.js'
import type { Digest, Measure } from '../digest/digest.js'
import { createHasher } from '../digest/hasher.js'
import { BackupError, type BackupErrorJson, toBackupError } from '../errors.js'
import { recomputationOf } from '../evidence/part-sizes.js'
import type { BackupSource } from '../source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import type { SourceTraits } from '../source/traits.js'
import { abortable } from './abort.js'
import type { Meter } from './meter.js'
import { readRangeCrcs } from './range-crcs.js'
import { isLarge, MOST_LARGE_AT_ONCE, readRanges } from './range-reader.js'
import { type RetryPolicy, withRetry } from './retry.js'

/** What reading one side of one object gave. */
export interface Observation {
  /** Bytes that were read; with `error` those before it. */
  readonly bytesRead: number
  /** Bytes the object has. */
  readonly size?: number | undefined
  /** Lowercase hex by algorithm. */
  readonly digests?: Readonly<Record<string, string>> | undefined
  readonly equal?: boolean | undefined
  readonly firstDifference?: number | undefined
  readonly sameFile?: boolean | undefined
  /** The digests that came with the bytes, where the place sends some; only of `ownDigests` reads. */
  readonly told?: readonly Digest[] | undefined
  readonly error?: BackupErrorJson | undefined
}

export interface StreamReader {
  /**
   * Reads one object whole, computing digests in one pass. With `own`, also those that the place sends along with the
   * bytes. Never rejects but on abort and `contract`.
   */
  readonly digest: (
    from: { readonly source: BackupSource; readonly traits: SourceTraits },
    entry: ObjectEntry,
    algorithms: readonly Measure[],
    own?: boolean,
  ) => Promise<Observation>
}

/** Reads objects of any source through `read`, with the run's limits and retries. */
export const createStreamReader = (options: {
  readonly gate: LimitFunction
  readonly retry: RetryPolicy
  readonly signal: AbortSignal
  readonly meter: Meter
  readonly onBytes: (bytes: number) => void
}): StreamReader => {
  const { gate, signal, meter, onBytes } = options
  const retried = <T>(operation: () => Promise<T>): Promise<T> =>
    withRetry(operation, { policy: options.retry, signal, onRetry: meter.retry })
  let largeNow = 0

  const counting =
    (count: Wanted['count']) =>
    (bytes: number): void => {
      count.bytes += bytes
      meter.read(bytes)
      onBytes(bytes)
    }

  const consume = async (
    source: BackupSource,
    entry: ObjectEntry,
    wanted: Wanted,
    { info, body }: { readonly info: ObjectInfo; readonly body: AsyncIterable<Uint8Array> },
  ): Promise<Observation> => {
    const iterator = body[Symbol.asyncIterator]()
    const { count } = wanted
    count.bytes = 0
    const counted = counting(count)
    try {
      const told = wanted.own ? info.digests : undefined
      const own = told?.flatMap((digest) => recomputationOf(digest, info.size)?.measures ?? []) ?? []
      const hasher = await createHasher([...wanted.algorithms, ...own])
      for (;;) {
        const { done, value } = await abortable(iterator.next(), signal)
        if (done) break
        hasher.update(value)
        counted(value.byteLength)
      }
      if (info.size !== undefined && info.size !== count.bytes) throw wrongSize(source, entry, info.size, count.bytes)
      return {
        bytesRead: count.bytes,
        size: count.bytes,
        digests: hasher.digest(),
        ...(told !== undefined && { told }),
      }
    } catch (error) {
      // Nothing may stay open, and a driver that hangs in its clean-up must not hold the run.
      void iterator.return?.()?.catch(() => undefined)
      throw error
    }
  }

  const readOnce = async (source: BackupSource, entry: ObjectEntry, wanted: Wanted): Promise<Observation> => {
    wanted.count.bytes = 0
    meter.request('read')
    const opened = source.read(entry.ref, { signal, onRequest: meter.operation })
    return consume(source, entry, wanted, await abortable(opened, signal))
  }

  const readLarge = async (
    source: BackupSource,
    entry: ObjectEntry & { readonly size: number },
    wanted: Wanted,
  ): Promise<Observation> => {
    largeNow += 1
    const attempt = <T>(operation: () => Promise<T>): Promise<T> =>
      retried(() => {
        meter.request('read')
        return operation()
      })
    const ranges = { signal, attempt, onRequest: meter.operation }
    let body: AsyncGenerator<Uint8Array> | undefined
    try {
      const { algorithms, count } = wanted
      if (algorithms.length > 0 && algorithms.every(isCombinable)) {
        const { info, digests } = await readRangeCrcs(source, entry, algorithms, {
          ...ranges,
          onBytes: counting(count),
        })
        if (info.size !== undefined && info.size !== count.bytes) throw wrongSize(source, entry, info.size, count.bytes)
        return { bytesRead: count.bytes, size: count.bytes, digests }
      }
      const reading = readRanges(source, entry, ranges)
      body = reading.body
      // A range tells less of the whole than a stat, which came before.
      return await consume(source, entry, { ...wanted, own: false }, { info: await reading.info, body })
    } finally {
      largeNow -= 1
      void body?.return(undefined)
    }
  }

  return {
    digest: ({ source, traits }, entry, algorithms, own = false) =>
      gate(async () => {
        const wanted: Wanted = { algorithms, own, count: { bytes: 0 } }
        try {
          const ranged = traits.rangeReads && isLarge(entry) && gate.concurrency > 1 && largeNow < MOST_LARGE_AT_ONCE
          return await (ranged ? readLarge(source, entry, wanted) : retried(() => readOnce(source, entry, wanted)))
        } catch (error) {
          if (signal.aborted) throw signal.reason
          const failure = toBackupError(error, { operation: 'read', subject: entry.key })
          if (failure.code === 'contract') throw failure
          return { bytesRead: wanted.count.bytes, error: failure.toJSON() }
        }
      }),
  }
}

interface Wanted {
  readonly algorithms: readonly Measure[]
  readonly own: boolean
  /** Bytes read so far, for what is told of a read that failed. */
  readonly count: { bytes: number }
}

const wrongSize = (source: BackupSource, entry: ObjectEntry, size: number, got: number): BackupError =>
  new BackupError({
    code: 'corrupt',
    message: `${escapeKey(entry.key)} of ${source.uri} should have ${size} bytes, but its body has ${got}.`,
    operation: 'read',
    subject: entry.key,
  })

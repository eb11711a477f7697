import type { LimitFunction } from 'p-limit'
import type { Measure } from '../digest/digest.js'
import { createHasher } from '../digest/hasher.js'
import { BackupError, type BackupErrorJson, toBackupError } from '../errors.js'
import type { BackupSource } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import { abortable } from './abort.js'
import type { Meter } from './meter.js'
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
  readonly error?: BackupErrorJson | undefined
}

export interface StreamReader {
  /** Reads one object whole, computing digests in one pass. Never rejects but on abort and `contract`. */
  readonly digest: (source: BackupSource, entry: ObjectEntry, algorithms: readonly Measure[]) => Promise<Observation>
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

  const readOnce = async (
    source: BackupSource,
    entry: ObjectEntry,
    algorithms: readonly Measure[],
    count: { bytes: number },
  ): Promise<Observation> => {
    const hasher = await createHasher(algorithms)
    count.bytes = 0
    meter.request('read')
    const { info, body } = await abortable(source.read(entry.ref, { signal }), signal)
    const iterator = body[Symbol.asyncIterator]()
    try {
      for (;;) {
        const { done, value } = await abortable(iterator.next(), signal)
        if (done) break
        hasher.update(value)
        count.bytes += value.byteLength
        meter.read(value.byteLength)
        onBytes(value.byteLength)
      }
    } catch (error) {
      // Nothing may stay open, and a driver that hangs in its clean-up must not hold the run.
      void iterator.return?.()?.catch(() => undefined)
      throw error
    }
    if (info.size !== undefined && info.size !== count.bytes) {
      throw new BackupError({
        code: 'corrupt',
        message: `${escapeKey(entry.key)} of ${source.uri} should have ${info.size} bytes, but its body has ${count.bytes}.`,
        operation: 'read',
        subject: entry.key,
      })
    }
    return { bytesRead: count.bytes, size: count.bytes, digests: hasher.digest() }
  }

  return {
    digest: (source, entry, algorithms) =>
      gate(async () => {
        const count = { bytes: 0 }
        try {
          return await withRetry(() => readOnce(source, entry, algorithms, count), {
            policy: options.retry,
            signal,
            onRetry: meter.retry,
          })
        } catch (error) {
          if (signal.aborted) throw signal.reason
          const failure = toBackupError(error, { operation: 'read', subject: entry.key })
          if (failure.code === 'contract') throw failure
          return { bytesRead: count.bytes, error: failure.toJSON() }
        }
      }),
  }
}

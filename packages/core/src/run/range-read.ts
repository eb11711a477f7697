import { BackupError } from '../errors.js'
import type { BackupSource, ByteRange } from '../source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import { abortable } from './abort.js'

/** How ranges of an object are read; see `readRange`. */
export interface RangeOptions {
  readonly signal: AbortSignal
  /** Makes one range with the run's retries. */
  readonly attempt: <T>(operation: () => Promise<T>) => Promise<T>
  readonly onRequest: (operation: string) => void
}

/** Where the bytes of one range go. */
export interface RangeSink {
  /** Bytes from offset `at` of the range on: valid until it returns. From offset 0 after every new try. */
  take(chunk: Uint8Array, at: number): void
  /** A try begins: what an earlier one gave does not count. */
  restart?(): void
}

/**
 * Reads one range of the version that `entry.ref` pins, with retries; it has been read whole when this resolves, with what
 * the source told of the object.
 *
 * Rejects with what the source throws, `corrupt` for a range of another length, `signal.reason` on abort.
 */
export const readRange = (
  source: BackupSource,
  entry: ObjectEntry,
  range: ByteRange,
  { signal, attempt, onRequest }: RangeOptions,
  sink: RangeSink,
): Promise<ObjectInfo> =>
  attempt(async () => {
    sink.restart?.()
    const length = range.end - range.start
    const { info, body } = await abortable(source.read(entry.ref, { range, signal, onRequest }), signal)
    const iterator = body[Symbol.asyncIterator]()
    let at = 0
    try {
      for (;;) {
        const { done, value } = await abortable(iterator.next(), signal)
        if (done) break
        if (at + value.byteLength > length) throw wrongLength(source, entry, range, at + value.byteLength)
        sink.take(value, at)
        at += value.byteLength
      }
    } catch (error) {
      void iterator.return?.()?.catch(() => undefined)
      throw error
    }
    if (at !== length) throw wrongLength(source, entry, range, at)
    return info
  })

const wrongLength = (source: BackupSource, entry: ObjectEntry, range: ByteRange, got: number): BackupError =>
  new BackupError({
    code: 'corrupt',
    message: `${escapeKey(entry.key)} of ${source.uri} should have ${range.end - range.start} bytes from offset ${range.start} on, but its body has ${got < range.end - range.start ? `only ${got}` : 'more'}.`,
    operation: 'read',
    subject: entry.key,
  })

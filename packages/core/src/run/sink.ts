import type { Writable } from 'node:stream'
import { toBackupError } from '../errors.js'

/** Writes to a stream, with its back pressure. One call at a time. */
export interface Sink {
  /**
   * Resolves when the stream has taken the bytes. Rejects with `unavailable`, operation `write`, when the stream failed,
   * and with the reason of the signal.
   */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Stops listening. The stream stays open: it is the caller's. */
  readonly release: () => void
}

export interface SinkOptions {
  /** What is written, for the error: `The manifest`. */
  readonly what: string
  /** Short name of the provider that writes. Default: none. */
  readonly provider?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export const createSink = (stream: Writable, { what, provider, signal }: SinkOptions): Sink => {
  let failure: Error | undefined
  let giveUp: ((reason: unknown) => void) | undefined
  const onError = (error: Error): void => {
    failure ??= toBackupError(error, {
      code: 'unavailable',
      retryable: false,
      message: `${what} could not be written: ${error.message}.`,
      provider,
      operation: 'write',
      cause: error,
    })
    giveUp?.(failure)
  }
  // A stream that takes nothing any more must not hold who cancels.
  const onAbort = (): void => giveUp?.(signal?.reason)
  // Without a listener the error of a stream ends the process; here it comes out of the next call.
  stream.on('error', onError)
  signal?.addEventListener('abort', onAbort)
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        if (failure !== undefined) return reject(failure)
        giveUp = reject
        stream.write(bytes, (error) => {
          // What broke the stream says more than that it was closed.
          if (error !== null && error !== undefined) onError(stream.errored ?? error)
          else resolve()
        })
      }),
    release: () => {
      giveUp = undefined
      stream.off('error', onError)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

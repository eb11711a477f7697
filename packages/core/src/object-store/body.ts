import { BackupError, isBackupError } from '../errors.js'
import { type ByteRange, type CallOptions, escapeKey } from '../source/index.js'
import type { Lifetime } from './lifetime.js'

/** What an SDK gives as a body on Node: an `http.IncomingMessage`, or a stream around one. */
export interface BodyStream extends AsyncIterable<Uint8Array> {
  destroy?(): unknown
  on?(event: 'error', listener: () => void): unknown
  readonly socket?: BodySocket | null | undefined
}

/** The connection beneath a body, as Node has it. */
export interface BodySocket {
  /** What broke it; nothing where it was closed in good order. */
  readonly errored?: Error | null | undefined
}

export interface CountedBodyOptions {
  readonly lifetime: Lifetime
  /** Short name of the provider, for errors. */
  readonly provider: string
  /** As the service calls the request that the bytes answer: `GetObject`. */
  readonly operation: string
  /** Of the source. */
  readonly uri: string
  /** Key of the object. */
  readonly subject: string
  readonly stream: BodyStream
  /** Where in the object the bytes begin. */
  readonly offset: number
  /** How many bytes must come. */
  readonly length: number
  /** Milliseconds without a byte after which the body fails with `timeout`. */
  readonly timeoutMs: number
  readonly call: CallOptions
  /** What broke a connection, in the words of the provider. */
  readonly fromConnection: (error: unknown) => Error
  /**
   * Asked about the bytes that did not come, before `timeout` or `corrupt` is told: the error to tell instead, where the
   * service shows that it has lost them; `undefined` where nothing shows it. Default: not asked.
   */
  readonly examine?: ((missing: ByteRange) => Promise<Error | undefined>) | undefined
}

/**
 * The bytes of an answer, once, counted. Not a generator: one that never started cannot be closed.
 *
 * How a body that ends early is told: a connection that was reset is what the provider calls it (a passing fault); one that
 * was closed in good order before all bytes came is `corrupt`; nothing for long is `timeout`. All may be tried again, and the
 * second, if it stays, is damage.
 */
export const countedBody = (options: CountedBodyOptions): AsyncIterableIterator<Uint8Array> => {
  const { lifetime, stream, offset, length, timeoutMs, fromConnection, examine } = options
  const { signal } = options.call
  const iterator = stream[Symbol.asyncIterator]()
  let ended: { readonly error: unknown } | undefined
  let over = false
  let count = 0

  const onAbort = (): void => end(signal?.reason)
  const end = (error: unknown): void => {
    ended ??= { error }
    stream.destroy?.()
  }
  const leave = lifetime.onClose(() => end(disposedEarly(options)))
  const { socket } = stream
  // Errors are told to whoever reads; one that nobody waits for must not end the process.
  stream.on?.('error', ignore)
  signal?.addEventListener('abort', onAbort, { once: true })

  const shut = (): void => {
    over = true
    leave()
    signal?.removeEventListener('abort', onAbort)
  }

  const failure = async (error: unknown): Promise<unknown> => {
    if (signal?.aborted === true) return signal.reason
    const broken = socket?.errored ?? undefined
    const told = ended?.error ?? (broken === undefined ? endOf(error) : fromConnection(broken))
    if (examine === undefined || count >= length || !isBackupError(told) || !MAY_BE_LOST.has(told.code)) return told
    return (await examine({ start: offset + count, end: offset + length })) ?? told
  }

  const endOf = (error: unknown): unknown => {
    if (isBackupError(error)) return error
    return isEarlyEnd(error) ? wrongLength(options, count) : fromConnection(error)
  }

  const advance = async (): Promise<IteratorResult<Uint8Array>> => {
    signal?.throwIfAborted()
    lifetime.checkOpen()
    const timer = setTimeout(() => end(late(options, count)), timeoutMs)
    try {
      const result = await iterator.next()
      if (ended !== undefined) throw ended.error
      return result
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    next: async () => {
      if (over) return DONE
      try {
        const { done, value } = await advance()
        if (done !== true) count += value.byteLength
        if (count > length || (done === true && count !== length)) throw wrongLength(options, count)
        if (done !== true) return { done: false, value }
        shut()
        return DONE
      } catch (error) {
        stream.destroy?.()
        shut()
        throw await failure(error)
      }
    },
    return: async () => {
      if (over) return DONE
      shut()
      stream.destroy?.()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** A body without a byte, for an empty range: HTTP has none. */
export const EMPTY_BODY: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(DONE) }),
}

/** How a body ends whose rest the service does not have. */
const MAY_BE_LOST: ReadonlySet<string> = new Set(['timeout', 'corrupt'])

/** Node's word for a body that stopped before its Content-Length, by whatever cause. */
const isEarlyEnd = (error: unknown): boolean => {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

const wrongLength = ({ provider, operation, subject, length }: CountedBodyOptions, count: number): Error => {
  const message = `The body of ${escapeKey(subject)} ended after ${count} of ${length} bytes${count > length ? ' and more' : ''}.`
  return new BackupError({ code: 'corrupt', message, provider, operation, subject, retryable: true })
}

const late = ({ provider, operation, subject, timeoutMs }: CountedBodyOptions, count: number): Error => {
  const message = `No byte of ${escapeKey(subject)} came for ${timeoutMs} ms, after ${count} bytes.`
  return new BackupError({ code: 'timeout', message, provider, operation, subject })
}

const disposedEarly = ({ provider, uri, subject }: CountedBodyOptions): Error => {
  const message = `The source ${uri} was disposed of before ${escapeKey(subject)} was read to its end.`
  return new BackupError({ code: 'invalid-config', message, provider })
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

const ignore = (): void => undefined

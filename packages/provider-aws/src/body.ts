import { escapeKey } from '@backproof/core/source'
import type { Connection } from './connection.js'
import { keyFields, type S3Ref } from './entry.js'
import { invalidConfig, requestError, s3Error } from './errors.js'

/** What the SDK gives as a body on Node: an `http.IncomingMessage`. A handler of the host's may give less. */
export interface Stream extends AsyncIterable<Uint8Array> {
  destroy?(): unknown
  on?(event: 'error', listener: () => void): unknown
  readonly socket?: Socket | null | undefined
}

interface Socket {
  once(event: 'error', listener: (error: unknown) => void): unknown
  removeListener(event: 'error', listener: (error: unknown) => void): unknown
}

export interface BodyOptions {
  readonly connection: Connection
  readonly ref: S3Ref
  readonly stream: Stream
  /** How many bytes must come. */
  readonly length: number
  readonly signal: AbortSignal | undefined
}

/**
 * The bytes of an answer, once, counted. Not a generator: one that never started cannot be closed.
 *
 * How a body that ends early is told: a connection that was reset is `unavailable`, a passing fault; one that was closed in
 * good order before all bytes came is `corrupt`, as a service does that finds out half way that it lost the rest (RADOS
 * Gateway with a lost tail object). Both may be tried again; the second, if it stays, is damage.
 */
export const createBody = (options: BodyOptions): AsyncIterableIterator<Uint8Array> => {
  const { connection, ref, stream, length, signal } = options
  const { key: subject } = keyFields(ref.key)
  const { requestTimeoutMs } = connection.settings
  const iterator = stream[Symbol.asyncIterator]()
  let reset: { readonly error: unknown } | undefined
  let ended: { readonly error: unknown } | undefined
  let over = false
  let count = 0

  const onReset = (error: unknown): void => {
    reset = { error }
  }
  const onAbort = (): void => end(signal?.reason)
  const end = (error: unknown): void => {
    ended ??= { error }
    stream.destroy?.()
  }
  const leave = connection.onClose(() =>
    end(
      invalidConfig(`The source ${connection.uri} was disposed of before ${escapeKey(subject)} was read to its end.`),
    ),
  )
  const { socket } = stream
  // Errors are told to whoever reads; one that nobody waits for must not end the process.
  stream.on?.('error', ignore)
  socket?.once('error', onReset)
  signal?.addEventListener('abort', onAbort, { once: true })

  const shut = (): void => {
    over = true
    leave()
    signal?.removeEventListener('abort', onAbort)
    socket?.removeListener('error', onReset)
  }

  const failure = (error: unknown): unknown => {
    if (signal?.aborted === true) return signal.reason
    if (ended !== undefined) return ended.error
    if (reset === undefined && isEarlyEnd(error)) return wrongLength(subject, length, count)
    return requestError(reset?.error ?? error, contextOf(options, subject), { headers: {} })
  }

  const advance = async (): Promise<IteratorResult<Uint8Array>> => {
    signal?.throwIfAborted()
    connection.checkOpen()
    const timer = setTimeout(() => end(late(subject, requestTimeoutMs, count)), requestTimeoutMs)
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
        if (count > length || (done === true && count !== length)) throw wrongLength(subject, length, count)
        if (done !== true) return { done: false, value }
        shut()
        return DONE
      } catch (error) {
        const told = failure(error)
        shut()
        stream.destroy?.()
        throw told
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

/** Node's word for a body that stopped before its Content-Length, by whatever cause. */
const isEarlyEnd = (error: unknown): boolean => {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

const wrongLength = (subject: string, length: number, count: number): Error =>
  s3Error(
    'corrupt',
    'GetObject',
    subject,
    `The body of ${escapeKey(subject)} ended after ${count} of ${length} bytes${count > length ? ' and more' : ''}.`,
    true,
  )

const late = (subject: string, ms: number, count: number): Error =>
  s3Error('timeout', 'GetObject', subject, `No byte of ${escapeKey(subject)} came for ${ms} ms, after ${count} bytes.`)

const contextOf = ({ connection, ref }: BodyOptions, subject: string): Parameters<typeof requestError>[1] => ({
  operation: 'GetObject',
  subject,
  bucket: connection.settings.bucket,
  key: connection.settings.prefix + ref.key,
  version: ref.version,
  requesterPays: connection.settings.requesterPays,
  hasCustomerKey: connection.settings.customerKey !== undefined,
})

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

const ignore = (): void => undefined

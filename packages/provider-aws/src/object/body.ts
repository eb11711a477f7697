import { isBackupError } from '@backproof/core/errors'
import { type CallOptions, escapeKey } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { keyFields, type S3Ref } from '../entry.js'
import { invalidConfig, requestError, s3Error } from '../errors.js'
import { lostBytes } from './lost-bytes.js'

/** What the SDK gives as a body on Node: an `http.IncomingMessage`. A handler of the host's may give less. */
export interface Stream extends AsyncIterable<Uint8Array> {
  destroy?(): unknown
  on?(event: 'error', listener: () => void): unknown
  readonly socket?: Socket | null | undefined
}

interface Socket {
  /** What broke it; nothing where it was closed in good order. */
  readonly errored?: Error | null | undefined
}

export interface BodyOptions {
  readonly connection: Connection
  readonly ref: S3Ref
  readonly stream: Stream
  /** Where in the object they begin. */
  readonly offset: number
  /** How many bytes must come. */
  readonly length: number
  readonly call: CallOptions
}

/**
 * The bytes of an answer, once, counted. Not a generator: one that never started cannot be closed.
 *
 * How a body that ends early is told: a connection that was reset is `unavailable`, a passing fault; one that was closed in
 * good order before all bytes came is `corrupt`; nothing for long is `timeout`. All may be tried again, and the second, if it
 * stays, is damage. Before the last two are told, the first byte that did not come is asked for by itself: a service that
 * has lost it says so then.
 */
export const createBody = (options: BodyOptions): AsyncIterableIterator<Uint8Array> => {
  const { connection, ref, stream, offset, length, call } = options
  const { signal } = call
  const { key: subject } = keyFields(ref.key)
  const { requestTimeoutMs } = connection.settings
  const iterator = stream[Symbol.asyncIterator]()
  let ended: { readonly error: unknown } | undefined
  let over = false
  let count = 0

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
    if (count >= length || !isBackupError(told) || !MAY_BE_LOST.has(told.code)) return told
    return (await lostBytes(connection, ref, { offset: offset + count, end: offset + length }, call)) ?? told
  }

  const endOf = (error: unknown): unknown =>
    isEarlyEnd(error) ? wrongLength(subject, length, count) : fromConnection(error)

  const fromConnection = (error: unknown): Error =>
    requestError(error, contextOf(options, subject), { headers: {} }, { host: connection.endpoint() })

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

/** How a body ends whose rest the service does not have. */
const MAY_BE_LOST: ReadonlySet<string> = new Set(['timeout', 'corrupt'])

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

import type { BodyStream } from '@backproof/core/object-store'

/** The stream that the SDK puts around a body (`RetriableReadableStream`), as far as it is used. */
interface SdkStream extends AsyncIterable<Uint8Array> {
  destroy(): unknown
  on(event: 'error', listener: () => void): unknown
  /** What Node gave. */
  readonly source?: { readonly socket?: BodyStream['socket'] } | undefined
}

/**
 * The body of an answer of the SDK's. How a connection ended stands in its socket, beneath that stream, which calls every end
 * that comes too early an abort, or corruption, in words of its own.
 */
export const bodyStream = (given: NodeJS.ReadableStream): BodyStream => {
  const stream = given as unknown as SdkStream
  return {
    socket: stream.source?.socket,
    destroy: () => stream.destroy(),
    on: (event, listener) => stream.on(event, listener),
    [Symbol.asyncIterator]: () => {
      const iterator = stream[Symbol.asyncIterator]()
      return { next: () => iterator.next().catch(inNodesWords) }
    },
  }
}

const inNodesWords = (error: unknown): never => {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown }
  const early = name === 'AbortError' || (code === undefined && String(message).startsWith('Data corruption failure'))
  throw early ? Object.assign(new Error('aborted', { cause: error }), { code: 'ECONNRESET' }) : error
}

import type { CallOptions } from '../source/index.js'
import type { Lifetime } from './lifetime.js'

/** One request, as {@link attempt} makes it. */
export interface Attempt<T> {
  /** As the service calls it: `HeadObject`; told to `onRequest`. */
  readonly operation: string
  readonly call: CallOptions | undefined
  /** Milliseconds without an answer after which the request fails with {@link late}. */
  readonly timeoutMs: number
  readonly late: () => Error
  /** Sends the request; it must end, and close what it opened, when the signal aborts. */
  readonly send: (signal: AbortSignal) => Promise<T>
  /** What a failure of `send` means. */
  readonly failure: (error: unknown) => Error | Promise<Error>
}

/**
 * Makes one request, once, for a source. It ends with the answer, or as soon as the signal of the call aborts (with its
 * reason), the time is over, or the source is disposed of, whatever the SDK does; nothing that it has open is left behind.
 */
export const attempt = async <T>(lifetime: Lifetime, request: Attempt<T>): Promise<T> => {
  const { signal, onRequest } = request.call ?? {}
  signal?.throwIfAborted()
  lifetime.checkOpen()
  onRequest?.(request.operation)
  const controller = new AbortController()
  const ending = endingOf(controller, signal, request)
  const leave = lifetime.onClose(() => ending.end(lifetime.disposed()))
  try {
    return await Promise.race([request.send(controller.signal), ending.promise])
  } catch (error) {
    if (ending.reason !== undefined) throw ending.reason.error
    throw await request.failure(error)
  } finally {
    leave()
    ending.clear()
  }
}

/** How a request ends before its answer: by its signal, by the clock, or because its source is disposed of. */
interface Ending {
  /** Never resolves. */
  readonly promise: Promise<never>
  readonly reason: { readonly error: unknown } | undefined
  end(error: unknown): void
  clear(): void
}

const endingOf = (
  controller: AbortController,
  signal: AbortSignal | undefined,
  { timeoutMs, late }: Pick<Attempt<unknown>, 'timeoutMs' | 'late'>,
): Ending => {
  let reason: { readonly error: unknown } | undefined
  let reject: (error: unknown) => void = ignore
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise
  })
  promise.catch(ignore)
  const end = (error: unknown): void => {
    reason ??= { error }
    reject(error)
    controller.abort()
  }
  const onAbort = (): void => end(signal?.reason)
  const timer = setTimeout(() => end(late()), timeoutMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    promise,
    get reason() {
      return reason
    },
    end,
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** For a promise whose failure is told elsewhere. */
const ignore = (): void => undefined

import { BackupError } from '../../errors.js'
import { abortable } from '../../run/abort.js'
import { type RetryPolicy, withRetry } from '../../run/retry.js'

/** Milliseconds. Timers of the platform take no more: longer ones would end at once. */
export const LONGEST_WAIT: number = 2 ** 31 - 1

export interface CallContext {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  readonly onRetry: () => void
}

/** Calls code of a collector: with retries where its error says so, each try for a limited time. */
export const callCollector = <T>(
  id: string,
  call: (signal: AbortSignal) => Promise<T>,
  { signal, timeoutMs, retry, onRetry }: CallContext,
): Promise<T> =>
  withRetry(
    async () => {
      const controller = new AbortController()
      const onAbort = (): void => controller.abort(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      const timer =
        timeoutMs > LONGEST_WAIT ? undefined : setTimeout(() => controller.abort(overran(id, timeoutMs)), timeoutMs)
      try {
        return await abortable(call(controller.signal), controller.signal)
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
    },
    { policy: retry, signal, onRetry },
  )

/** Not retried: each further try would take as long. */
const overran = (id: string, timeoutMs: number): BackupError =>
  new BackupError({
    code: 'timeout',
    retryable: false,
    operation: 'collect',
    message: `${id} gave no answer within ${timeoutMs / 1000} s.`,
  })

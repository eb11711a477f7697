import { type BackupError, toBackupError } from '../errors.js'
import { abortable } from '../run/abort.js'
import type { RetryOptions } from '../run/options.js'
import { retryPolicy, withRetry } from '../run/retry.js'

export type Attempt<T> = { readonly value: T } | { readonly error: BackupError }

/** Calls with retries; a failure is a result. Rejects on abort only. */
export interface Attempter {
  readonly signal: AbortSignal
  readonly attempt: <T>(operation: () => Promise<T>) => Promise<Attempt<T>>
}

export const createAttempter = (signal: AbortSignal, retry: RetryOptions | undefined): Attempter => {
  const policy = retryPolicy(retry)
  return {
    signal,
    attempt: async (operation) => {
      try {
        return { value: await withRetry(() => abortable(operation(), signal), { policy, signal }) }
      } catch (error) {
        signal.throwIfAborted()
        return { error: toBackupError(error) }
      }
    },
  }
}

/** Leaves an iteration early and waits until it is closed. */
export const leave = async (iterator: AsyncIterator<unknown>, signal: AbortSignal): Promise<void> => {
  // What is left was enough, or its failure is told already.
  await abortable(Promise.resolve(iterator.return?.()).then(ignore, ignore), signal)
}

const ignore = (): void => undefined

import { isBackupError } from '../errors.js'
import { sleep } from './abort.js'
import type { RetryOptions } from './options.js'

export interface RetryPolicy {
  readonly attempts: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
}

export const retryPolicy = (options: RetryOptions | undefined): RetryPolicy => ({
  attempts: options?.attempts ?? 5,
  baseDelayMs: options?.baseDelayMs ?? 200,
  maxDelayMs: options?.maxDelayMs ?? 20_000,
})

/** Whether an error may pass by itself, as its thrower says. */
export const isRetryable = (error: unknown): boolean => isBackupError(error) && error.retryable

/**
 * Milliseconds to wait before try number `attempt` (2 is the first retry): exponential with full jitter ("Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015), at least what the service asked for.
 */
export const retryDelay = (error: unknown, attempt: number, policy: RetryPolicy): number => {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 2))
  const jittered = Math.random() * ceiling
  const asked = isBackupError(error) ? error.retryAfterMs : undefined
  return asked === undefined ? jittered : asked + jittered
}

/** Calls `operation` until it succeeds, fails for good, or was tried `policy.attempts` times. */
export const withRetry = async <T>(
  operation: (attempt: number) => Promise<T>,
  options: { readonly policy: RetryPolicy; readonly signal: AbortSignal; readonly onRetry?: (() => void) | undefined },
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted()
    try {
      return await operation(attempt)
    } catch (error) {
      if (options.signal.aborted || attempt >= options.policy.attempts || !isRetryable(error)) throw error
      options.onRetry?.()
      await sleep(retryDelay(error, attempt + 1, options.policy), options.signal)
    }
  }
}

import { BackupError, type ErrorCode, isBackupError } from '../../errors.js'
import { escapeKey } from '../../source/key.js'

/** The failure of a case. */
export const broken = (message: string): BackupError =>
  new BackupError({ code: 'contract', message, operation: OPERATION })

const OPERATION = 'conformance'

/** Throws unless `condition` holds. */
export function check(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw broken(message())
}

/** Compares key lists and tells the first difference. */
export const checkKeys = (found: readonly string[], wanted: readonly string[], what: string): void => {
  const missing = firstNotIn(wanted, new Set(found))
  if (missing !== undefined) throw broken(`${what} does not hold ${shown(missing)}.`)
  const extra = firstNotIn(found, new Set(wanted))
  if (extra !== undefined) throw broken(`${what} holds ${shown(extra)}, which should not be there.`)
}

const firstNotIn = (keys: readonly string[], set: ReadonlySet<string>): string | undefined =>
  keys.find((key) => !set.has(key))

/** A key for a message. */
export const shown = (key: string): string => `"${escapeKey(key.length > 200 ? `${key.slice(0, 200)}...` : key)}"`

export const checkBytes = (found: Uint8Array, wanted: Uint8Array, what: string): void => {
  const length = Math.min(found.length, wanted.length)
  if (Buffer.compare(found.subarray(0, length), wanted.subarray(0, length)) !== 0) {
    const at = found.findIndex((byte, i) => byte !== wanted[i])
    throw broken(`${what}: the byte at ${at} is ${found[at]}, not ${wanted[at]}.`)
  }
  check(found.length === wanted.length, () => `${what}: ${found.length} bytes came instead of ${wanted.length}.`)
}

/** Settles as `promise` does, or throws after `ms`. */
export const within = async <T>(promise: Promise<T>, ms: number, what: string): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(broken(`${what} did not come to an end within ${ms} ms.`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

export type Settled = { readonly error: unknown } | { readonly value: unknown }

export const settle = (promise: Promise<unknown>): Promise<Settled> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )

/** `call` must reject with a `BackupError` of one of `codes` (default: any code). */
export const checkFails = async (
  call: () => Promise<unknown>,
  what: string,
  codes?: readonly ErrorCode[],
): Promise<BackupError> => {
  const settled = await settle(started(call))
  if (!('error' in settled)) throw broken(`${what} did not fail.`)
  const { error } = settled
  // What a check of the kit itself found out within the call.
  if (isBackupError(error) && error.operation === OPERATION) throw error
  if (!isBackupError(error)) throw broken(`${what} failed with ${String(error)}, which is no BackupError.`)
  if (codes !== undefined && !codes.includes(error.code)) {
    throw broken(`${what} failed with the code ${error.code} instead of ${codes.join(' or ')}: ${error.message}`)
  }
  check(error.code !== 'not-found' || !error.retryable, () => `${what}: a not-found error says that it is retryable.`)
  return error
}

/** `call` must reject with exactly `reason` within `ms`. */
export const checkAborts = async (
  call: () => Promise<unknown>,
  reason: unknown,
  ms: number,
  what: string,
): Promise<void> => {
  const settled = await within(settle(started(call)), ms, `${what}, when aborted,`)
  if (!('error' in settled)) throw broken(`${what} went on although its signal was aborted.`)
  checkReason(settled.error, reason, what)
}

export const checkReason = (error: unknown, reason: unknown, what: string): void =>
  check(error === reason, () => `${what}, when aborted, failed with ${String(error)} instead of signal.reason.`)

/** A call that throws at once counts as one that rejects. */
const started = async (call: () => Promise<unknown>): Promise<unknown> => call()

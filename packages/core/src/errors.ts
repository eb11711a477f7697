import { redact } from './redact.js'

export { redact }

/**
 * What went wrong, as callers act on it. Public API: codes are added on purpose, never renamed.
 *
 * - `not-found`: the place, object or version does not exist (any more).
 * - `access-denied`: permission or credentials forbid it.
 * - `unsupported`: the source, platform or Backproof cannot do this.
 * - `invalid-config`: what the caller gave cannot work; the message says what to change.
 * - `throttled`, `timeout`, `unavailable`: passing faults of a service or device.
 * - `corrupt`: the store itself reports damage (EIO, a failed checksum, a body that ends early).
 * - `changed`: the object changed while it was read.
 * - `archived`: the object cannot be read without a restore request.
 * - `contract`: a provider broke the contract it declared; no report can be trusted.
 * - `internal`: a fault of Backproof.
 */
export type ErrorCode =
  | 'not-found'
  | 'access-denied'
  | 'unsupported'
  | 'invalid-config'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'corrupt'
  | 'changed'
  | 'archived'
  | 'contract'
  | 'internal'

export interface BackupErrorOptions {
  readonly code: ErrorCode
  /** For people: what was wrong, where, what to do. Redacted again on construction. */
  readonly message: string
  /** Whether the same call may succeed later. Default: true for `throttled`, `timeout` and `unavailable`. */
  readonly retryable?: boolean | undefined
  /** Milliseconds after which the service asks to be tried again. */
  readonly retryAfterMs?: number | undefined
  /** Short name of the provider, for example `local` or `aws`. */
  readonly provider?: string | undefined
  /** What was being done, for example `list` or `HeadObject`. */
  readonly operation?: string | undefined
  /** What it was done to: a key, a path, a URI. Secret-free. */
  readonly subject?: string | undefined
  /** The original error. Only a redacted copy is kept: SDK errors carry request URLs with signatures. */
  readonly cause?: unknown
}

/** The form of a {@link BackupError} in reports and between processes. */
export interface BackupErrorJson {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable?: boolean | undefined
  readonly retryAfterMs?: number | undefined
  readonly provider?: string | undefined
  readonly operation?: string | undefined
  readonly subject?: string | undefined
}

const brand = Symbol.for('backproof.error')
const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['throttled', 'timeout', 'unavailable'])

/**
 * The one error class. Act on `code`, never on the message. Recognise it with {@link isBackupError}, not with
 * `instanceof`: two copies of core may be loaded.
 */
export class BackupError extends Error {
  override readonly name: string = 'BackupError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly provider: string | undefined
  readonly operation: string | undefined
  readonly subject: string | undefined

  constructor(options: BackupErrorOptions) {
    super(redact(options.message), options.cause === undefined ? undefined : { cause: redactedCause(options.cause) })
    Object.defineProperty(this, brand, { value: true })
    this.code = options.code
    this.retryable = options.retryable ?? RETRYABLE.has(options.code)
    this.retryAfterMs = options.retryAfterMs
    this.provider = options.provider
    this.operation = options.operation
    this.subject = options.subject === undefined ? undefined : redact(options.subject)
  }

  toJSON(): BackupErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.retryable !== RETRYABLE.has(this.code) && { retryable: this.retryable }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.provider !== undefined && { provider: this.provider }),
      ...(this.operation !== undefined && { operation: this.operation }),
      ...(this.subject !== undefined && { subject: this.subject }),
    }
  }
}

/** Whether `value` is a {@link BackupError} of this or any other copy of core. */
export const isBackupError = (value: unknown): value is BackupError =>
  typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true

/** `value` itself if it is a {@link BackupError}, else an `internal` one (or `options.code`) that wraps a redacted copy. */
export const toBackupError = (value: unknown, options: Partial<BackupErrorOptions> = {}): BackupError => {
  if (isBackupError(value)) return value
  return new BackupError({ code: 'internal', message: told(value), cause: readable(value), ...options })
}

/** Anything can be thrown: what cannot be told must not throw again. */
const told = (value: unknown): string => {
  try {
    return String(value instanceof Error ? value.message : value)
  } catch {
    return UNTELLABLE
  }
}

const readable = (value: unknown): unknown => {
  try {
    return redactedCause(value)
  } catch {
    return UNTELLABLE
  }
}

const UNTELLABLE = 'something was thrown that cannot be told'

interface PlainCause {
  readonly name: string
  readonly message: string
  readonly code?: string | number | undefined
  readonly status?: number | undefined
  readonly requestId?: string | undefined
  readonly stack?: string | undefined
}

const redactedCause = (cause: unknown): PlainCause => {
  if (typeof cause !== 'object' || cause === null) return { name: 'Error', message: redact(String(cause)) }
  const given = cause as Record<string, unknown>
  const text = (name: string): string | undefined => (typeof given[name] === 'string' ? redact(given[name]) : undefined)
  const metadata = given['$metadata'] as Record<string, unknown> | undefined
  const code = typeof given['code'] === 'number' ? given['code'] : text('code')
  const status = given['statusCode'] ?? given['status'] ?? metadata?.['httpStatusCode']
  const requestId =
    text('requestId') ?? (typeof metadata?.['requestId'] === 'string' ? metadata['requestId'] : undefined)
  return {
    name: text('name') ?? 'Error',
    message: text('message') ?? '',
    ...(code !== undefined && { code }),
    ...(typeof status === 'number' && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(text('stack') !== undefined && { stack: text('stack') }),
  }
}

import { BackupError, type ErrorCode } from '../errors.js'

/** What a failure means to callers: a code, what was wrong, what to do. */
export interface ErrorMeaning {
  readonly code: ErrorCode
  /** A sentence. */
  readonly message: string
  /** What to do, a sentence. */
  readonly fix?: string | undefined
  /** Default: as the code says. */
  readonly retryable?: boolean | undefined
}

export interface FailedRequest {
  /** Short name of the provider. */
  readonly provider: string
  /** As the service calls it: `HeadObject`. */
  readonly operation: string
  /** What errors name: the key relative to the source, or its URI. */
  readonly subject: string
  /** What was tried, in words that follow "Cannot": `read s3://bucket/key`. Secret-free, control characters escaped. */
  readonly attempted: string
  readonly meaning: ErrorMeaning
  /** What finds the request again: the service's code, the status, its id for the request. Empty ones are left out. */
  readonly trace: readonly (string | undefined)[]
  /** Value of a Retry-After header. */
  readonly retryAfter: string | undefined
  /** The error as the SDK threw it; a redacted copy is kept. */
  readonly cause: unknown
}

/** The error of a request that failed: `Cannot <attempted>: <message> <fix> (<trace>)`. */
export const failedRequest = (failed: FailedRequest): BackupError => {
  const { provider, operation, subject, attempted, meaning, cause } = failed
  const trace = failed.trace.filter((part) => part !== undefined && part !== '')
  return new BackupError({
    code: meaning.code,
    message: [
      `Cannot ${attempted}: ${meaning.message}`,
      ...(meaning.fix === undefined ? [] : [meaning.fix]),
      ...(trace.length === 0 ? [] : [`(${trace.join(', ')})`]),
    ].join(' '),
    retryable: meaning.retryable,
    retryAfterMs: retryAfterMs(failed.retryAfter),
    provider,
    operation,
    subject,
    cause,
  })
}

/** Milliseconds of a Retry-After header: seconds or a date (RFC 9110, 10.2.3). */
export const retryAfterMs = (header: string | undefined): number | undefined => {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

import { BackupError, type ErrorCode } from '@backproof/core/errors'
import { escapeKey } from '@backproof/core/source'

export const fault = (code: ErrorCode, subject: string, what: string, more?: { retryAfterMs?: number }): BackupError =>
  new BackupError({ code, message: `${escapeKey(subject)}: ${what}`, provider: 'webdav', subject, ...more })

/** The connection failed, or was aborted. */
export const broken = (cause: unknown, subject: string, signal: AbortSignal): never => {
  signal.throwIfAborted()
  throw new BackupError({ code: 'unavailable', message: `${subject} broke off.`, provider: 'webdav', subject, cause })
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  ...{ 401: 'access-denied', 403: 'access-denied', 404: 'not-found', 410: 'not-found', 412: 'changed' },
  ...{ 408: 'timeout', 423: 'unavailable', 429: 'throttled', 504: 'timeout' },
}
export const codeOf = (status: number): ErrorCode => CODES[status] ?? (status >= 500 ? 'unavailable' : 'unsupported')

import { type ErrorCode, toBackupError } from '../../errors.js'
import { redact } from '../../redact.js'
import type { UnknownFact, UnknownReason } from '../fact.js'

const REASONS: Readonly<Partial<Record<ErrorCode, UnknownReason>>> = {
  'access-denied': 'denied',
  unsupported: 'unsupported',
  throttled: 'throttled',
  timeout: 'timeout',
}

/** What an error makes of a fact. Errors are redacted, but one of another copy of core may be older. */
export const unknownFrom = (error: unknown): UnknownFact => {
  const { code, message } = toBackupError(error, { code: 'unavailable', retryable: false })
  return { state: 'unknown', reason: REASONS[code] ?? 'failed', detail: redact(message) }
}

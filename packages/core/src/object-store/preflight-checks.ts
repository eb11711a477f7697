import { type BackupError, isBackupError } from '../errors.js'
import type { CallOptions, PreflightCheck } from '../source/index.js'

/** What a try gave. */
export type Tried<T> = { readonly value: T } | { readonly error: BackupError }

/** Rejects on abort, and with what is no `BackupError`. */
export const tryTo = async <T>({ signal }: CallOptions, attempt: () => Promise<T>): Promise<Tried<T>> => {
  try {
    return { value: await attempt() }
  } catch (error) {
    signal?.throwIfAborted()
    if (!isBackupError(error)) throw error
    return { error }
  }
}

/** A check without its finding. */
export interface CheckSubject {
  readonly id: string
  readonly title: string
  readonly permission?: string | undefined
}

/** The check of something that failed. A passing fault says nothing about the next try. */
export const failedCheck = (
  subject: CheckSubject,
  error: BackupError,
  fix?: string,
  status?: PreflightCheck['status'],
): PreflightCheck => ({
  ...subject,
  status: status ?? (error.retryable ? 'unknown' : 'problem'),
  detail: error.message,
  fix: fix ?? (error.retryable ? 'Try again.' : 'See what the service says, and set it right.'),
})

/** From this difference on it is told. */
const CLOCK_NOTICE_MS = 5_000

/**
 * The check of this machine's clock.
 *
 * @param skewMs How far it is ahead of the service's; `undefined` where that is not told.
 * @param problemMs From which difference on the service refuses requests.
 */
export const clockCheck = (skewMs: number | undefined, problemMs: number): PreflightCheck => {
  const subject = { id: 'clock', title: 'clock of this machine' }
  if (skewMs === undefined) return { ...subject, status: 'unknown', detail: 'The service does not tell its time.' }
  const seconds = Math.round(Math.abs(skewMs) / 1_000)
  if (Math.abs(skewMs) < CLOCK_NOTICE_MS) return { ...subject, status: 'ok', detail: 'It agrees with the service.' }
  const detail = `It is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the service's.`
  const status = Math.abs(skewMs) >= problemMs ? 'problem' : 'notice'
  return { ...subject, status, detail, fix: 'Set the clock right (NTP).' }
}

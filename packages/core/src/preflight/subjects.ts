import type { BackupError, ErrorCode } from '../errors.js'
import type { PreflightCheck } from '../source/preflight.js'

/** A check without its finding. */
export type Subject = Pick<PreflightCheck, 'id' | 'title'>

export const REACH: Subject = { id: 'reach', title: 'reach the place' }
export const LIST: Subject = { id: 'list', title: 'list the objects' }
export const ORDER: Subject = { id: 'order', title: 'list in the order of keys' }
export const STAT: Subject = { id: 'stat', title: 'look up one object' }
export const READ: Subject = { id: 'read', title: 'read the first bytes of one object' }

/** The check of a call that failed. What may pass by itself hides the answer; everything else will fail again in a run. */
export const failed = (subject: Subject, error: BackupError): PreflightCheck => ({
  ...subject,
  status: HIDDEN.has(error.code) || error.retryable ? 'unknown' : 'problem',
  detail: error.message,
  fix: FIXES[error.code] ?? FIXES.internal,
})

const HIDDEN: ReadonlySet<ErrorCode> = new Set(['throttled', 'timeout', 'unavailable', 'changed'])

export const BROKEN_CONTRACT =
  'This is a fault of the provider: tell its authors. The conformance kit names the broken promise.'

/** What to do, by code. Codes of a later version are faults that nobody here knows. */
export const FIXES: Readonly<Record<ErrorCode, string>> = {
  'not-found': 'Correct the name, or create the place.',
  'access-denied': 'Give whoever runs this the permission that the message names, or other credentials.',
  unsupported: 'Choose a place or settings that can do this.',
  'invalid-config': 'Correct what the message names.',
  throttled: 'Try again later, or when less else uses the service.',
  timeout: 'Check the network and the service, then try again.',
  unavailable: 'Check the network and the service, then try again.',
  corrupt: 'The place is damaged: compare it with another copy, which names every object that is.',
  changed: 'Try again while nothing writes to the place.',
  archived: 'Ask the service to restore the objects first, or compare what it stores about them without reading.',
  contract: BROKEN_CONTRACT,
  internal: 'This is a fault of Backproof or of the provider: report it with this message.',
}

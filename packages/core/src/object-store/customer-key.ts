import type { OptionChecks } from './option-checks.js'

/** A key of the caller's, with which the service encrypts objects. Only in requests; never in refs, URIs, messages or reports. */
export interface CustomerKey {
  /** Base64 of 32 bytes. */
  readonly base64: string
}

/**
 * Checks such a key: 32 bytes (AES-256), or their base64. Throws `invalid-config` without showing it.
 *
 * @param endpoint Where it is to be sent, as far as the options tell: over http it would be readable on its way.
 */
export const customerKey = (checks: OptionChecks, value: unknown, endpoint?: string): CustomerKey => {
  if (endpoint !== undefined && isInTheClear(endpoint)) {
    throw checks.invalid('customerKey would be readable on its way to an endpoint of http; give one of https.')
  }
  const base64 =
    value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : typeof value === 'string'
        ? value
        : undefined
  if (base64 !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(base64)) return { base64 }
  throw checks.invalid('customerKey must be 32 bytes, or their base64 (44 characters). It is not shown here.')
}

/** On this machine nobody reads along. */
const isInTheClear = (endpoint: string): boolean => {
  const { protocol, hostname } = new URL(endpoint)
  return protocol === 'http:' && !/^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)
}

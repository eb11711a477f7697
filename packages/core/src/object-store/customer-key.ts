import type { OptionChecks } from './option-checks.js'

/** A key of the caller's, with which the service encrypts objects. Only in requests; never in refs, URIs, messages or reports. */
export interface CustomerKey {
  /** Base64 of 32 bytes. */
  readonly base64: string
}

/** Checks such a key: 32 bytes (AES-256), or their base64. Throws `invalid-config` without showing it. */
export const customerKey = (checks: OptionChecks, value: unknown): CustomerKey => {
  const base64 =
    value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : typeof value === 'string'
        ? value
        : undefined
  if (base64 !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(base64)) return { base64 }
  throw checks.invalid('customerKey must be 32 bytes, or their base64 (44 characters). It is not shown here.')
}

import { createHash } from 'node:crypto'
import { invalidConfig } from '../errors.js'

/** A key of the caller's own (CSEK). Only in requests; never in refs, URIs, messages or reports. */
export interface CustomerKey {
  /** Base64 of 32 bytes. */
  readonly base64: string
  /** Base64 of the SHA-256 of the bytes, by which the service names a key. */
  readonly sha256: string
}

/** Checks a CSEK: 32 bytes (AES-256), or their base64. Throws `invalid-config` without showing it. */
export const customerKey = (factory: string, value: unknown): CustomerKey => {
  const base64 =
    value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : typeof value === 'string'
        ? value
        : undefined
  if (base64 !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(base64)) {
    const sha256 = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
    return { base64, sha256 }
  }
  throw invalidConfig(
    `${factory}: customerKey must be 32 bytes, or their base64 (44 characters). It is not shown here.`,
  )
}

/** The headers of a request about an object under a key of the caller's ("Customer-supplied encryption keys", request headers). */
export const customerKeyHeaders = (key: CustomerKey | undefined): Readonly<Record<string, string>> =>
  key === undefined
    ? {}
    : {
        'x-goog-encryption-algorithm': 'AES256',
        'x-goog-encryption-key': key.base64,
        'x-goog-encryption-key-sha256': key.sha256,
      }

import { invalidConfig } from '../errors.js'

/** A key of the caller's for SSE-C. Only in requests; never in refs, URIs, messages or reports. */
export interface CustomerKey {
  /** Base64 of 32 bytes. */
  readonly base64: string
}

/** Checks an SSE-C key: 32 bytes (AES-256), or their base64. Throws `invalid-config` without showing it. */
export const customerKey = (factory: string, value: unknown): CustomerKey => {
  const base64 =
    value instanceof Uint8Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : typeof value === 'string'
        ? value
        : undefined
  if (base64 !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(base64)) return { base64 }
  throw invalidConfig(
    `${factory}: customerKey must be 32 bytes, or their base64 (44 characters). It is not shown here.`,
  )
}

/** The parameters of a request that reads an object under a key of the caller's. The SDK adds the key's MD5. */
export const customerKeyInput = (
  key: CustomerKey | undefined,
): { readonly SSECustomerAlgorithm?: 'AES256'; readonly SSECustomerKey?: string } =>
  key === undefined ? {} : { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key.base64 }

/**
 * What is known of an object's encryption, as far as it decides what its ETag is.
 * - `plain`: none, or SSE-S3: the ETag of a single upload is the MD5.
 * - `opaque`: KMS, SSE-C, or something not known here: the ETag says nothing.
 * - `unknown`: a listing does not tell it.
 */
export type EncryptionState = 'plain' | 'opaque' | 'unknown'

/** From the headers of HeadObject and GetObject ("Common response headers", Amazon S3 API Reference, ETag). */
export const encryptionOf = (headers: Readonly<Record<string, string>>): EncryptionState => {
  if (headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined) return 'opaque'
  const word = headers['x-amz-server-side-encryption']
  return word === undefined || word === 'AES256' ? 'plain' : 'opaque'
}

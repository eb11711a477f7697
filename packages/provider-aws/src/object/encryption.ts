import type { CustomerKey } from '@backproof/core/object-store'

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

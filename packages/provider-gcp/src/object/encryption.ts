import { createHash } from 'node:crypto'
import type { CustomerKey } from '@backproof/core/object-store'

/** The headers of a request about an object under a key of the caller's ("Customer-supplied encryption keys", request headers). */
export const customerKeyHeaders = (key: CustomerKey | undefined): Readonly<Record<string, string>> =>
  key === undefined
    ? {}
    : {
        'x-goog-encryption-algorithm': 'AES256',
        'x-goog-encryption-key': key.base64,
        'x-goog-encryption-key-sha256': createHash('sha256').update(Buffer.from(key.base64, 'base64')).digest('base64'),
      }

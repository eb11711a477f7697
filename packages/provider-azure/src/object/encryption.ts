import { createHash } from 'node:crypto'
import type { CpkInfo } from '@azure/storage-blob'
import type { CustomerKey } from '@backproof/core/object-store'
import type { AzureRef } from '../entry.js'

/**
 * The parameters of a request that reads a blob under a key of the caller's. Not for other blobs: the service refuses a key
 * that it does not need, and has told in the listing which need one.
 */
export const customerKeyInput = (
  key: CustomerKey | undefined,
  { sealed }: Pick<AzureRef, 'sealed'>,
): { readonly customerProvidedKey?: CpkInfo } =>
  key === undefined || sealed === undefined
    ? {}
    : {
        customerProvidedKey: {
          encryptionKey: key.base64,
          encryptionKeySha256: createHash('sha256').update(Buffer.from(key.base64, 'base64')).digest('base64'),
          encryptionAlgorithm: 'AES256',
        },
      }

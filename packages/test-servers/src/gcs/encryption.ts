import { createHash } from 'node:crypto'
import { failure } from './failure.js'

/** What tells and takes keys that customers keep: "Customer-supplied encryption keys" in the Cloud Storage documentation. */
export const ENCRYPTION_HEADERS = 'x-goog-encryption'
/** The same for the source of a rewrite. */
export const SOURCE_ENCRYPTION_HEADERS = 'x-goog-copy-source-encryption'

/** SHA-256 of a key of 32 bytes, in base64. */
export const keySha256 = (key: Uint8Array): string => createHash('sha256').update(key).digest('base64')

/**
 * The hash of the key that the headers of a request bring; `undefined` for none.
 *
 * @throws customerEncryptionKey... for headers that do not fit each other.
 */
export const givenKey = (
  headers: ReadonlyMap<string, string>,
  prefix: string = ENCRYPTION_HEADERS,
): string | undefined => {
  const algorithm = headers.get(`${prefix}-algorithm`)
  const key = headers.get(`${prefix}-key`)
  const sha256 = headers.get(`${prefix}-key-sha256`)
  if (algorithm === undefined && key === undefined && sha256 === undefined) return undefined
  if (algorithm !== 'AES256') throw failure('customerEncryptionAlgorithmIsInvalid')
  const bytes = Buffer.from(key ?? '', 'base64')
  if (bytes.length !== 32 || bytes.toString('base64') !== key) throw failure('customerEncryptionKeyFormatIsInvalid')
  if (keySha256(bytes) !== sha256) throw failure('customerEncryptionKeySha256IsInvalid')
  return sha256
}

/**
 * Whether a request brings the key that an object needs, and none that it does not need.
 *
 * @returns whether the caller has the key, or none is needed.
 * @throws customerEncryptionKeyIsIncorrect for another key.
 */
export const hasKey = (given: string | undefined, needed: string | undefined): boolean => {
  if (needed === undefined) {
    if (given !== undefined) throw failure('resourceNotEncryptedWithCustomerEncryptionKey')
    return true
  }
  if (given !== undefined && given !== needed) throw failure('customerEncryptionKeyIsIncorrect')
  return given !== undefined
}

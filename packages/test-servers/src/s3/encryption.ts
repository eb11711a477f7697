import { createHash } from 'node:crypto'
import { type Call, requireAccess } from './call.js'
import { failure } from './failure.js'
import { ACCOUNT } from './policy.js'
import type { Encryption } from './store.js'

/** Key of S3 in an account that names none: what the alias aws/s3 stands for. */
const DEFAULT_KEY = '00000000-0000-4000-8000-000000000053'
const CUSTOMER = 'x-amz-server-side-encryption-customer'

export const kmsKeyArn = (region: string, key: string = DEFAULT_KEY): string =>
  key.startsWith('arn:') ? key : `arn:aws:kms:${region}:${ACCOUNT}:key/${key}`

/** A key of 32 bytes that a client keeps. */
export const customerEncryption = (key: Uint8Array): Encryption => ({
  kind: 'customer',
  keyMd5: createHash('md5').update(key).digest('base64'),
})

/** What the headers of an upload ask for; S3-managed keys by default. @throws InvalidArgument, AccessDenied by KMS. */
export const askedEncryption = (call: Call, region: string): Encryption => {
  const { headers } = call.request
  const keyMd5 = customerKeyMd5(headers, CUSTOMER)
  if (keyMd5 !== undefined) return { kind: 'customer', keyMd5 }
  const kind = headers.get('x-amz-server-side-encryption') ?? 'AES256'
  if (kind === 'AES256') return { kind }
  if (kind !== 'aws:kms' && kind !== 'aws:kms:dsse')
    throw failure('InvalidArgument', 'The encryption method specified is not supported')
  const keyArn = kmsKeyArn(region, headers.get('x-amz-server-side-encryption-aws-kms-key-id'))
  requireAccess(call.user, 'kms:GenerateDataKey', keyArn)
  return { kind, keyArn }
}

/** Headers that tell how an object is encrypted. */
export const encryptionHeaders = (encryption: Encryption): Record<string, string> => {
  switch (encryption.kind) {
    case 'AES256':
      return { 'x-amz-server-side-encryption': 'AES256' }
    case 'customer':
      return { [`${CUSTOMER}-algorithm`]: 'AES256', [`${CUSTOMER}-key-md5`]: encryption.keyMd5 }
    default:
      return {
        'x-amz-server-side-encryption': encryption.kind,
        'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyArn,
      }
  }
}

/** Whether the ETag of a single-part object under it is the MD5 of the content. */
export const keepsMd5 = (encryption: Encryption): boolean => encryption.kind === 'AES256'

/** @throws AccessDenied when the object is under a KMS key that the caller may not decrypt with. */
export const requireDecrypt = (call: Call, encryption: Encryption): void => {
  if (encryption.kind === 'AES256' || encryption.kind === 'customer') return
  requireAccess(call.user, 'kms:Decrypt', encryption.keyArn)
}

/**
 * Whether a request brings the key that an object needs.
 *
 * @param prefix of the headers; those of the source of a copy have another.
 * @throws InvalidRequest where the key is missing or not needed, AccessDenied for another key, InvalidArgument for a malformed one.
 */
export const requireCustomerKey = (
  headers: ReadonlyMap<string, string>,
  encryption: Encryption,
  prefix: string = CUSTOMER,
): void => {
  const keyMd5 = customerKeyMd5(headers, prefix)
  if (encryption.kind !== 'customer') {
    if (keyMd5 === undefined) return
    throw failure('InvalidRequest', 'The encryption parameters are not applicable to this object.')
  }
  if (keyMd5 === undefined) {
    const text =
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.'
    throw failure('InvalidRequest', text)
  }
  if (keyMd5 !== encryption.keyMd5) throw failure('AccessDenied')
}

const customerKeyMd5 = (headers: ReadonlyMap<string, string>, prefix: string): string | undefined => {
  const algorithm = headers.get(`${prefix}-algorithm`)
  const key = headers.get(`${prefix}-key`)
  const given = headers.get(`${prefix}-key-md5`)
  if (algorithm === undefined && key === undefined && given === undefined) return undefined
  if (algorithm !== 'AES256')
    throw failure(
      'InvalidArgument',
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
    )
  const bytes = Buffer.from(key ?? '', 'base64')
  if (bytes.length !== 32) throw failure('InvalidArgument', 'The secret key was invalid for the specified algorithm.')
  const md5 = createHash('md5').update(bytes).digest('base64')
  if (md5 !== given)
    throw failure('InvalidArgument', 'The calculated MD5 hash of the key did not match the hash that was provided.')
  return md5
}

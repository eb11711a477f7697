import { BackupError } from '../errors.js'
import { digestBits } from './algorithms.js'
import type { Algorithm } from './digest.js'

/**
 * Order of a digest's bytes. Everything is `big-endian` (for hashes: as computed) but Azure's CRC64, which is the same
 * number as S3's CRC64NVME written `little-endian`.
 */
export type ByteOrder = 'big-endian' | 'little-endian'

/** `standard`: RFC 4648 section 4, padded. `url`: section 5 (`-` and `_`), not padded. */
export type Base64Alphabet = 'standard' | 'url'

export interface Base64Format {
  /** Default `big-endian`: S3 (`x-amz-checksum-*`), GCS (`crc32c`, `md5Hash`), Content-MD5. `little-endian`: Azure CRC64. */
  readonly byteOrder?: ByteOrder | undefined
  /** Default `standard`. */
  readonly alphabet?: Base64Alphabet | undefined
}

export interface DigestFormat extends Base64Format {
  /** When it is a known algorithm, the length is checked. */
  readonly algorithm?: Algorithm | undefined
}

/** Lowercase hexadecimal. */
export const bytesToHex = (bytes: Uint8Array): string => viewOf(bytes).toString('hex')

/**
 * The bytes of hexadecimal digits in either case.
 *
 * @throws BackupError `invalid-config` for anything else, also an odd number of digits.
 */
export const hexToBytes = (hex: string): Uint8Array => {
  if (!/^[0-9a-f]*$/i.test(hex)) throw malformed(hex, 'hexadecimal: only 0-9 and a-f may be in it')
  if (hex.length % 2 !== 0) throw malformed(hex, `hexadecimal: ${hex.length} digits are no whole number of bytes`)
  return Buffer.from(hex, 'hex')
}

/**
 * A digest value as core keeps it (lowercase hexadecimal) from hexadecimal in either case.
 *
 * @throws BackupError `invalid-config` when it is not hexadecimal, empty, or not as long as the algorithm's digests.
 */
export const digestFromHex = (hex: string, algorithm?: Algorithm): string => {
  const bytes = hexToBytes(hex)
  checkLength(hex, bytes, algorithm)
  return hex.toLowerCase()
}

/**
 * Base64 of a digest value (hexadecimal).
 *
 * @throws BackupError `invalid-config` when `value` is not hexadecimal.
 */
export const digestToBase64 = (value: string, format: Base64Format = {}): string =>
  viewOf(ordered(hexToBytes(value), format.byteOrder)).toString(format.alphabet === 'url' ? 'base64url' : 'base64')

/**
 * The digest value (lowercase hexadecimal, big-endian) of a base64 text. Padding may be left out; nothing else may
 * differ from the one right way to write the bytes.
 *
 * @throws BackupError `invalid-config` when it is not base64 of that alphabet, empty, or not as long as the algorithm's
 * digests.
 */
export const digestFromBase64 = (text: string, format: DigestFormat = {}): string => {
  const alphabet = format.alphabet === 'url' ? 'base64url' : 'base64'
  const bytes = Buffer.from(text, alphabet)
  // Node skips what it cannot read: only what encodes back to the same text was read in full.
  const unpadded = bytes.toString(alphabet).replace(/=+$/, '')
  const padded = unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '=')
  if (text !== padded && text !== unpadded) throw malformed(text, alphabet)
  checkLength(text, bytes, format.algorithm)
  return bytesToHex(ordered(bytes, format.byteOrder))
}

const ordered = (bytes: Uint8Array, order: ByteOrder | undefined): Uint8Array =>
  order === 'little-endian' ? Uint8Array.from(bytes).reverse() : bytes

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const checkLength = (text: string, bytes: Uint8Array, algorithm: Algorithm | undefined): void => {
  if (bytes.length === 0) throw malformed(text, 'a digest: it is empty')
  const bits = algorithm === undefined ? undefined : digestBits(algorithm)
  if (bits === undefined || bytes.length * 8 === bits) return
  throw malformed(text, `a ${algorithm} digest: it has ${bytes.length} bytes instead of ${bits / 8}`)
}

const malformed = (text: string, what: string): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `The digest ${JSON.stringify(text.length > 160 ? `${text.slice(0, 160)}...` : text)} is not ${what}.`,
    operation: 'decode digest',
  })

import type { ByteOrder, Digest } from '@backproof/core/digest'
import { hexOfBase64, malformedDigest } from '@backproof/core/object-store'

/** Digests of a blob, as listings and headers write them. */
export interface ToldDigests {
  readonly md5?: string | undefined
  readonly crc64?: string | undefined
}

/**
 * What the digests of a blob are worth: claims. `Content-MD5` is computed or checked by the service where a blob was put at
 * once, and is whatever its client says where it was put together from blocks, or set later; nothing tells which. Who computes
 * the `Content-CRC64` of listings is not documented. It is the number of S3's CRC64NVME with its bytes the other way round.
 *
 * A value that is no digest of its algorithm is reported as `malformed:<algorithm>`, its text in hexadecimal: seen, and of no
 * use.
 *
 * Source: "Get Blob" and "Set Blob Properties" (Content-MD5), "List Blobs", REST reference.
 */
export const toldDigests = ({ md5, crc64 }: ToldDigests): readonly Digest[] => [
  ...(isGiven(md5) ? [claimedDigest('md5', md5, 'big-endian')] : []),
  ...(isGiven(crc64) ? [claimedDigest('crc64nvme', crc64, 'little-endian')] : []),
]

/** Elements and headers without a text are there for blobs that have no such digest. */
export const isGiven = (text: string | undefined): text is string => text !== undefined && text.trim() !== ''

const claimedDigest = (algorithm: 'md5' | 'crc64nvme', text: string, byteOrder: ByteOrder): Digest => {
  const value = hexOfBase64(text.trim(), algorithm, byteOrder)
  return value === undefined ? malformedDigest(algorithm, text, 'claimed') : { algorithm, value, provenance: 'claimed' }
}

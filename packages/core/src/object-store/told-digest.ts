import {
  type Algorithm,
  type ByteOrder,
  type Digest,
  digestFromBase64,
  isKnownAlgorithm,
  type Provenance,
} from '../digest/index.js'
import { isBackupError } from '../errors.js'

/** A digest in base64, as services write them, as hexadecimal; `undefined` for what is none of this algorithm. */
export const hexOfBase64 = (base64: string, algorithm: Algorithm, byteOrder?: ByteOrder): string | undefined => {
  try {
    return digestFromBase64(base64, { byteOrder, ...(isKnownAlgorithm(algorithm) && { algorithm }) })
  } catch (error) {
    if (isBackupError(error)) return undefined
    throw error
  }
}

/**
 * What a service told as a digest, and is none of its algorithm: reported as `malformed:<algorithm>`, its text in hexadecimal.
 * Seen, and of no use.
 */
export const malformedDigest = (algorithm: Algorithm, text: string, provenance: Provenance): Digest => ({
  algorithm: `malformed:${algorithm}`,
  value: Buffer.from(text).toString('hex'),
  provenance,
  equalityOnly: true,
})

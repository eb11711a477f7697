import { type Algorithm, type Digest, digestFromHex, isKnownAlgorithm, parseAlgorithm } from '@backproof/core/digest'
import { isBackupError } from '@backproof/core/errors'
import { hexOfBase64, malformedDigest } from '@backproof/core/object-store'

/**
 * The algorithm that rclone means by a name: `md5`, `SHA-1` (as old versions write it), `xxh3`. What we do not know keeps its name,
 * in lower case: `quickxor`, `dropbox`, `whirlpool`.
 */
export const algorithmOfRclone = (name: string): Algorithm => {
  try {
    return parseAlgorithm(name)
  } catch (error) {
    if (isBackupError(error)) return name.toLowerCase()
    throw error
  }
}

/**
 * A hash of rclone's as a claim: rclone tells what the place told it, which may be the metadata of an upload, and not whether
 * it computed it. What is no digest of its algorithm is reported as `malformed:<algorithm>`, of no use.
 */
export const claimedHash = (algorithm: Algorithm, text: string): Digest => {
  const value = hexOfText(algorithm, text)
  return value === undefined ? malformedDigest(algorithm, text, 'claimed') : { algorithm, value, provenance: 'claimed' }
}

/** Hexadecimal, or base64 (`--base64`, either alphabet), which is padded at all lengths that digests have. */
const hexOfText = (algorithm: Algorithm, text: string): string | undefined => {
  if (text.endsWith('=')) return hexOfBase64(text.replaceAll('-', '+').replaceAll('_', '/'), algorithm)
  try {
    return digestFromHex(text, isKnownAlgorithm(algorithm) ? algorithm : undefined)
  } catch (error) {
    if (isBackupError(error)) return undefined
    throw error
  }
}

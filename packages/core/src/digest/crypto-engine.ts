import { createHash, type Hash } from 'node:crypto'
import type { DigestEngine } from './digest-engine.js'

export type CryptoAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** Digests of node:crypto (OpenSSL): the fastest there are, with the processor's SHA instructions. */
export const cryptoEngine = (algorithm: CryptoAlgorithm): DigestEngine => {
  let hash: Hash = createHash(algorithm)
  return {
    update: (chunk) => {
      hash.update(chunk)
    },
    digest: () => hash.digest('hex'),
    reset: () => {
      hash = createHash(algorithm)
    },
  }
}

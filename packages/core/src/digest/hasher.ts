import { BackupError } from '../errors.js'
import { isKnownAlgorithm, unknownAlgorithm } from './algorithms.js'
import { crcEngine } from './crc-engine.js'
import { cryptoEngine } from './crypto-engine.js'
import type { Measure } from './digest.js'
import type { DigestEngine } from './digest-engine.js'
import { entropyEngine } from './entropy-engine.js'
import { hashWasmEngine } from './hash-wasm-engine.js'
import { isPartsMeasure, parsePartsMeasure } from './part-layout.js'
import { partsEngine } from './parts-engine.js'

/** Several digests (and other measures) of one stream in one pass. Synchronous; one stream at a time, any number one after the other. */
export interface MultiHasher {
  /** Chunks of any length. The bytes are not kept: the buffer may be reused afterwards. */
  update(chunk: Uint8Array): void
  /**
   * Ends the stream. Lowercase hexadecimal by algorithm, in the order in which they were asked for; CRCs as numbers in
   * big-endian order, padded; `entropy` as decimal bits per byte. Calling it again gives the same.
   */
  digest(): Readonly<Record<string, string>>
  /** Ready for the next stream, also in the middle of one. Cheap: meant to be called for each of many small files. */
  reset(): void
}

/**
 * A hasher for `algorithms`, of which repetitions count once; none give empty digests. Loads what they need on first use.
 *
 * @throws BackupError `invalid-config` for an unknown algorithm; `unsupported` when hash-wasm is needed and not there. The
 * hasher throws `internal` when `update` follows `digest` without `reset`.
 */
export const createHasher = async (algorithms: readonly Measure[]): Promise<MultiHasher> => {
  const names = [...new Set(algorithms)]
  const engines = await Promise.all(names.map(createEngine))
  let result: Readonly<Record<string, string>> | undefined

  return {
    update: (chunk) => {
      if (result !== undefined) throw updateAfterDigest()
      // Whole chunks: cutting them to the size of a cache was measured and gains nothing.
      for (const engine of engines) engine.update(chunk)
    },
    digest: () => {
      if (result !== undefined) return result
      // A plain loop: this runs once for every small file.
      const values: Record<string, string> = {}
      for (let i = 0; i < names.length; i++) values[names[i]!] = engines[i]!.digest()
      result = values
      return values
    },
    reset: () => {
      result = undefined
      for (const engine of engines) engine.reset()
    },
  }
}

const createEngine = async (algorithm: Measure): Promise<DigestEngine> => {
  if (algorithm === 'entropy') return entropyEngine()
  if (isPartsMeasure(algorithm)) {
    const parts = parsePartsMeasure(algorithm)
    return partsEngine(await createEngine(parts.algorithm), await createEngine(parts.algorithm), parts)
  }
  if (!isKnownAlgorithm(algorithm)) throw unknownAlgorithm(algorithm)
  switch (algorithm) {
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512':
      return cryptoEngine(algorithm)
    case 'crc32':
    case 'crc32c':
    case 'crc64nvme':
      return crcEngine(algorithm)
    case 'blake3':
    case 'xxh3-64':
    case 'xxh3-128':
      return hashWasmEngine(algorithm)
  }
}

const updateAfterDigest = (): BackupError =>
  new BackupError({
    code: 'internal',
    message: 'The hasher was given bytes after its digest was taken. Call reset() before the next stream.',
    operation: 'digest',
  })

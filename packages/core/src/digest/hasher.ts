import { BackupError } from '../errors.js'
import { isKnownAlgorithm, unknownAlgorithm } from './algorithms.js'
import { crcEngine } from './crc-engine.js'
import { cryptoEngine } from './crypto-engine.js'
import type { KnownAlgorithm } from './digest.js'
import type { DigestEngine } from './digest-engine.js'
import { hashWasmEngine } from './hash-wasm-engine.js'

/** Several digests of one stream in one pass. Synchronous; one stream at a time, any number one after the other. */
export interface MultiHasher {
  /** Chunks of any length. The bytes are not kept: the buffer may be reused afterwards. */
  update(chunk: Uint8Array): void
  /**
   * Ends the stream. Lowercase hexadecimal by algorithm, in the order in which they were asked for; CRCs as numbers in
   * big-endian order, padded. Calling it again gives the same.
   */
  digest(): Readonly<Record<string, string>>
  /** Ready for the next stream, also in the middle of one. Cheap: meant to be called for each of many small files. */
  reset(): void
}

/** Each engine gets a slice while it is in the second-level cache. */
const SLICE = 128 * 1024

/**
 * A hasher for `algorithms`, of which repetitions count once; none give empty digests. Loads what they need on first use.
 *
 * @throws BackupError `invalid-config` for an unknown algorithm; `unsupported` when hash-wasm is needed and not there. The
 * hasher throws `internal` when `update` follows `digest` without `reset`.
 */
export const createHasher = async (algorithms: readonly KnownAlgorithm[]): Promise<MultiHasher> => {
  const names = [...new Set(algorithms)]
  const engines = await Promise.all(names.map(createEngine))
  let result: Readonly<Record<string, string>> | undefined

  return {
    update: (chunk) => {
      if (result !== undefined) throw updateAfterDigest()
      if (engines.length === 1) {
        engines[0]!.update(chunk)
        return
      }
      for (let start = 0; start < chunk.length; start += SLICE) {
        const slice = chunk.length <= SLICE ? chunk : chunk.subarray(start, start + SLICE)
        for (const engine of engines) engine.update(slice)
      }
    },
    digest: () => {
      result ??= Object.freeze(Object.fromEntries(names.map((name, i) => [name, engines[i]!.digest()])))
      return result
    },
    reset: () => {
      result = undefined
      for (const engine of engines) engine.reset()
    },
  }
}

const createEngine = async (algorithm: KnownAlgorithm): Promise<DigestEngine> => {
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

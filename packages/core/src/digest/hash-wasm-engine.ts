import type { IHasher } from 'hash-wasm'
import { BackupError } from '../errors.js'
import { CRC_PARAMETERS, type CrcAlgorithm } from './crc-parameters.js'
import type { DigestEngine } from './digest-engine.js'

type HashWasm = typeof import('hash-wasm')
export type HashWasmAlgorithm = 'blake3' | 'xxh3-64' | 'xxh3-128' | 'crc32c' | 'crc64nvme'

/**
 * Digests of hash-wasm, which is loaded at the first call.
 *
 * @throws BackupError `unsupported` when hash-wasm or WebAssembly is missing; `internal` when it computes a CRC wrong.
 */
export const hashWasmEngine = async (algorithm: HashWasmAlgorithm): Promise<DigestEngine> => {
  const hasher = await create(algorithm)
  const engine: DigestEngine = {
    update: (chunk) => {
      hasher.update(chunk)
    },
    digest: () => hasher.digest('hex'),
    reset: () => {
      hasher.init()
    },
  }
  if (algorithm === 'crc32c' || algorithm === 'crc64nvme') checkCrc(engine, algorithm)
  return engine
}

const create = async (algorithm: HashWasmAlgorithm): Promise<IHasher> => {
  try {
    return await CREATE[algorithm](await import('hash-wasm'))
  } catch (cause) {
    throw new BackupError({
      code: 'unsupported',
      message: `${algorithm} is computed by the package hash-wasm, which could not be started. It must be installed, and WebAssembly must not be switched off.`,
      operation: 'digest',
      cause,
    })
  }
}

const CREATE: Readonly<Record<HashWasmAlgorithm, (hashWasm: HashWasm) => Promise<IHasher>>> = {
  blake3: (hashWasm) => hashWasm.createBLAKE3(),
  'xxh3-64': (hashWasm) => hashWasm.createXXHash3(),
  'xxh3-128': (hashWasm) => hashWasm.createXXHash128(),
  crc32c: (hashWasm) => hashWasm.createCRC32(Number.parseInt(CRC_PARAMETERS.crc32c.reflected, 16)),
  crc64nvme: (hashWasm) => hashWasm.createCRC64(CRC_PARAMETERS.crc64nvme.reflected),
}

/** hash-wasm takes any polynomial, and a wrong one gives wrong values in silence. */
const checkCrc = (engine: DigestEngine, algorithm: CrcAlgorithm): void => {
  engine.update(Buffer.from('123456789'))
  const value = engine.digest()
  engine.reset()
  if (value === CRC_PARAMETERS[algorithm].check) return
  throw new BackupError({
    code: 'internal',
    message: `hash-wasm computes ${algorithm} of "123456789" as ${value} instead of ${CRC_PARAMETERS[algorithm].check}. Install the version that Backproof asks for.`,
    operation: 'digest',
  })
}

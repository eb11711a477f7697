import { type CrcKernel, compileCrcKernel, startRegister } from './crc-kernel.js'
import type { CrcAlgorithm } from './crc-parameters.js'
import type { DigestEngine } from './digest-engine.js'
import { hashWasmEngine } from './hash-wasm-engine.js'

/** CRCs by the folding kernel; where WebAssembly SIMD is missing, by Node itself (crc32) or by hash-wasm. */
export const crcEngine = async (algorithm: CrcAlgorithm): Promise<DigestEngine> => {
  const kernel = kernelOf(algorithm)
  if (kernel !== undefined) return kernelEngine(kernel, algorithm)
  return algorithm === 'crc32' ? zlibEngine() : hashWasmEngine(algorithm)
}

const kernelEngine = (kernel: CrcKernel, algorithm: CrcAlgorithm): DigestEngine => {
  const register = startRegister(algorithm)
  return {
    update: (chunk) => {
      kernel.advance(register, chunk)
    },
    digest: () => kernel.value(register),
    reset: () => {
      Object.assign(register, startRegister(algorithm))
    },
  }
}

/** Loaded here: nearly everywhere the kernel works, and importing core has to be cheap. */
const zlibEngine = async (): Promise<DigestEngine> => {
  const { crc32 } = await import('node:zlib')
  let value = 0
  return {
    update: (chunk) => {
      value = crc32(chunk, value)
    },
    digest: () => value.toString(16).padStart(8, '0'),
    reset: () => {
      value = 0
    },
  }
}

/** Kernels compiled so far. They keep nothing between calls, so every hasher of a thread may share them. */
const kernels = new Map<CrcAlgorithm, CrcKernel | undefined>()

const kernelOf = (algorithm: CrcAlgorithm): CrcKernel | undefined => {
  if (!kernels.has(algorithm)) kernels.set(algorithm, compileCrcKernel(algorithm))
  return kernels.get(algorithm)
}

import { foldLayout, foldModule, SLICES } from './crc-fold-module.js'
import { CRC_PARAMETERS, type CrcAlgorithm, type CrcParameters } from './crc-parameters.js'

/** The CRC register, not inverted. `high` is 0 for 32-bit CRCs. */
export interface CrcRegister {
  low: number
  high: number
}

/** A compiled kernel. It keeps nothing between calls: any number of streams may take turns on it. */
export interface CrcKernel {
  /** Takes the register over `bytes`. */
  advance(register: CrcRegister, bytes: Uint8Array): void
  /** Hexadecimal CRC of what the register has seen: inverted, big-endian, padded. */
  value(register: CrcRegister): string
}

/** The parts of WebAssembly used here; Node's types leave it to the DOM library. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => object
  Instance: new (
    module: object,
  ) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly run: (length: number) => void }
  }
}

/** Input of one call into the kernel: within the second-level cache, and long against what folding leaves over. */
const CAPACITY = 256 * 1024

/** The register before the first byte. */
export const startRegister = (algorithm: CrcAlgorithm): CrcRegister => ({
  low: 0xffffffff,
  high: CRC_PARAMETERS[algorithm].bits === 64 ? 0xffffffff : 0,
})

/**
 * Compiles the kernel of an algorithm and checks it; a few milliseconds. `undefined` where WebAssembly SIMD is missing
 * or gives wrong results; the caller then computes in another way.
 */
export const compileCrcKernel = (algorithm: CrcAlgorithm): CrcKernel | undefined => {
  const api = (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly
  if (api === undefined) return undefined
  const parameters = CRC_PARAMETERS[algorithm]
  const layout = foldLayout(parameters, CAPACITY)
  const bytes = foldModule(parameters, layout)
  if (!api.validate(bytes)) return undefined
  const { memory, run } = new api.Instance(new api.Module(bytes)).exports
  const view = new DataView(memory.buffer)
  writeTables(view, layout.tables, parameters)
  const input = new Uint8Array(memory.buffer, layout.input, CAPACITY)
  const { state } = layout

  const kernel: CrcKernel = {
    advance: (register, chunk) => {
      view.setUint32(state, register.low, true)
      view.setUint32(state + 4, register.high, true)
      for (let start = 0; start < chunk.length; start += CAPACITY) {
        const piece = chunk.length <= CAPACITY ? chunk : chunk.subarray(start, start + CAPACITY)
        input.set(piece)
        run(piece.length)
      }
      register.low = view.getUint32(state, true)
      register.high = view.getUint32(state + 4, true)
    },
    value: ({ low, high }) => (parameters.bits === 64 ? invertedHex(high) : '') + invertedHex(low),
  }
  return isRight(kernel, algorithm, layout.foldFrom) ? kernel : undefined
}

/** Table 0: the effect of one byte, bit by bit. Each further table: one more zero byte. */
const writeTables = (view: DataView, address: number, { reflected, bits }: CrcParameters): void => {
  const entries = SLICES * 256
  const low = new Uint32Array(entries)
  const high = new Uint32Array(entries)
  const polynomial = reflected.padStart(16, '0')
  const polynomialHigh = Number.parseInt(polynomial.slice(0, 8), 16)
  const polynomialLow = Number.parseInt(polynomial.slice(8), 16)
  for (let entry = 0; entry < 256; entry++) {
    let l = entry
    let h = 0
    for (let bit = 0; bit < 8; bit++) {
      const out = -(l & 1)
      l = ((l >>> 1) | (h << 31)) ^ (polynomialLow & out)
      h = (h >>> 1) ^ (polynomialHigh & out)
    }
    low[entry] = l
    high[entry] = h
  }
  for (let entry = 256; entry < entries; entry++) {
    const l = low[entry - 256]!
    const h = high[entry - 256]!
    low[entry] = ((l >>> 8) | (h << 24)) ^ low[l & 0xff]!
    high[entry] = (h >>> 8) ^ high[l & 0xff]!
  }
  for (let entry = 0; entry < entries; entry++) {
    view.setUint32(address + (entry * bits) / 8, low[entry]!, true)
    if (bits === 64) view.setUint32(address + entry * 8 + 4, high[entry]!, true)
  }
}

const invertedHex = (word: number): string => (~word >>> 0).toString(16).padStart(8, '0')

/** The published check value proves the way byte by byte; that way proves the sixteen-byte and the folding one. */
const isRight = (kernel: CrcKernel, algorithm: CrcAlgorithm, foldFrom: number): boolean => {
  const crcOf = (bytes: Uint8Array, pieceLength: number): string => {
    const register = startRegister(algorithm)
    for (let start = 0; start < bytes.length; start += pieceLength) {
      kernel.advance(register, bytes.subarray(start, start + pieceLength))
    }
    return kernel.value(register)
  }
  if (crcOf(Buffer.from('123456789'), 9) !== CRC_PARAMETERS[algorithm].check) return false
  const sample = new Uint8Array(foldFrom + 1000)
  for (let i = 0; i < sample.length; i++) sample[i] = Math.imul(i + 1, 0x9e3779b1) >>> 24
  const expected = crcOf(sample, 1)
  return crcOf(sample, 100) === expected && crcOf(sample, sample.length) === expected
}

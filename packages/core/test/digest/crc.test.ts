import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { foldLayout, foldModule } from '../../src/digest/crc-fold-module.js'
import { compileCrcKernel, startRegister } from '../../src/digest/crc-kernel.js'
import { CRC_PARAMETERS, type CrcAlgorithm } from '../../src/digest/crc-parameters.js'
import { bitwiseCrc, degree, GENERATORS } from './crc-oracle.js'

declare const WebAssembly: { validate(bytes: Uint8Array): boolean; Module: new (bytes: Uint8Array) => object }

const ALGORITHMS: readonly CrcAlgorithm[] = ['crc32', 'crc32c', 'crc64nvme']

const kernelOf = (algorithm: CrcAlgorithm): NonNullable<ReturnType<typeof compileCrcKernel>> => {
  const kernel = compileCrcKernel(algorithm)
  if (kernel === undefined)
    throw new Error(`no kernel for ${algorithm}: WebAssembly SIMD is missing or the kernel is wrong`)
  return kernel
}

const crc = (algorithm: CrcAlgorithm, pieces: readonly Uint8Array[]): string => {
  const kernel = kernelOf(algorithm)
  const register = startRegister(algorithm)
  for (const piece of pieces) kernel.advance(register, piece)
  return kernel.value(register)
}

const noise = (length: number, seed: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  let state = seed | 1
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state
  }
  return bytes
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const parameters = CRC_PARAMETERS[algorithm]

  it('has the published check value, also by the oracle', () => {
    const published = { crc32: 'cbf43926', crc32c: 'e3069283', crc64nvme: 'ae8b14860a799888' }[algorithm]
    expect(bitwiseCrc(algorithm, Buffer.from('123456789'))).toBe(published)
    expect(crc(algorithm, [Buffer.from('123456789')])).toBe(published)
    expect(parameters.check).toBe(published)
  })

  it('has the generator of the standards, reversed', () => {
    const generator = GENERATORS[algorithm]
    expect(degree(generator)).toBe(parameters.bits)
    const withoutLeading = generator.toString(2).slice(1)
    expect(BigInt(`0b${[...withoutLeading].reverse().join('')}`).toString(16)).toBe(parameters.reflected)
  })

  it('folds by a true multiple of the generator', () => {
    const last = parameters.taps.at(-1)!
    const terms = [last, ...parameters.taps.map((tap) => last - tap)]
    expect(new Set(terms).size).toBe(terms.length)
    expect(parameters.taps).toEqual([...parameters.taps].sort((a, b) => a - b))
    // No vector may depend on one of the same unrolled step.
    expect(parameters.taps[0]).toBeGreaterThanOrEqual(64)
    let rest = terms.reduce((sum, term) => sum ^ (1n << BigInt(8 * term)), 0n)
    const generator = GENERATORS[algorithm]
    for (let power = 8 * last; power >= parameters.bits; power--) {
      if ((rest >> BigInt(power)) & 1n) rest ^= generator << BigInt(power - parameters.bits)
    }
    expect(rest).toBe(0n)
  })

  it('agrees with the oracle around every boundary of the kernel', () => {
    const { window, foldFrom } = foldLayout(parameters, 1)
    const lengths = [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, window - 1, window, window + 1]
    for (let d = -17; d <= 80; d++) lengths.push(foldFrom + d)
    for (const length of lengths) {
      const bytes = noise(length, length + 7)
      expect([length, crc(algorithm, [bytes])]).toEqual([length, bitwiseCrc(algorithm, bytes)])
    }
  })

  it('agrees with the oracle across pieces longer than the kernel takes at once', () => {
    const capacity = 256 * 1024
    const bytes = noise(capacity * 2 + 5, 99)
    const expected = bitwiseCrc(algorithm, bytes)
    expect(crc(algorithm, [bytes])).toBe(expected)
    expect(crc(algorithm, [bytes.subarray(0, capacity - 1), bytes.subarray(capacity - 1)])).toBe(expected)
    expect(crc(algorithm, [bytes.subarray(0, capacity), bytes.subarray(capacity)])).toBe(expected)
  })

  it('agrees with the oracle on random bytes in random pieces', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.integer(), fc.array(fc.nat(20_000), { maxLength: 5 }), (length, seed, cuts) => {
        const bytes = noise(length, seed)
        const bounds = [0, ...cuts.map((cut) => Math.min(cut, length)).sort((a, b) => a - b), length]
        const pieces = bounds.slice(1).map((end, i) => bytes.subarray(bounds[i], end))
        expect(crc(algorithm, pieces)).toBe(bitwiseCrc(algorithm, bytes))
      }),
      { numRuns: 60 },
    )
  })

  it('sees every flipped bit in what is folded, in what is left and at the seams', () => {
    const { foldFrom } = foldLayout(parameters, 1)
    const bytes = noise(foldFrom + 333, 5)
    const whole = crc(algorithm, [bytes])
    const kernel = kernelOf(algorithm)
    for (let position = 0; position < bytes.length; position++) {
      const damaged = Uint8Array.from(bytes)
      damaged[position]! ^= 1 << (position % 8)
      const register = startRegister(algorithm)
      kernel.advance(register, damaged)
      expect(kernel.value(register)).not.toBe(whole)
    }
  })

  it('leaves the bytes it is given alone', () => {
    const bytes = noise(10_000, 3)
    const copy = Uint8Array.from(bytes)
    crc(algorithm, [bytes])
    expect(Buffer.compare(bytes, copy)).toBe(0)
  })

  it('takes shared memory', () => {
    const bytes = noise(10_000, 4)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    expect(crc(algorithm, [shared])).toBe(bitwiseCrc(algorithm, bytes))
  })

  it('is not used where WebAssembly SIMD is missing, and the values stay right', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    expect(compileCrcKernel(algorithm)).toBeUndefined()
    const { createHasher } = await import('../../src/digest/hasher.js')
    const bytes = noise(50_000, 11)
    const hasher = await createHasher([algorithm])
    hasher.update(bytes.subarray(0, 30_001))
    hasher.update(bytes.subarray(30_001))
    expect(hasher.digest()).toEqual({ [algorithm]: bitwiseCrc(algorithm, bytes) })
    hasher.reset()
    hasher.update(Buffer.from('123456789'))
    expect(hasher.digest()).toEqual({ [algorithm]: parameters.check })
  })

  it('is not used where the kernel gives wrong values', () => {
    const { Module } = WebAssembly
    const broken = { ...parameters, taps: parameters.taps.map((tap, i) => (i === 0 ? tap + 1 : tap)) }
    vi.spyOn(WebAssembly, 'Module').mockImplementation(function module() {
      return new Module(foldModule(broken, foldLayout(parameters, 256 * 1024)))
    } as never)
    expect(compileCrcKernel(algorithm)).toBeUndefined()
  })
})

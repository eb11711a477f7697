import type { CrcAlgorithm } from '../../src/digest/crc-parameters.js'

/** Polynomials in normal form, with the leading power, as the standards print them: IEEE 802.3, RFC 3720, NVM Express. */
export const GENERATORS: Readonly<Record<CrcAlgorithm, bigint>> = {
  crc32: 0x1_04c11db7n,
  crc32c: 0x1_1edc6f41n,
  crc64nvme: 0x1_ad93d23594c93659n,
}

export const degree = (polynomial: bigint): number => polynomial.toString(2).length - 1

/** Bit after bit, by the definition and not by tables, in normal (not reflected) order: shares nothing with the sources. */
export const bitwiseCrc = (algorithm: CrcAlgorithm, bytes: Uint8Array): string => {
  const generator = GENERATORS[algorithm]
  const bits = degree(generator)
  const words = bits / 32
  // Highest word first.
  const polynomial = Array.from({ length: words }, (_, i) =>
    Number((generator >> BigInt(32 * (words - 1 - i))) & 0xffffffffn),
  )
  const register = polynomial.map(() => 0xffffffff)
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const out = (register[0]! >>> 31) ^ ((byte >> bit) & 1)
      for (let i = 0; i < words; i++) {
        const carry = i + 1 < words ? register[i + 1]! >>> 31 : 0
        register[i] = ((register[i]! << 1) | carry) ^ (out === 1 ? polynomial[i]! : 0)
      }
    }
  }
  const text = register.map((word) => (~word >>> 0).toString(2).padStart(32, '0')).join('')
  return BigInt(`0b${[...text].reverse().join('')}`)
    .toString(16)
    .padStart(bits / 4, '0')
}

import { type Oracle, POLYNOMIALS } from './digests.js'
import type { Random } from './random.js'

export type Crc = keyof typeof POLYNOMIALS

/**
 * Other bytes of the same length with the same CRC: the two differ by the generator itself, shifted. A CRC is linear, so that
 * what differs by a multiple of the generator has the same. Bits are taken lowest first.
 */
export const sameCrc = (bytes: Uint8Array, algorithm: Crc, random: Random): Uint8Array => {
  const { bits, normal } = POLYNOMIALS[algorithm]
  const generator = `1${normal.toString(2).padStart(bits, '0')}`
  const shift = random.below(bytes.length * 8 - bits)
  const other = Uint8Array.from(bytes)
  for (let i = 0; i <= bits; i++) {
    if (generator[i] === '1') other[(shift + i) >> 3]! ^= 1 << ((shift + i) & 7)
  }
  return other
}

/** The content, longer by so many bytes (at least 8), of which the last are such that its CRC stays. */
export const longerWithSameCrc = (
  bytes: Uint8Array,
  algorithm: Crc,
  more: number,
  { oracle, random }: { readonly oracle: Oracle; readonly random: Random },
): Uint8Array => {
  const { bits } = POLYNOMIALS[algorithm]
  const crcOf = (content: Uint8Array): bigint => BigInt(`0x${oracle.full(algorithm, content)}`)
  const other = new Uint8Array(bytes.length + more)
  other.set(bytes)
  other.set(random.bytes(more - bits / 8), bytes.length)
  const from = other.length - bits / 8
  // What each of the last bits does to the CRC does not depend on the others: Gauss's elimination finds which to set.
  const nothing = new Uint8Array(bits / 8)
  const base = crcOf(nothing)
  const rows = Array.from({ length: bits }, (_, i) => {
    const one = Uint8Array.from(nothing)
    one[i >> 3] = 1 << (i & 7)
    return { effect: crcOf(one) ^ base, set: 1n << BigInt(i) }
  })
  let wanted = crcOf(bytes) ^ crcOf(other)
  let chosen = 0n
  for (let bit = BigInt(bits) - 1n; bit >= 0n; bit--) {
    const pivot = rows.findIndex(({ effect }) => (effect >> bit) & 1n)
    if (pivot < 0) continue
    const [row] = rows.splice(pivot, 1)
    for (const one of rows) {
      if (!((one.effect >> bit) & 1n)) continue
      one.effect ^= row!.effect
      one.set ^= row!.set
    }
    if (!((wanted >> bit) & 1n)) continue
    wanted ^= row!.effect
    chosen ^= row!.set
  }
  for (let i = 0; i < bits; i++) if ((chosen >> BigInt(i)) & 1n) other[from + (i >> 3)]! ^= 1 << (i & 7)
  return other
}

/**
 * Two contents with one MD5: X. Wang, D. Feng, X. Lai, H. Yu, "Collisions for Hash Functions MD4, MD5, HAVAL-128 and RIPEMD"
 * (2004). What is put behind both keeps it.
 */
export const SAME_MD5: readonly [Uint8Array, Uint8Array] = [
  Buffer.from(
    'd131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f8955ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5b' +
      'd8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70',
    'hex',
  ),
  Buffer.from(
    'd131dd02c5e6eec4693d9a0698aff95c2fcab50712467eab4004583eb8fb7f8955ad340609f4b30283e4888325f1415a085125e8f7cdc99fd91dbd7280373c5b' +
      'd8823e3156348f5bae6dacd436c919c6dd53e23487da03fd02396306d248cda0e99f33420f577ee8ce54b67080280d1ec69821bcb6a8839396f965ab6ff72a70',
    'hex',
  ),
]

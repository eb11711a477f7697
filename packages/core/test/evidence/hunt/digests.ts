import { createHash } from 'node:crypto'
import { createBLAKE3, createXXHash3, createXXHash128, type IHasher } from 'hash-wasm'

/** The digests of small contents, by other code than that of core. */
export interface Oracle {
  readonly full: (algorithm: string, bytes: Uint8Array) => string
  /** The digest over the raw digests of parts of these sizes, and theirs. */
  readonly parts: (
    algorithm: string,
    bytes: Uint8Array,
    sizes: readonly number[],
  ) => { readonly value: string; readonly values: readonly string[] }
}

export const BITS: Readonly<Record<string, number>> = {
  md5: 128,
  sha1: 160,
  sha256: 256,
  sha512: 512,
  crc32: 32,
  crc32c: 32,
  crc64nvme: 64,
  blake3: 256,
  'xxh3-64': 64,
  'xxh3-128': 128,
}

export const STRENGTHS = ['error-detecting', 'legacy', 'cryptographic'] as const

/** How strong an algorithm is, by its place in `STRENGTHS`; below all for one that is not known. */
export const strengthRank = (algorithm: string): number => {
  if (['sha256', 'sha512', 'blake3'].includes(algorithm)) return 2
  if (['md5', 'sha1'].includes(algorithm)) return 1
  return algorithm in BITS ? 0 : -1
}

export const ALGORITHMS: readonly string[] = Object.keys(BITS)

interface Polynomial {
  readonly bits: number
  /** Without its leading power, highest power first. */
  readonly normal: bigint
}

export const POLYNOMIALS: Readonly<Record<'crc32' | 'crc32c' | 'crc64nvme', Polynomial>> = {
  crc32: { bits: 32, normal: 0x04c11db7n },
  crc32c: { bits: 32, normal: 0x1edc6f41n },
  crc64nvme: { bits: 64, normal: 0xad93d23594c93659n },
}

export const createOracle = async (): Promise<Oracle> => {
  const wasm: Readonly<Record<string, IHasher>> = {
    blake3: await createBLAKE3(),
    'xxh3-64': await createXXHash3(),
    'xxh3-128': await createXXHash128(),
  }
  const tables = new Map<string, ReturnType<typeof crcTable>>(
    Object.entries(POLYNOMIALS).map(([name, polynomial]) => [name, crcTable(polynomial)]),
  )
  const full = (algorithm: string, bytes: Uint8Array): string => {
    const table = tables.get(algorithm)
    if (table !== undefined) return table(bytes)
    const hasher = wasm[algorithm]
    return hasher === undefined
      ? createHash(algorithm).update(bytes).digest('hex')
      : hasher.init().update(bytes).digest('hex')
  }
  return {
    full,
    parts: (algorithm, bytes, sizes) => {
      let at = 0
      const values = sizes.map((size) => {
        at += size
        return full(algorithm, bytes.subarray(at - size, at))
      })
      return { value: full(algorithm, Buffer.from(values.join(''), 'hex')), values }
    },
  }
}

/** A reflected CRC that starts with all ones and is inverted, byte by byte over a table of 256. */
const crcTable = ({ bits, normal }: Polynomial): ((bytes: Uint8Array) => string) => {
  const reflected = BigInt(`0b${[...normal.toString(2).padStart(bits, '0')].reverse().join('')}`)
  const ones = (1n << BigInt(bits)) - 1n
  const entries = Array.from({ length: 256 }, (_, byte) => {
    let entry = BigInt(byte)
    for (let i = 0; i < 8; i++) entry = entry & 1n ? (entry >> 1n) ^ reflected : entry >> 1n
    return entry
  })
  const low = Uint32Array.from(entries, (entry) => Number(entry & 0xffffffffn))
  const high = Uint32Array.from(entries, (entry) => Number(entry >> 32n))
  const start = bits === 64 ? Number(ones >> 32n) : 0
  return (bytes) => {
    let [l, h] = [0xffffffff, start]
    for (let i = 0; i < bytes.length; i++) {
      const at = (l ^ bytes[i]!) & 0xff
      l = (((l >>> 8) | (h << 24)) ^ low[at]!) >>> 0
      h = ((h >>> 8) ^ high[at]!) >>> 0
    }
    const hex = (word: number): string => (~word >>> 0).toString(16).padStart(8, '0')
    return bits === 64 ? hex(h) + hex(l) : hex(l)
  }
}

import { createCipheriv, createHash } from 'node:crypto'

export const KIB = 1024
export const MIB = 1024 * KIB

/** Bytes that only this name has, and always the same: a key stream, so that no two objects share a part. */
export const bytesOf = (name: string, size: number): Buffer => {
  const key = createHash('sha256').update(name).digest().subarray(0, 16)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size))
}

/** The same bytes but for one, at `offset`. */
export const flipped = (bytes: Buffer, offset: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[offset] = copy[offset]! ^ 1
  return copy
}

/** `size` bytes in even parts but for the last; nothing is one part of nothing. */
export const evenly = (size: number, part: number): readonly number[] =>
  Array.from({ length: Math.max(1, Math.ceil(size / part)) }, (_, i) => Math.min(part, size - i * part))

/** An object as it is uploaded everywhere. */
export interface Content {
  readonly key: string
  readonly size: number
  /** Of its multipart upload. */
  readonly partSizes: readonly number[]
}

export const content = (key: string, partSizes: readonly number[]): Content => ({
  key,
  size: partSizes.reduce((sum, size) => sum + size, 0),
  partSizes,
})

/**
 * 300 objects of 0 bytes to 64 MiB, 170 MiB in all: an empty one, one of a byte, uneven parts, an empty last part, one part, and the
 * parts that tools make of large files. What is in several parts has at least 5 KiB: to read less costs less, by the list
 * prices, than to ask about its parts.
 */
export const threeHundred = (): readonly Content[] => [
  content('empty', [0]),
  content('one-byte', [1]),
  content('empty-last-part', [5 * KIB, 0]),
  content('large/in-8-mib', evenly(64 * MIB, 8 * MIB)),
  content('large/in-5-mib', evenly(40 * MIB + 1, 5 * MIB)),
  content('large/in-16-mib', evenly(33 * MIB - 1, 16 * MIB)),
  ...[5, 7].map((part) => content(`middle/in-${part}-mib`, evenly(16 * MIB - 4_321, part * MIB))),
  ...Array.from({ length: 292 }, (_, i) => {
    const rest = Array.from({ length: i % 6 }, (__, part) => 1 + ((i * 7919 + part * 104_729) % (3 * KIB)))
    return content(`small/${i}`, [...rest, 5 * KIB + i])
  }),
]

export const sizeOf = (contents: readonly Content[]): number => contents.reduce((sum, { size }) => sum + size, 0)

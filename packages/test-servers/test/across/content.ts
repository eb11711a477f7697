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
 * 300 objects of 0 bytes to 64 MiB, 256 MiB in all: empty ones and ones of a byte, uneven parts, empty last parts, one part, and
 * the parts that tools make of large files.
 */
export const threeHundred = (): readonly Content[] => [
  content('empty', [0]),
  content('one-byte', [1]),
  content('empty-last-part', [5 * KIB, 0]),
  ...[5, 8, 16].map((part) => content(`large/in-${part}-mib`, evenly(64 * MIB, part * MIB))),
  ...[5, 7, 16, 1].map((part) => content(`middle/in-${part}-mib`, evenly(16 * MIB - 4_321, part * MIB))),
  ...Array.from({ length: 290 }, (_, i) =>
    content(
      `small/${i}`,
      Array.from({ length: 1 + (i % 6) }, (__, part) => 1 + ((i * 7919 + part * 104_729) % (3 * KIB))),
    ),
  ),
]

export const sizeOf = (contents: readonly Content[]): number => contents.reduce((sum, { size }) => sum + size, 0)

import { isUtf8 } from 'node:buffer'

/**
 * Canonical key order: by the bytes of the key, as in S3, in `LC_ALL=C sort`, and in UTF-8 code-point order.
 *
 * JavaScript's `<` compares UTF-16 code units, which puts U+E000-U+FFFF after astral characters, and escaped bytes
 * (U+DC80-DCFF) in the wrong place: only where a surrogate decides are the bytes compared.
 */
export const compareKeys = (a: string, b: string): number => {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    if ((x & 0xf800) !== 0xd800 && (y & 0xf800) !== 0xd800) return x < y ? -1 : 1
    return Buffer.compare(keyToBytes(a), keyToBytes(b))
  }
  return a.length < b.length ? -1 : a.length > b.length ? 1 : 0
}

/**
 * The key for a name in bytes. Valid UTF-8 is decoded; every byte that is not part of valid UTF-8 becomes the lone
 * surrogate U+DC00 + byte (U+DC80-DCFF), as Python's `surrogateescape` does (PEP 383).
 */
export const keyFromBytes = (bytes: Uint8Array): string => {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  let out = ''
  let i = 0
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i)
    if (length === 0) {
      out += String.fromCharCode(0xdc00 + bytes[i]!)
      i += 1
    } else {
      out += Buffer.from(bytes.buffer, bytes.byteOffset + i, length).toString('utf8')
      i += length
    }
  }
  return out
}

/** The bytes of a key: UTF-8, with U+DC80-DCFF standing alone turned back into the bytes they escape. */
export const keyToBytes = (key: string): Uint8Array => {
  if (key.isWellFormed()) return Buffer.from(key, 'utf8')
  const pieces: Uint8Array[] = []
  let start = 0
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i)
    if ((unit & 0xf800) !== 0xd800) continue
    const next = key.charCodeAt(i + 1)
    if (unit < 0xdc00 && (next & 0xfc00) === 0xdc00) {
      i += 1
      continue
    }
    if (i > start) pieces.push(Buffer.from(key.slice(start, i), 'utf8'))
    // A lone surrogate that escapes no byte has no UTF-8; its three-byte form keeps keys distinct and ordered.
    pieces.push(
      unit >= 0xdc80 && unit <= 0xdcff
        ? Uint8Array.of(unit - 0xdc00)
        : Uint8Array.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)),
    )
    start = i + 1
  }
  if (start < key.length) pieces.push(Buffer.from(key.slice(start), 'utf8'))
  return Buffer.concat(pieces)
}

/**
 * A key for people: control characters, escapes, lone surrogates, bidirectional and zero-width characters and
 * backslashes are written as `\n`, `\x1b`, `\u202e`, `\\` ..., so that a name can neither drive a terminal nor look like another.
 */
export const escapeKey = (key: string): string =>
  key.replace(UNSAFE, (character) => {
    const known = SHORT[character]
    if (known !== undefined) return known
    const unit = character.codePointAt(0)!
    if (unit >= 0xdc80 && unit <= 0xdcff) return `\\x${(unit - 0xdc00).toString(16)}`
    if (unit < 0x100) return `\\x${unit.toString(16).padStart(2, '0')}`
    return `\\u${unit.toString(16).padStart(4, '0')}`
  })

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\\\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Bytes of the valid UTF-8 sequence at `i`, or 0 (RFC 3629, table 3-7 of the Unicode standard). */
const sequenceLength = (bytes: Uint8Array, i: number): number => {
  const first = bytes[i]!
  if (first < 0x80) return 1
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0
  if (length === 0 || i + length > bytes.length) return 0
  return isUtf8(bytes.subarray(i, i + length)) ? length : 0
}

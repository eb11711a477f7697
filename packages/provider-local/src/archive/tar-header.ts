/**
 * One header block of a tar archive: POSIX.1-1988 ustar, and what GNU tar and star put in its place.
 * Formats: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html ("ustar Interchange Format") and
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html.
 */

export const BLOCK = 512

/** Text has one byte a character. Numbers are safe integers. */
export interface TarHeader {
  readonly name: string
  readonly linkName: string
  /** One character; `0` for the NUL that old archives have for a file. */
  readonly type: string
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly mtime: number
}

/** What is wrong with a header block, in words that follow "its header". */
export interface BadHeader {
  readonly bad: string
}

export const isZeroBlock = (block: Buffer): boolean => {
  for (let i = 0; i < BLOCK; i++) if (block[i] !== 0) return false
  return true
}

/** Reads a block whose checksum must hold. */
export const parseTarHeader = (block: Buffer): TarHeader | BadHeader => {
  const stored = numberAt(block, 148, 8)
  if (stored === undefined || !sumsTo(block, stored)) return { bad: 'does not have the checksum it states' }
  const size = numberAt(block, 124, 12)
  if (size === undefined || size < 0) return { bad: 'states no size that can be' }
  const mode = numberAt(block, 100, 8)
  const uid = numberAt(block, 108, 8)
  const gid = numberAt(block, 116, 8)
  const mtime = numberAt(block, 136, 12)
  if (mode === undefined || uid === undefined || gid === undefined || mtime === undefined) {
    return { bad: 'holds a number (mode, owner or time) that cannot be read' }
  }
  const flag = block[156]!
  return {
    name: prefixOf(block) + textAt(block, 0, 100),
    linkName: textAt(block, 157, 100),
    type: flag === 0 ? '0' : String.fromCharCode(flag),
    size,
    mode,
    uid,
    gid,
    mtime,
  }
}

/** Text up to a NUL or the end of the field, one byte a character. */
const textAt = (block: Buffer, start: number, length: number): string => {
  const nul = block.indexOf(0, start)
  return block.toString('latin1', start, nul === -1 || nul > start + length ? start + length : nul)
}

/** GNU tar has other things where POSIX has the prefix; star ends it early for its times. */
const prefixOf = (block: Buffer): string => {
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return ''
  const isStar = block.toString('latin1', 508, 512) === 'tar\0'
  const prefix = textAt(block, 345, isStar ? 131 : 155)
  return prefix === '' ? '' : `${prefix}/`
}

/** Octal digits between blanks and NULs, or base 256 with the highest bit set; `undefined` for anything else. */
export const numberAt = (block: Buffer, start: number, length: number): number | undefined => {
  const first = block[start]!
  if (first >= 0x80) return base256(block, start, length)
  let i = start
  const end = start + length
  while (i < end && block[i] === 0x20) i++
  let value = 0
  while (i < end && block[i]! >= 0x30 && block[i]! <= 0x37) value = value * 8 + block[i++]! - 0x30
  while (i < end && (block[i] === 0x20 || block[i] === 0)) i++
  return i === end && Number.isSafeInteger(value) ? value : undefined
}

const base256 = (block: Buffer, start: number, length: number): number | undefined => {
  const negative = (block[start]! & 0x40) !== 0
  let value = BigInt(negative ? (block[start]! & 0x7f) - 0x80 : block[start]! & 0x7f)
  for (let i = start + 1; i < start + length; i++) value = value * 256n + BigInt(block[i]!)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/** The sum of all bytes, with blanks for the sum itself. Very old tars added signed bytes. */
const sumsTo = (block: Buffer, stored: number): boolean => {
  let unsigned = 0
  let high = 0
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : block[i]!
    unsigned += byte
    high += byte >> 7
  }
  return stored === unsigned || stored === unsigned - 256 * high
}

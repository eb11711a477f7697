import type { ParquetParts } from './parquet-parts.js'

/** Larger than any block that writers make (128, or a few times that). */
const LARGEST_BLOCK = 65_536

/**
 * Walks numbers that are encoded by deltas (DELTA_BINARY_PACKED) before hyparquet reads them, which believes the sizes of blocks:
 * one of no values would never end.
 *
 * Format: https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 *
 * @param count Values that the page has.
 * @returns The place behind them.
 */
const deltasEnd = (bytes: Uint8Array, start: number, count: number, refuse: (what: string) => Error): number => {
  let at = start
  const broken = (): Error => refuse('its numbers, encoded by deltas, are damaged')
  const varint = (): number => {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const next = bytes[at++]
      if (next === undefined) throw broken()
      value += (next & 0x7f) * 2 ** (7 * i)
      if (next < 0x80) return value
    }
    throw broken()
  }
  const [block, miniblocks, total] = [varint(), varint(), varint()]
  varint()
  const values = block / miniblocks
  if (block < 1 || block > LARGEST_BLOCK || !Number.isInteger(values) || values % 8 !== 0) throw broken()
  if (total !== count) throw refuse(`a page of it has ${count} values, but encodes ${total}`)
  for (let left = count - 1; left > 0; ) {
    varint()
    const widths = bytes.subarray(at, at + miniblocks)
    if (widths.length !== miniblocks) throw broken()
    at += miniblocks
    for (const width of widths) {
      if (left <= 0) break
      if (width > 64) throw broken()
      at += (values / 8) * width
      left -= values
    }
    if (at > bytes.length) throw broken()
  }
  return at
}

/**
 * Checks values that are encoded by deltas. Texts that begin as the one before (DELTA_BYTE_ARRAY) may be much longer than the page:
 * what they add up to is bounded.
 */
export const checkDeltas = (
  bytes: Uint8Array,
  at: { readonly start: number; readonly count: number; readonly encoding: string; readonly longest: number },
  parts: ParquetParts,
  refuse: (what: string) => Error,
): void => {
  const { start, count, encoding, longest } = at
  if (count === 0) return
  const lengths = (from: number): { readonly end: number; readonly values: Int32Array } => {
    const end = deltasEnd(bytes, from, count, refuse)
    const values = new Int32Array(count)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    parts.delta.deltaBinaryUnpack({ view, offset: from }, count, values)
    if (values.some((length) => length < 0 || length > bytes.length))
      throw refuse('a text in it has a length that is none')
    return { end, values }
  }
  if (encoding === 'DELTA_BINARY_PACKED') {
    deltasEnd(bytes, start, count, refuse)
    return
  }
  const first = lengths(start)
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') return
  const suffixes = lengths(first.end)
  let sum = 0
  let before = 0
  for (let i = 0; i < count; i++) {
    if (first.values[i]! > before) throw refuse('a text in it begins with more than there is of the one before')
    before = first.values[i]! + suffixes.values[i]!
    sum += before
    if (sum > longest) throw refuse(`the texts of a page of it have more than ${longest} bytes`)
  }
}

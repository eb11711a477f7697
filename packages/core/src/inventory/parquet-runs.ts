/** What writers may add to fill up a run of packed values: 63 groups of 8. */
const PADDING = 504

/**
 * Checks runs of the RLE and bit-packing hybrid before hyparquet reads them, which writes as many values as a run claims: none may
 * be longer than what the page holds, and together they must hold all of it.
 *
 * Format: https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 *
 * @param width Bits of a value. @param count Values that the page holds.
 */
export const checkRuns = (
  bytes: Uint8Array,
  { width, count }: { readonly width: number; readonly count: number },
  refuse: (what: string) => Error,
): void => {
  if (width > 32) throw refuse(`a page has values of ${width} bits`)
  let at = 0
  let seen = 0
  while (seen < count && at < bytes.length) {
    let header = 0
    for (let i = 0; ; i++) {
      const next = bytes[at++]
      if (next === undefined || i === 5) throw refuse('a run of values in a page has no length')
      header += (next & 0x7f) * 2 ** (7 * i)
      if (next < 0x80) break
    }
    const packed = header % 2 === 1
    const length = packed ? Math.floor(header / 2) * 8 : header / 2
    if (length > count - seen + (packed ? PADDING : 0))
      throw refuse('a run of values in a page is longer than the page')
    at += packed ? (length / 8) * width : Math.ceil(width / 8)
    // A run of nothing goes on at the next; the bytes end some time.
    seen += length
  }
  // hyparquet would go on in what lies behind.
  if (seen < count) throw refuse('a page has fewer values than it claims')
}

/** Deeper than any structure of Parquet's metadata. */
const DEEPEST = 32
/** Values in one structure: a row group of 30 columns has about 1,000. */
const MOST_VALUES = 1_000_000

/**
 * Walks one struct of Thrift's compact protocol, as Parquet's metadata and page headers are written, and gives the place behind
 * it. hyparquet believes the lengths that it reads, and allocates them before it looks: what was walked can be parsed.
 *
 * Format: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 *
 * @param refuse The error for what is no such struct; `undefined` is never a place.
 */
export const thriftEnd = (view: DataView, start: number, refuse: (what: string) => Error): number => {
  let at = start
  let values = 0
  const byte = (): number => {
    if (at >= view.byteLength) throw refuse('a structure of its metadata has no end')
    return view.getUint8(at++)
  }
  const varint = (longest: number): number => {
    let value = 0
    for (let i = 0; i < longest; i++) {
      const next = byte()
      if (i < 5) value += (next & 0x7f) * 2 ** (7 * i)
      if (next < 0x80) return value
    }
    throw refuse('a number of its metadata is too long')
  }
  const length = (): number => {
    const value = varint(5)
    if (value > view.byteLength - at) throw refuse('its metadata has a length that is larger than itself')
    return value
  }
  const skip = (bytes: number): void => {
    at += bytes
  }
  const element = (type: number, depth: number): void => {
    values += 1
    if (values > MOST_VALUES) throw refuse(`its metadata has more than ${MOST_VALUES} values`)
    switch (type) {
      case TRUE:
      case FALSE:
        return
      case BYTE:
        byte()
        return
      case I16:
      case I32:
        varint(5)
        return
      case I64:
        varint(10)
        return
      case DOUBLE:
        skip(8)
        return
      case BINARY:
        skip(length())
        return
      case LIST:
        list(depth + 1)
        return
      case STRUCT:
        struct(depth + 1)
        return
      default:
        throw refuse(`its metadata has a value of type ${type}, which Parquet does not use`)
    }
  }
  const list = (depth: number): void => {
    if (depth > DEEPEST) throw refuse('its metadata is nested too deep')
    const head = byte()
    const size = head >> 4 === 15 ? length() : head >> 4
    const type = head & 0x0f
    for (let i = 0; i < size; i++) element(type === TRUE || type === FALSE ? BYTE : type, depth)
  }
  const struct = (depth: number): void => {
    if (depth > DEEPEST) throw refuse('its metadata is nested too deep')
    for (;;) {
      const head = byte()
      if ((head & 0x0f) === 0) return
      if (head >> 4 === 0) varint(5)
      element(head & 0x0f, depth)
    }
  }
  struct(0)
  if (at > view.byteLength) throw refuse('a structure of its metadata has no end')
  return at
}

const TRUE = 1
const FALSE = 2
const BYTE = 3
const I16 = 4
const I32 = 5
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const STRUCT = 12

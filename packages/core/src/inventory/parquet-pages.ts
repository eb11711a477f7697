import { crc32 } from 'node:zlib'
import type { DecodedArray } from 'hyparquet'
import type { ParquetParts } from './parquet-parts.js'
import { thriftEnd } from './parquet-thrift.js'
import {
  type ColumnDecoder,
  isCount,
  LARGEST_PAGE,
  pageValues,
  unpackPage,
  type ValueContext,
  viewOf,
} from './parquet-values.js'

const LARGEST_HEADER = 1024 * 1024
/** Writers that do not limit the rows of a page put as many as a row group has into one. */
const MOST_VALUES = 4 * 1024 * 1024

/** The bytes of one column of one row group, in order. */
export interface ChunkBytes {
  /** Bytes that are left. */
  readonly left: () => number
  /** The next bytes, at most so many, without taking them. */
  readonly peek: (length: number) => Promise<Uint8Array>
  readonly skip: (length: number) => void
}

export interface ColumnPagesOptions {
  readonly parts: ParquetParts
  readonly decoder: ColumnDecoder
  /** Of the row group. */
  readonly rows: number
  readonly corrupt: (what: string) => Error
  readonly unsupported: (what: string) => Error
}

/**
 * The values of one flat column of a row group, page by page; `undefined` for null. Every size, count and run is checked before
 * hyparquet is given a page, which believes them all.
 */
export async function* columnPages(
  bytes: ChunkBytes,
  { parts, decoder, rows, corrupt, unsupported }: ColumnPagesOptions,
): AsyncGenerator<ArrayLike<unknown>, void, void> {
  let dictionary: DecodedArray | undefined
  let seen = 0

  const context: ValueContext = { parts, decoder, corrupt, unsupported, dictionary: () => dictionary }

  while (seen < rows) {
    const head = await bytes.peek(LARGEST_HEADER)
    if (head.length === 0) throw corrupt(`it ends after ${seen} of ${rows} rows`)
    const view = viewOf(head)
    const end = thriftEnd(view, 0, corrupt)
    const header = parts.column.parquetHeader({ view, offset: 0 })
    bytes.skip(end)
    const { type, compressed_page_size: packedSize, uncompressed_page_size: size } = header
    if (!isCount(packedSize, bytes.left()))
      throw corrupt(`a page of it claims ${packedSize} bytes, more than there are`)
    if (!isCount(packedSize, LARGEST_PAGE) || !isCount(size, LARGEST_PAGE)) {
      throw unsupported(`a page of it has ${size} bytes; pages above ${LARGEST_PAGE} are not read.`)
    }
    const packed = Uint8Array.from(await bytes.peek(packedSize))
    bytes.skip(packedSize)
    if (packed.length !== packedSize) throw corrupt('it ends within a page')
    if (header.crc !== undefined && (crc32(packed) | 0) !== (header.crc | 0))
      throw corrupt('a page of it breaks its CRC-32')
    if (type === 'DICTIONARY_PAGE') {
      const count = header.dictionary_page_header?.num_values
      // Of the types there are, only flags take less than a byte.
      if (count === undefined || !isCount(count, Math.min(MOST_VALUES, size * 8))) {
        throw corrupt(`a dictionary of it claims ${count} values`)
      }
      const page = unpackPage(packed, size, context)
      const raw = parts.plain.readPlain(
        { view: viewOf(page), offset: 0 },
        decoder.type,
        count,
        decoder.element.type_length,
      )
      dictionary = parts.convert.convert(raw, decoder)
    } else if (type === 'DATA_PAGE' || type === 'DATA_PAGE_V2') {
      const count = (header.data_page_header ?? header.data_page_header_v2)?.num_values
      if (count === undefined || !isCount(count, Math.min(MOST_VALUES, rows - seen))) {
        throw corrupt(`a page of it claims ${count} values, of ${rows - seen} rows that are left`)
      }
      const values = pageValues(header, packed, count, context)
      seen += count
      if (values.length > 0) yield values
    }
    // Pages of an index are passed over, as readers are told to do with kinds they do not know.
  }
}

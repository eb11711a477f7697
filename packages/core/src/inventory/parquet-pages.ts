import { crc32 } from 'node:zlib'
import type { DecodedArray, PageHeader } from 'hyparquet'
import { checkRuns } from './parquet-runs.js'
import { thriftEnd } from './parquet-thrift.js'

/** What hyparquet's parts are used for; loaded on first use. */
export interface ParquetParts {
  readonly column: typeof import('hyparquet/src/column.js')
  readonly convert: typeof import('hyparquet/src/convert.js')
  readonly dataPage: typeof import('hyparquet/src/datapage.js')
  readonly plain: typeof import('hyparquet/src/plain.js')
}

/** Larger than any page that writers make (they aim at 1 MiB), packed or not. */
const LARGEST_PAGE = 64 * 1024 * 1024
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

/** How hyparquet is told of a column. */
export type ColumnDecoder = Parameters<ParquetParts['convert']['convert']>[1]

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
  const optional = decoder.element.repetition_type === 'OPTIONAL'
  let dictionary: DecodedArray | undefined
  let seen = 0

  const unpack = (packed: Uint8Array, length: number): Uint8Array => {
    // In memory of its own: what reads beyond a page must find nothing.
    const page = parts.dataPage.decompressPage(packed, length, decoder.codec, decoder.compressors)
    return Uint8Array.from(page)
  }
  const checkIndices = (page: Uint8Array, at: number, count: number): void => {
    const width = page[at]
    if (width === undefined) {
      if (count > 0) throw corrupt('a page of it ends before its values')
    } else checkRuns(page.subarray(at + 1), { width, count }, corrupt)
  }
  const checkValues = (page: Uint8Array, at: number, encoding: string, count: number): void => {
    if (encoding === 'PLAIN') return
    if (encoding.endsWith('_DICTIONARY') && decoder.type !== 'BOOLEAN') {
      if (dictionary === undefined) throw corrupt('a page of it needs a dictionary, which is not there')
      checkIndices(page, at, count)
    } else if (encoding === 'RLE' && decoder.type === 'BOOLEAN') {
      checkRuns(page.subarray(at + 4), { width: 1, count }, corrupt)
    } else {
      throw unsupported(
        `a page of it is encoded by ${encoding}, which is not read here. Choose CSV, or another writer.`,
      )
    }
  }

  const valuesOf = (header: PageHeader, packed: Uint8Array): ArrayLike<unknown> => {
    const { data_page_header: one, data_page_header_v2: two } = header
    const told = one ?? two
    if (told === undefined) throw corrupt('a page of it has no header of its kind')
    const count = told.num_values
    if (!isCount(count, MOST_VALUES) || seen + count > rows) {
      throw corrupt(`a page of it claims ${count} values, of ${rows - seen} rows that are left`)
    }
    let levels: number[] | undefined
    let values: DecodedArray
    if (one !== undefined) {
      const page = unpack(packed, header.uncompressed_page_size)
      let at = 0
      if (optional) {
        if (page.length < 4) throw corrupt('a page of it ends before its values')
        const length = viewOf(page).getUint32(0, true)
        if (length > page.length - 4) throw corrupt('a page of it ends before its values')
        checkRuns(page.subarray(4, 4 + length), { width: 1, count }, corrupt)
        at = 4 + length
      }
      checkValues(page, at, one.encoding, count)
      const decoded = parts.dataPage.readDataPage(page, one, decoder)
      levels = decoded.definitionLevels
      values = parts.convert.convertWithDictionary(decoded.dataPage, dictionary, one.encoding, decoder)
    } else {
      const { num_nulls: nulls, definition_levels_byte_length: length, repetition_levels_byte_length: repeated } = two!
      if (repeated !== 0 || two!.num_rows !== count || !isCount(nulls, count) || !isCount(length, packed.length)) {
        throw corrupt('a page of it contradicts itself')
      }
      const size = header.uncompressed_page_size - length
      if (!isCount(size, LARGEST_PAGE)) throw corrupt('a page of it contradicts itself')
      checkRuns(packed.subarray(0, length), { width: 1, count }, corrupt)
      const rest = packed.subarray(length)
      const content = two!.is_compressed === false || rest.length === 0 ? rest : unpack(rest, size)
      checkValues(content, 0, two!.encoding, count - nulls)
      const page = Buffer.concat([packed.subarray(0, length), content])
      const plain = { ...header, data_page_header_v2: { ...two!, is_compressed: false } }
      const decoded = parts.dataPage.readDataPageV2(Uint8Array.from(page), plain, decoder)
      levels = decoded.definitionLevels
      values = parts.convert.convertWithDictionary(decoded.dataPage, dictionary, two!.encoding, decoder)
    }
    return placed(values, levels, count)
  }

  const placed = (values: DecodedArray, levels: readonly number[] | undefined, count: number): ArrayLike<unknown> => {
    const isThere = (value: unknown): unknown => {
      if (value === undefined || value === null) throw corrupt('a page of it holds fewer values than it claims')
      return value
    }
    const hasNulls = levels !== undefined && levels.length > 0
    const out = new Array<unknown>(count)
    for (let i = 0, next = 0; i < count; i++) {
      const isNull = hasNulls && levels[i] !== 1
      out[i] = isNull ? undefined : isThere(values[next++])
    }
    return out
  }

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
      const page = unpack(packed, size)
      const raw = parts.plain.readPlain(
        { view: viewOf(page), offset: 0 },
        decoder.type,
        count,
        decoder.element.type_length,
      )
      dictionary = parts.convert.convert(raw, decoder)
    } else if (type === 'DATA_PAGE' || type === 'DATA_PAGE_V2') {
      const values = valuesOf(header, packed)
      seen += values.length
      if (values.length > 0) yield values
    }
    // Pages of an index are passed over, as readers are told to do with kinds they do not know.
  }
}

const isCount = (value: number, most: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= most

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

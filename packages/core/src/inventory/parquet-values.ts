import type { DecodedArray, PageHeader } from 'hyparquet'
import { checkDeltas } from './parquet-delta.js'
import type { ParquetParts } from './parquet-parts.js'
import { checkRuns } from './parquet-runs.js'

/** Larger than any page that writers make (they aim at 1 MiB), packed or not. */
export const LARGEST_PAGE: number = 64 * 1024 * 1024

/** How hyparquet is told of a column. */
export type ColumnDecoder = Parameters<ParquetParts['convert']['convert']>[1]

/** What the pages of a column are decoded with. */
export interface ValueContext {
  readonly parts: ParquetParts
  readonly decoder: ColumnDecoder
  /** Of the pages before. */
  readonly dictionary: () => DecodedArray | undefined
  readonly corrupt: (what: string) => Error
  readonly unsupported: (what: string) => Error
}

/** A page as it was before it was packed, in memory of its own: what reads beyond a page must find nothing. */
export const unpackPage = (packed: Uint8Array, size: number, { parts, decoder }: ValueContext): Uint8Array =>
  Uint8Array.from(parts.dataPage.decompressPage(packed, size, decoder.codec, decoder.compressors))

/**
 * The values of a page of data; `undefined` for null. Every count and run is checked before hyparquet is given the page, which
 * believes them.
 *
 * @param count Values that the header claims, nulls among them.
 */
export const pageValues = (
  header: PageHeader,
  packed: Uint8Array,
  count: number,
  context: ValueContext,
): readonly unknown[] => {
  const { levels, values } =
    header.data_page_header === undefined
      ? versionTwo(header, packed, count, context)
      : versionOne(header, packed, count, context)
  const hasNulls = levels !== undefined && levels.length > 0
  const out = new Array<unknown>(count)
  let next = 0
  for (let i = 0; i < count; i++) {
    if (hasNulls && levels[i] !== 1) continue
    const value = values[next++]
    if (value === undefined || value === null) throw context.corrupt('a page of it holds fewer values than it claims')
    out[i] = value
  }
  if (next !== values.length) throw context.corrupt('a page of it holds more values than it claims')
  return out
}

interface Decoded {
  readonly levels: readonly number[] | undefined
  readonly values: DecodedArray
}

const versionOne = (header: PageHeader, packed: Uint8Array, count: number, context: ValueContext): Decoded => {
  const { parts, decoder, corrupt } = context
  const told = header.data_page_header!
  const page = unpackPage(packed, header.uncompressed_page_size, context)
  let start = 0
  let present = count
  if (decoder.element.repetition_type === 'OPTIONAL') {
    const length = page.length < 4 ? Number.POSITIVE_INFINITY : viewOf(page).getUint32(0, true)
    if (length > page.length - 4) throw corrupt('a page of it ends before its values')
    start = 4 + length
    present = presentIn(page.subarray(4, start), count, context)
  }
  checkValues(page, { start, count: present, encoding: told.encoding }, context)
  const { definitionLevels, dataPage } = parts.dataPage.readDataPage(page, told, decoder)
  const values = parts.convert.convertWithDictionary(dataPage, context.dictionary(), told.encoding, decoder)
  return { levels: definitionLevels, values }
}

const versionTwo = (header: PageHeader, packed: Uint8Array, count: number, context: ValueContext): Decoded => {
  const { parts, decoder, corrupt } = context
  const told = header.data_page_header_v2
  if (told === undefined) throw corrupt('a page of it has no header of its kind')
  const { num_nulls: nulls, definition_levels_byte_length: length, repetition_levels_byte_length: repeated } = told
  const size = header.uncompressed_page_size - length
  const fits = isCount(nulls, count) && isCount(length, packed.length) && isCount(size, LARGEST_PAGE)
  if (!fits || repeated !== 0 || told.num_rows !== count) throw corrupt('a page of it contradicts itself')
  const levels = packed.subarray(0, length)
  const optional = decoder.element.repetition_type === 'OPTIONAL'
  const present = optional ? presentIn(levels, count, context) : count
  if (present !== count - nulls) throw corrupt(`a page of it claims ${nulls} nulls, but has ${count - present}`)
  const rest = packed.subarray(length)
  const content = told.is_compressed === false || rest.length === 0 ? rest : unpackPage(rest, size, context)
  checkValues(content, { start: 0, count: present, encoding: told.encoding }, context)
  const page = new Uint8Array(length + content.length)
  page.set(levels)
  page.set(content, length)
  const plain = {
    ...header,
    uncompressed_page_size: page.length,
    data_page_header_v2: { ...told, is_compressed: false },
  }
  const { definitionLevels, dataPage } = parts.dataPage.readDataPageV2(page, plain, decoder)
  const values = parts.convert.convertWithDictionary(dataPage, context.dictionary(), told.encoding, decoder)
  return { levels: definitionLevels, values }
}

/** How many values are there, by their definition levels: 1 where there is one. */
const presentIn = (levels: Uint8Array, count: number, { parts, corrupt }: ValueContext): number => {
  checkRuns(levels, { width: 1, count }, corrupt)
  const read = new Array<number>(count)
  parts.encoding.readRleBitPackedHybrid({ view: viewOf(levels), offset: 0 }, 1, read, levels.length)
  return read.reduce((sum, level) => sum + level, 0)
}

/** Which encodings by deltas a type may have. */
const DELTAS: ReadonlySet<string> = new Set([
  'INT32 DELTA_BINARY_PACKED',
  'INT64 DELTA_BINARY_PACKED',
  'BYTE_ARRAY DELTA_LENGTH_BYTE_ARRAY',
  'BYTE_ARRAY DELTA_BYTE_ARRAY',
])

const checkValues = (
  page: Uint8Array,
  at: { readonly start: number; readonly count: number; readonly encoding: string },
  { parts, decoder, dictionary, corrupt, unsupported }: ValueContext,
): void => {
  const { start, count, encoding } = at
  if (encoding === 'PLAIN') return
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (dictionary() === undefined) throw corrupt('a page of it needs a dictionary, which is not there')
    const width = page[start]
    if (width !== undefined) checkRuns(page.subarray(start + 1), { width, count }, corrupt)
    else if (count > 0) throw corrupt('a page of it ends before its values')
  } else if (encoding === 'RLE' && decoder.type === 'BOOLEAN') {
    checkRuns(page.subarray(start + 4), { width: 1, count }, corrupt)
  } else if (DELTAS.has(`${decoder.type} ${encoding}`)) {
    checkDeltas(page, { start, count, encoding, longest: LARGEST_PAGE }, parts, corrupt)
  } else {
    throw unsupported(`a page of it is encoded by ${encoding}, which is not read here. Choose CSV, or another writer.`)
  }
}

export const isCount = (value: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= 0 && value <= most

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

import type { Compressors, FileMetaData, RowGroup } from 'hyparquet'
import { isBackupError } from '../errors.js'
import type { CallOptions } from '../source/backup-source.js'
import type { ExpectedFile, InventoryFile, InventoryFiles } from './inventory-files.js'
import { listFileError } from './list-errors.js'
import { CELL_PARSERS, cellOf } from './parquet-cells.js'
import { parquetCompressors, unreadableCodec } from './parquet-codecs.js'
import { type ChunkBytes, columnPages } from './parquet-pages.js'
import { parquetParts } from './parquet-parts.js'
import { thriftEnd } from './parquet-thrift.js'
import { type Cell, columnPlaces, type TableOptions, type TablePage } from './table.js'

export interface ParquetTableOptions extends TableOptions {
  /** Where a digest is expected, the file is read whole before its first row is given out. */
  readonly expected?: ExpectedFile | undefined
}

const LARGEST_METADATA = 16 * 1024 * 1024
const MOST_COLUMNS = 1_000
/** Bytes of one column that are fetched at once. */
const WINDOW = 1024 * 1024
const PAGE_ROWS = 1_000

/**
 * The rows of a Parquet file, in pages: only the columns that are asked for, page by page, so that memory does not grow with row
 * groups. Columns must be flat; pages plain, by dictionary or by deltas, packed by Snappy, gzip, Brotli, or (from Node 22.15 on) zstd.
 *
 * Throws `corrupt` for a file that is damaged, contradicts itself, or is not what is expected of it; `unsupported` for codecs,
 * encodings and columns that are not read here, and where the source of the files reads no ranges.
 */
export async function* parquetTable(
  files: InventoryFiles,
  file: InventoryFile,
  { expected, ...options }: ParquetTableOptions,
  call: CallOptions = {},
): AsyncGenerator<TablePage, void, void> {
  const corrupt = (what: string, cause?: unknown): Error =>
    listFileError('corrupt', files, file.key, `it cannot be read as Parquet: ${what}.`, cause)
  const unsupported = (what: string): Error => listFileError('unsupported', files, file.key, what)
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      call.signal?.throwIfAborted()
      if (isBackupError(error)) throw error
      // Whatever hyparquet throws (also a RangeError: it trusts its input), these bytes are no Parquet.
      throw corrupt(error instanceof Error ? error.message : String(error), error)
    }
  }
  // Nothing of a file that is not the right one may be parsed.
  if (expected !== undefined) for await (const _ of files.stream(file, expected, call));

  const { parquetMetadata, parquetSchema } = await import('hyparquet')
  const parts = await parquetParts()
  const metadata = await guarded(async () => {
    const footer = await readFooter(files, file, call, corrupt, unsupported)
    thriftEnd(new DataView(footer.buffer), 0, corrupt)
    return parquetMetadata(footer, { parsers: CELL_PARSERS, geoparquet: false })
  })
  const { tree, columns } = await guarded(async () => {
    if (metadata.schema.length > MOST_COLUMNS) {
      throw unsupported(`it has more than ${MOST_COLUMNS} columns, which no list of objects has.`)
    }
    const root = parquetSchema(metadata)
    const names = root.children.map(({ element }) => element.name)
    const places = columnPlaces(names, options, (what) => corrupt(what.replace(/\.$/, '')))
    return {
      // Levels are counted from the root on: one that repeats would have levels of its own, which nobody checked.
      tree: { ...root, element: { ...root.element, repetition_type: 'REQUIRED' as const } },
      columns: places.map((place) => (place === -1 ? undefined : root.children[place]!)),
    }
  })
  for (const column of columns) {
    if (column === undefined) continue
    const { type, repetition_type: repetition } = column.element
    if (column.children.length === 0 && (type === undefined || repetition === undefined)) {
      throw corrupt(`its column ${JSON.stringify(column.element.name)} is of no type`)
    }
    if (column.children.length === 0 && repetition !== 'REPEATED') continue
    throw unsupported(`its column ${JSON.stringify(column.element.name)} is nested, which is not read here.`)
  }
  const rowsOf = await guarded(async () => checkedRows(metadata, corrupt))

  let before = 0
  for (const [index, group] of metadata.row_groups.entries()) {
    const rows = rowsOf[index]!
    const compressors = parquetCompressors()
    const at = { file, rows, compressors, corrupt, unsupported }
    const chunks = await guarded(async () =>
      columns.map((column) => (column === undefined ? undefined : checkedChunk(group, column.element.name, at))),
    )
    const streams = columns.map((column, i) => {
      const chunk = chunks[i]
      if (column === undefined || chunk === undefined) return undefined
      const { element } = column
      const named = (what: string): string =>
        `column ${JSON.stringify(element.name)} of row group ${index + 1}: ${what}`
      return columnPages(chunkBytes(files, file, chunk, call), {
        parts,
        decoder: {
          ...{ pathInSchema: [element.name], element, schemaPath: [tree, column], type: element.type!, compressors },
          ...{ codec: chunk.codec, utf8: true, parsers: { ...parts.convert.DEFAULT_PARSERS, ...CELL_PARSERS } },
        },
        rows,
        corrupt: (what) => corrupt(named(what)),
        unsupported: (what) => unsupported(named(what)),
      })
    })
    const readers = streams.map((stream) => (stream === undefined ? undefined : valueReader(stream)))
    for (let from = 0; from < rows; from += PAGE_ROWS) {
      const count = Math.min(PAGE_ROWS, rows - from)
      call.signal?.throwIfAborted()
      const cells = await guarded(() => Promise.all(readers.map(async (reader) => reader?.take(count))))
      const first = before + from
      yield {
        rows: Array.from({ length: count }, (_, i) => cells.map((column) => column?.[i])),
        where: (at) => `row ${first + at + 1}`,
      }
    }
    before += rows
  }
}

/** The metadata at the end of a file, with its length and mark behind it, in memory of its own. */
const readFooter = async (
  files: InventoryFiles,
  file: InventoryFile,
  call: CallOptions,
  corrupt: (what: string) => Error,
  unsupported: (what: string) => Error,
): Promise<Uint8Array<ArrayBuffer>> => {
  if (file.size < 12) throw corrupt(`it has only ${file.size} bytes`)
  const end = await files.slice(file, { start: file.size - 8, end: file.size }, call)
  const mark = Buffer.from(end.subarray(4)).toString('latin1')
  if (mark === 'PARE') throw unsupported('it is encrypted Parquet, which is not read here.')
  if (mark !== 'PAR1') throw corrupt('it does not end as Parquet does')
  const length = new DataView(end.buffer).getUint32(0, true)
  if (length > file.size - 12) throw corrupt(`it claims ${length} bytes of metadata, more than it has`)
  if (length > LARGEST_METADATA) {
    throw unsupported(`it has ${length} bytes of metadata; more than ${LARGEST_METADATA} are not read.`)
  }
  return files.slice(file, { start: file.size - 8 - length, end: file.size }, call)
}

/** The rows of every row group, which must add up. */
const checkedRows = (metadata: FileMetaData, corrupt: (what: string) => Error): readonly number[] => {
  const rows = metadata.row_groups.map((group) => Number(group.num_rows))
  const sum = rows.reduce((total, count) => total + count, 0)
  if (rows.every((count) => Number.isSafeInteger(count) && count >= 0) && sum === Number(metadata.num_rows)) return rows
  throw corrupt(`it claims ${metadata.num_rows} rows, but its row groups have ${sum}`)
}

interface Chunk {
  readonly start: number
  readonly end: number
  readonly codec: NonNullable<RowGroup['columns'][number]['meta_data']>['codec']
}

/** Where one column of a row group lies, held to the file. */
const checkedChunk = (
  group: RowGroup,
  name: string,
  at: {
    readonly file: InventoryFile
    readonly rows: number
    readonly compressors: Compressors
    readonly corrupt: (what: string) => Error
    readonly unsupported: (what: string) => Error
  },
): Chunk => {
  const shown = `column ${JSON.stringify(name)}`
  const found = group.columns.find(
    ({ meta_data: told }) => told?.path_in_schema.length === 1 && told.path_in_schema[0] === name,
  )
  const told = found?.meta_data
  if (found?.crypto_metadata !== undefined) throw at.unsupported(`its ${shown} is encrypted, which is not read here.`)
  if (found === undefined || told === undefined) throw at.corrupt(`a row group has no ${shown}`)
  if (found.file_path !== undefined) throw at.unsupported(`its ${shown} lies in another file, which is not read here.`)
  const problem = unreadableCodec(told.codec, at.compressors)
  if (problem !== undefined) throw at.unsupported(problem)
  const data = Number(told.data_page_offset)
  const dictionary = Number(told.dictionary_page_offset ?? 0)
  const start = dictionary > 0 ? Math.min(dictionary, data) : data
  const end = start + Number(told.total_compressed_size)
  const inFile = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 4 && end >= start
  if (!inFile || end > at.file.size - 8) throw at.corrupt(`${shown} lies outside of it`)
  if (Number(told.num_values) !== at.rows) {
    throw at.corrupt(`${shown} has ${told.num_values} values in a row group of ${at.rows} rows`)
  }
  return { start, end, codec: told.codec }
}

/** The bytes of a chunk, fetched window by window. */
const chunkBytes = (files: InventoryFiles, file: InventoryFile, chunk: Chunk, call: CallOptions): ChunkBytes => {
  let window: Uint8Array = new Uint8Array(0)
  let at = chunk.start
  const skip = (length: number): void => {
    at += length
    window = window.subarray(Math.min(length, window.length))
  }
  return {
    left: () => chunk.end - at,
    peek: async (length) => {
      const wanted = Math.min(length, chunk.end - at)
      if (window.length < wanted) {
        const from = at + window.length
        const end = Math.min(chunk.end, Math.max(at + wanted, from + WINDOW))
        window = Buffer.concat([window, await files.slice(file, { start: from, end }, call)])
      }
      return window.subarray(0, wanted)
    },
    skip,
  }
}

interface ValueReader {
  readonly take: (count: number) => Promise<readonly Cell[]>
}

const valueReader = (pages: AsyncGenerator<ArrayLike<unknown>, void, void>): ValueReader => {
  let page: ArrayLike<unknown> = []
  let at = 0
  return {
    take: async (count) => {
      const out: Cell[] = []
      while (out.length < count) {
        if (at === page.length) {
          const { done, value } = await pages.next()
          if (done) break
          page = value
          at = 0
        }
        const value = page[at++]
        out.push(value === undefined ? undefined : cellOf(value))
      }
      return out
    },
  }
}

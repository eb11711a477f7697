import type { CallOptions } from '../source/backup-source.js'
import { keyFromBytes } from '../source/key.js'
import { type CsvRecord, csvParser, isDelimiter } from './csv-parser.js'
import { gunzipped } from './gunzip.js'
import type { ExpectedFile, InventoryFile, InventoryFiles } from './inventory-files.js'
import { listFileError } from './list-errors.js'
import { type Cell, columnPlaces, type TableOptions, type TablePage } from './table.js'

export interface CsvTableOptions extends TableOptions {
  /** Names of the columns in order, or `first-row`: the file begins with them. */
  readonly header: 'first-row' | readonly string[]
  /** What stands between fields: one character of ASCII. Default: a comma. */
  readonly delimiter?: string | undefined
  /** Default: told by the first bytes. */
  readonly gzip?: boolean | undefined
  readonly expected?: ExpectedFile | undefined
}

/**
 * The rows of a CSV file (RFC 4180, UTF-8), which may be packed by gzip, in pages. Bytes that are no UTF-8 become lone surrogates
 * (see `keyFromBytes`). Memory is that of a page, however long the file is.
 *
 * Throws `corrupt`, naming file and line, for what is no CSV, for a row with more or fewer fields than there are columns, and
 * when the file is not what is expected of it: that at its end, after its rows.
 */
export async function* csvTable(
  files: InventoryFiles,
  file: InventoryFile,
  { header, delimiter = ',', gzip, expected, ...columns }: CsvTableOptions,
  call: CallOptions = {},
): AsyncGenerator<TablePage, void, void> {
  const refuse = (line: number, what: string): Error =>
    listFileError('corrupt', files, file.key, `line ${line} cannot be read: ${what}.`)
  if (!isDelimiter(delimiter)) {
    const what = `its fields are said to be separated by ${JSON.stringify(delimiter)}; one character of ASCII is needed.`
    throw listFileError('unsupported', files, file.key, what)
  }
  const parser = csvParser(refuse, delimiter)
  const refuseTable = (what: string): Error => listFileError('corrupt', files, file.key, what)
  let width = header === 'first-row' ? -1 : header.length
  let places = header === 'first-row' ? undefined : columnPlaces(header, columns, refuseTable)

  const pageOf = (records: readonly CsvRecord[]): TablePage | undefined => {
    let from = 0
    if (places === undefined) {
      if (records.length === 0) return undefined
      const names = records[0]!.fields.map(decoded)
      places = columnPlaces(names, columns, refuseTable)
      width = names.length
      from = 1
    }
    const rows: (readonly Cell[])[] = []
    for (let i = from; i < records.length; i++) {
      const { fields, line } = records[i]!
      if (fields.length !== width) throw refuse(line, `it has ${fields.length} fields, but there are ${width} columns`)
      rows.push(places.map((place) => (place === -1 ? undefined : decoded(fields[place]!))))
    }
    if (rows.length === 0) return undefined
    return { rows, where: (index) => `line ${records[index + from]!.line}` }
  }

  let atStart = true
  for await (const chunk of unpackedBytes(files, file, { gzip, expected }, call)) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      const length = Math.min(PIECE, chunk.length - at)
      let text = Buffer.from(chunk.buffer, chunk.byteOffset + at, length).toString('latin1')
      // The byte order mark of UTF-8, which some writers begin with.
      if (atStart && text.startsWith('\u00ef\u00bb\u00bf')) text = text.slice(3)
      atStart = false
      const page = pageOf(parser.push(text))
      if (page !== undefined) yield page
    }
  }
  const last = pageOf(parser.end())
  if (last !== undefined) yield last
  if (places === undefined) throw refuseTable('it is empty, without the names of its columns.')
}

/** Bytes that make a page: about a thousand rows. */
const PIECE = 128 * 1024

/** The text of a field from one character a byte. */
const decoded = (field: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is not ASCII is looked for
  if (/^[\u0000-\u007f]*$/.test(field)) return field
  return keyFromBytes(Buffer.from(field, 'latin1'))
}

async function* unpackedBytes(
  files: InventoryFiles,
  file: InventoryFile,
  { gzip, expected }: Pick<CsvTableOptions, 'gzip' | 'expected'>,
  call: CallOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const bytes = files.stream(file, expected, call)
  try {
    const first = await bytes.next()
    if (first.done) return
    const { value: head } = first
    const all = resumed(head, bytes)
    const isPacked = gzip ?? (head[0] === 0x1f && (head[1] ?? 0x8b) === 0x8b)
    yield* isPacked ? gunzipped(all, files, file.key) : all
  } finally {
    await bytes.return()
  }
}

async function* resumed(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  yield head
  yield* rest
}

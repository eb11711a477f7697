import type { KnownAlgorithm } from '../../src/digest/digest.js'
import { createHasher } from '../../src/digest/hasher.js'
import {
  type Cell,
  type CsvTableOptions,
  csvTable,
  type InventoryFiles,
  inventoryFiles,
  type ParquetTableOptions,
  parquetTable,
  type TablePage,
} from '../../src/inventory/index.js'
import { memorySource } from '../../src/testing/index.js'

/** Files of a list in memory. */
export const filesOf = (content: Readonly<Record<string, Uint8Array | string>>): InventoryFiles =>
  inventoryFiles(memorySource(content, { uri: 'memory://lists', chunkSize: 7 * 1024 + 1 }), 'test')

export const digestOf = async (algorithm: KnownAlgorithm, bytes: Uint8Array | string): Promise<string> => {
  const hasher = await createHasher([algorithm])
  hasher.update(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
  return hasher.digest()[algorithm]!
}

export const rowsOf = async (
  pages: AsyncIterable<TablePage>,
): Promise<{ readonly rows: (readonly Cell[])[]; readonly places: string[] }> => {
  const rows: (readonly Cell[])[] = []
  const places: string[] = []
  for await (const page of pages) {
    rows.push(...page.rows)
    places.push(...page.rows.map((_, i) => page.where(i)))
  }
  return { rows, places }
}

export const csvRows = async (
  bytes: Uint8Array | string,
  options: CsvTableOptions,
): Promise<{ readonly rows: (readonly Cell[])[]; readonly places: string[] }> => {
  const files = filesOf({ 'list.csv': bytes })
  return rowsOf(csvTable(files, await files.get(['list.csv']), options))
}

export const parquetRows = async (
  bytes: Uint8Array,
  options: ParquetTableOptions,
): Promise<{ readonly rows: (readonly Cell[])[]; readonly places: string[] }> => {
  const files = filesOf({ 'list.parquet': bytes })
  return rowsOf(parquetTable(files, await files.get(['list.parquet']), options))
}

export { type CsvParser, type CsvRecord, csvField, csvParser, LONGEST_FIELD } from './csv-parser.js'
export { type CsvTableOptions, csvTable } from './csv-table.js'
export { type DatedListOptions, datedList, listUri, type OpenedList } from './dated-list.js'
export {
  type ExpectedFile,
  type InventoryFile,
  type InventoryFiles,
  inventoryFiles,
} from './inventory-files.js'
export { type ListFileSubject, listFileError } from './list-errors.js'
export { isTextList, type JsonObject, jsonManifest, jsonObject, keyBeside } from './manifest.js'
export { type ParquetTableOptions, parquetTable } from './parquet-table.js'
export {
  type Cell,
  cellCount,
  cellFlag,
  cellText,
  cellTime,
  type TableOptions,
  type TablePage,
} from './table.js'

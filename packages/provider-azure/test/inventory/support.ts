import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createHasher, digestToBase64 } from '@backproof/core/digest'
import { csvField } from '@backproof/core/inventory'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer'
import { onTestFinished } from 'vitest'

/** What a row says, by the name of its column; what a column says of no row is not written. */
export type Row = Readonly<Record<string, string>>

export interface Inventory {
  readonly rows: readonly Row[]
  readonly format?: 'csv' | 'parquet' | undefined
  readonly columns?: readonly string[] | undefined
  /** How many files the rows are in. Default 1. */
  readonly files?: number | undefined
  /** Members of the manifest that are other than those of a run that succeeded. */
  readonly manifest?: Readonly<Record<string, unknown>> | undefined
  readonly filters?: Readonly<Record<string, unknown>> | undefined
}

export const FOLDER = '2026/11/01/01-00-00/daily'
export const MANIFEST = `${FOLDER}/daily-manifest.json`
export const BEGIN = '2026-11-01T01:00:00Z'

export const COLUMNS: readonly string[] = [
  'Name',
  'Creation-Time',
  'Last-Modified',
  'Etag',
  'Content-Length',
  'Content-MD5',
  'Content-CRC64',
  'BlobType',
  'AccessTier',
  'Metadata',
]

export const tempDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'backproof-azure-inventory-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

export const write = (root: string, key: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, key)), { recursive: true })
  writeFileSync(join(root, key), content)
}

/** A directory like the container that a rule writes to. */
export const writeInventory = (inventory: Inventory): string => {
  const root = tempDirectory()
  const { rows, format = 'csv', columns = COLUMNS, files = 1, manifest = {}, filters = {} } = inventory
  const each = Math.ceil(rows.length / files)
  const listed = Array.from({ length: files }, (_, i) => {
    const part = rows.slice(i * each, (i + 1) * each)
    const blob = `${FOLDER}/daily${files === 1 ? '' : `_1000000_${i}`}.${format}`
    const bytes = format === 'csv' ? csvOf(columns, part) : parquetOf(columns, part)
    write(root, blob, bytes)
    return { blob, size: bytes.byteLength }
  })
  const text = JSON.stringify({
    destinationContainer: 'lists',
    endpoint: 'https://backups.blob.core.windows.net',
    files: listed,
    inventoryCompletionTime: '2026-11-01T01:20:00Z',
    inventoryStartTime: BEGIN,
    ruleDefinition: {
      filters: { blobTypes: ['blockBlob'], ...filters },
      format,
      objectType: 'blob',
      schedule: 'daily',
      schemaFields: columns,
    },
    ruleName: 'daily',
    status: 'Succeeded',
    summary: { objectCount: rows.length, totalObjectSize: 0 },
    version: '1.0',
    ...manifest,
  })
  write(root, MANIFEST, text)
  write(root, `${FOLDER}/daily-manifest.checksum`, createHash('md5').update(text).digest('hex'))
  return root
}

const csvOf = (columns: readonly string[], rows: readonly Row[]): Buffer => {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return Buffer.from(lines.map((fields) => `${fields.map(csvField).join(',')}\n`).join(''))
}

const PARQUET_TYPES: Readonly<Record<string, BasicType>> = {
  'Content-Length': 'INT64',
  'Last-Modified': 'TIMESTAMP',
  'Creation-Time': 'TIMESTAMP',
  IsCurrentVersion: 'BOOLEAN',
  Deleted: 'BOOLEAN',
}

const parquetOf = (columns: readonly string[], rows: readonly Row[]): Buffer => {
  const columnData = columns.map((name) => {
    const type = PARQUET_TYPES[name] ?? 'STRING'
    const data = rows.map((row) => {
      const text = row[name]
      if (text === undefined || text === '') return undefined
      return type === 'INT64'
        ? BigInt(text)
        : type === 'TIMESTAMP'
          ? new Date(text)
          : type === 'BOOLEAN'
            ? text === 'true'
            : text
    })
    return { name, type, data }
  })
  return Buffer.from(parquetWriteBuffer({ columnData }))
}

/** The row of a blob with this content. */
export const rowOf = async (name: string, content: string, more: Row = {}): Promise<Row> => {
  const hasher = await createHasher(['md5', 'crc64nvme'])
  hasher.update(Buffer.from(content))
  const { md5, crc64nvme } = hasher.digest()
  return {
    Name: name,
    'Creation-Time': '2026-10-01T00:00:00.0000000Z',
    'Last-Modified': '2026-10-02T10:11:12.0000000Z',
    Etag: '0x8DA1',
    'Content-Length': String(Buffer.byteLength(content)),
    'Content-MD5': digestToBase64(md5!),
    'Content-CRC64': digestToBase64(crc64nvme!, { byteOrder: 'little-endian' }),
    BlobType: 'BlockBlob',
    AccessTier: 'Hot',
    ...more,
  }
}

export const directory = (path: string): BackupSource => localDirectory({ path })

export const listAll = async (source: BackupSource): Promise<ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list()) entries.push(...page)
  return entries
}

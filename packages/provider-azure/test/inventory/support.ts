import { createHash } from 'node:crypto'
import { createHasher, digestToBase64 } from '@backproof/core/digest'
import { csvField } from '@backproof/core/inventory'
import { inParts, type ListToWrite, parquetOf, type Row, tempDirectory, writeKey } from '@backproof/test-servers/suites'

export interface Inventory extends ListToWrite {
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

/** A directory like the container that a rule writes to. */
export const writeInventory = (inventory: Inventory): string => {
  const root = tempDirectory()
  const { rows, format = 'csv', columns = COLUMNS, files = 1, manifest = {}, filters = {} } = inventory
  const listed = inParts(rows, files).map((part, i) => {
    const blob = `${FOLDER}/daily${files === 1 ? '' : `_1000000_${i}`}.${format}`
    const bytes = format === 'csv' ? csvOf(columns, part) : parquetOf(columns, part, PARQUET_TYPES)
    writeKey(root, blob, bytes)
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
  writeKey(root, MANIFEST, text)
  writeKey(root, `${FOLDER}/daily-manifest.checksum`, createHash('md5').update(text).digest('hex'))
  return root
}

const csvOf = (columns: readonly string[], rows: readonly Row[]): Buffer => {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return Buffer.from(lines.map((fields) => `${fields.map(csvField).join(',')}\n`).join(''))
}

const PARQUET_TYPES = {
  'Content-Length': 'INT64',
  'Last-Modified': 'TIMESTAMP',
  'Creation-Time': 'TIMESTAMP',
  IsCurrentVersion: 'BOOLEAN',
  Deleted: 'BOOLEAN',
} as const

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

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { csvField } from '@backproof/core/inventory'
import { parquetWriteBuffer } from 'hyparquet-writer'

/** A row of an inventory; what is absent is empty in CSV and null in Parquet. */
export interface InventoryRow {
  readonly key: string
  readonly version?: string
  readonly latest?: boolean
  readonly marker?: boolean
  readonly size?: number
  readonly modified?: string
  readonly etag?: string
  readonly storageClass?: string
  readonly multipart?: boolean
  readonly encryption?: string
  readonly tier?: string
}

const COLUMNS = {
  Bucket: 'bucket',
  Key: 'key',
  VersionId: 'version_id',
  IsLatest: 'is_latest',
  IsDeleteMarker: 'is_delete_marker',
  Size: 'size',
  LastModifiedDate: 'last_modified_date',
  ETag: 'e_tag',
  StorageClass: 'storage_class',
  IsMultipartUploaded: 'is_multipart_uploaded',
  ReplicationStatus: 'replication_status',
  EncryptionStatus: 'encryption_status',
  IntelligentTieringAccessTier: 'intelligent_tiering_access_tier',
} as const
export type Column = keyof typeof COLUMNS
export const ALL_COLUMNS = Object.keys(COLUMNS) as Column[]
/** What an inventory of current objects has. */
export const CURRENT_COLUMNS: readonly Column[] = ALL_COLUMNS.filter(
  (name) => !['VersionId', 'IsLatest', 'IsDeleteMarker'].includes(name),
)

export const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex')

const cell = (row: InventoryRow, column: Column, bucket: string): string | number | boolean | undefined => {
  switch (column) {
    case 'Bucket':
      return bucket
    case 'Key':
      return row.key
    case 'VersionId':
      return row.version
    case 'IsLatest':
      return row.latest ?? true
    case 'IsDeleteMarker':
      return row.marker ?? false
    case 'Size':
      return row.size
    case 'LastModifiedDate':
      return row.modified
    case 'ETag':
      return row.etag
    case 'StorageClass':
      return row.storageClass
    case 'IsMultipartUploaded':
      return row.multipart
    case 'ReplicationStatus':
      return undefined
    case 'EncryptionStatus':
      return row.encryption
    case 'IntelligentTieringAccessTier':
      return row.tier
  }
}

/** As S3 writes keys in CSV. */
export const s3Encoded = (key: string): string => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+')

export const csvOf = (rows: readonly InventoryRow[], columns: readonly Column[], bucket = 'shop'): string =>
  rows
    .map((row) =>
      columns
        .map((column) => {
          const value = cell(row, column, bucket)
          const text = value === undefined ? '' : column === 'Key' ? s3Encoded(String(value)) : String(value)
          return `"${text.replaceAll('"', '""')}"`
        })
        .join(','),
    )
    .map((line) => `${line}\n`)
    .join('')

const TYPES: Partial<Record<Column, 'BOOLEAN' | 'INT64' | 'TIMESTAMP'>> = {
  IsLatest: 'BOOLEAN',
  IsDeleteMarker: 'BOOLEAN',
  IsMultipartUploaded: 'BOOLEAN',
  Size: 'INT64',
  LastModifiedDate: 'TIMESTAMP',
}

export const parquetOf = (
  rows: readonly InventoryRow[],
  columns: readonly Column[],
  { bucket = 'shop', rowGroupSize = 700 } = {},
): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map((column) => ({
        name: COLUMNS[column],
        type: TYPES[column] ?? 'STRING',
        nullable: column !== 'Bucket' && column !== 'Key',
        data: rows.map((row) => {
          const value = cell(row, column, bucket)
          if (value === undefined) return undefined
          if (column === 'Size') return BigInt(value)
          return column === 'LastModifiedDate' ? new Date(String(value)) : value
        }),
      })),
      rowGroupSize,
    }),
  )

/** The files of an inventory, by key. */
export const inventoryOf = (
  files: readonly (string | Uint8Array)[],
  manifest: Readonly<Record<string, unknown>>,
  { prefix = 'lists/', extension = 'csv.gz' } = {},
): Record<string, Uint8Array> => {
  const config = `${prefix}shop/daily/`
  const out: Record<string, Uint8Array> = {}
  const parts = files.map((content, i) => {
    const bytes = typeof content === 'string' ? gzipSync(content) : content
    const key = `${config}data/part-${i}.${extension}`
    out[key] = bytes
    return { key, size: bytes.length, MD5checksum: md5(bytes) }
  })
  const text = JSON.stringify({
    sourceBucket: 'shop',
    destinationBucket: 'arn:aws:s3:::lists',
    version: '2016-11-30',
    creationTimestamp: '1793491200000',
    files: parts,
    ...manifest,
  })
  const folder = `${config}2026-11-01T00-00Z/`
  out[`${folder}manifest.json`] = Buffer.from(text)
  out[`${folder}manifest.checksum`] = Buffer.from(md5(text))
  return out
}

export const MANIFEST = 'lists/shop/daily/2026-11-01T00-00Z/manifest.json'

export const csvInventory = (
  rows: readonly InventoryRow[],
  columns: readonly Column[] = CURRENT_COLUMNS,
): Record<string, Uint8Array> =>
  inventoryOf([csvOf(rows, columns)], { fileFormat: 'CSV', fileSchema: columns.join(', ') })

export const parquetInventory = (
  rows: readonly InventoryRow[],
  columns: readonly Column[] = CURRENT_COLUMNS,
  rowGroupSize?: number,
): Record<string, Uint8Array> => {
  const fields = columns.map((column) => `optional binary ${COLUMNS[column]} (UTF8);`).join(' ')
  const manifest = { fileFormat: 'Parquet', fileSchema: `message s3.inventory { ${fields} }` }
  return inventoryOf([parquetOf(rows, columns, { rowGroupSize })], manifest, { extension: 'parquet' })
}

export const reportOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((fields) => `${fields.map(csvField).join(',')}\n`).join('')

/** Writes files below a directory. */
export const writeFiles = (directory: string, files: Readonly<Record<string, Uint8Array | string>>): void => {
  for (const [key, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, key)), { recursive: true })
    writeFileSync(join(directory, key), bytes)
  }
}

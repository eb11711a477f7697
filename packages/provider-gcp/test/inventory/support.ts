import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createHasher, digestToBase64 } from '@backproof/core/digest'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer'
import { onTestFinished } from 'vitest'

/** What a row says, by the name of its column; what a column says of no row is not written. */
export type Row = Readonly<Record<string, string>>

export interface Report {
  readonly rows: readonly Row[]
  readonly format?: 'csv' | 'parquet' | undefined
  readonly columns?: readonly string[] | undefined
  /** How many files the rows are in. Default 1. */
  readonly shards?: number | undefined
  /** Of CSV. Default: commas, line feeds, no header. */
  readonly csv?: { readonly delimiter?: string; readonly separator?: string; readonly header?: boolean } | undefined
  /** Members of the manifest that are other than those of a whole report. */
  readonly manifest?: Readonly<Record<string, unknown>> | undefined
}

const REPORT = '1a34f2e4-0000-4000-8000-56a12b4561c3_2026-11-01T01:00'
export const FOLDER = 'inventory/dt=2026-11-01T01:00'
export const MANIFEST = `${FOLDER}/${REPORT}_manifest.json`
export const SNAPSHOT = '2026-11-01T01:00:00Z'

export const shardName = (i: number, format = 'csv'): string => `${REPORT}_${i}.${format}`

/** What `gcloud storage insights inventory-reports create` asks for by default. */
export const COLUMNS: readonly string[] = [
  ...['project', 'bucket', 'name', 'location', 'size', 'timeCreated', 'timeDeleted', 'updated', 'storageClass', 'etag'],
  ...['retentionExpirationTime', 'crc32c', 'md5Hash', 'generation', 'metageneration', 'contentType', 'contentEncoding'],
  'timeStorageClassUpdated',
]

export const tempDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'backproof-gcs-inventory-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

export const write = (root: string, key: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(root, key)), { recursive: true })
  writeFileSync(join(root, key), content)
}

/** A directory like the bucket that reports are written to. */
export const writeReport = (report: Report): string => {
  const root = tempDirectory()
  const { rows, format = 'csv', columns = COLUMNS, shards = 1, csv = {}, manifest = {} } = report
  const { delimiter = ',', separator = '\n', header = false } = csv
  const each = Math.ceil(rows.length / shards)
  const names = Array.from({ length: shards }, (_, i) => {
    const part = rows.slice(i * each, (i + 1) * each)
    const name = shardName(i, format)
    write(root, `${FOLDER}/${name}`, format === 'csv' ? csvOf(columns, part, report.csv) : parquetOf(columns, part))
    return name
  })
  const csvOptions = { delimiter, record_separator: separator, ...(header && { header_required: true }) }
  const text = JSON.stringify({
    report_config: {
      name: 'projects/1/locations/europe-west1/reportConfigs/1a34f2e4-0000-4000-8000-56a12b4561c3',
      ...(format === 'csv' ? { csv_options: csvOptions } : { parquet_options: {} }),
      object_metadata_report_options: { metadata_fields: columns, storage_filters: { bucket: 'shop' } },
    },
    records_processed: rows.length,
    snapshot_time: SNAPSHOT,
    target_datetime: '2026-11-01T00:00:00Z',
    shard_count: shards,
    report_shards_file_names: names,
    ...manifest,
  })
  write(root, MANIFEST, text)
  return root
}

const csvOf = (columns: readonly string[], rows: readonly Row[], options: Report['csv'] = {}): Buffer => {
  const { delimiter = ',', separator = '\n', header = false } = options
  const lines = rows.map((row) => columns.map((column) => row[column] ?? ''))
  const all = header ? [columns, ...lines] : lines
  const quoted = (text: string): string =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  return Buffer.from(all.map((fields) => fields.map(quoted).join(delimiter) + separator).join(''))
}

const PARQUET_TYPES: Readonly<Record<string, BasicType>> = {
  size: 'INT64',
  generation: 'INT64',
  timeCreated: 'TIMESTAMP',
  timeDeleted: 'TIMESTAMP',
  updated: 'TIMESTAMP',
}

const parquetOf = (columns: readonly string[], rows: readonly Row[]): Buffer => {
  const columnData = columns.map((name) => {
    const type = PARQUET_TYPES[name] ?? 'STRING'
    const data = rows.map((row) => {
      const text = row[name]
      if (text === undefined || text === '') return undefined
      return type === 'INT64' ? BigInt(text) : type === 'TIMESTAMP' ? new Date(text) : text
    })
    return { name, type, data }
  })
  return Buffer.from(parquetWriteBuffer({ columnData }))
}

/** The row of an object with this content. */
export const rowOf = async (name: string, content: string, more: Row = {}): Promise<Row> => {
  const hasher = await createHasher(['md5', 'crc32c'])
  hasher.update(Buffer.from(content))
  const { md5, crc32c } = hasher.digest()
  return {
    project: '1',
    bucket: 'shop',
    name,
    location: 'europe-west1',
    size: String(Buffer.byteLength(content)),
    timeCreated: '2026-10-02T10:11:12.345Z',
    updated: '2026-10-03T00:00:00.000Z',
    storageClass: 'NEARLINE',
    etag: 'CJ/a',
    crc32c: digestToBase64(crc32c!),
    md5Hash: digestToBase64(md5!),
    generation: '1759399872345678',
    metageneration: '1',
    ...more,
  }
}

export const directory = (path: string): BackupSource => localDirectory({ path })

export const listAll = async (source: BackupSource): Promise<ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list()) entries.push(...page)
  return entries
}

import { createHasher, digestToBase64 } from '@backproof/core/digest'
import { inParts, type ListToWrite, parquetOf, type Row, tempDirectory, writeKey } from '@backproof/test-servers/suites'

export interface Report extends ListToWrite {
  /** Of CSV. Default: commas, line feeds, no header. */
  readonly csv?: { readonly delimiter?: string; readonly separator?: string; readonly header?: boolean } | undefined
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

/** A directory like the bucket that reports are written to. */
export const writeReport = (report: Report): string => {
  const root = tempDirectory()
  const { rows, format = 'csv', columns = COLUMNS, files = 1, csv = {}, manifest = {} } = report
  const { delimiter = ',', separator = '\n', header = false } = csv
  const names = inParts(rows, files).map((part, i) => {
    const name = shardName(i, format)
    writeKey(
      root,
      `${FOLDER}/${name}`,
      format === 'csv' ? csvOf(columns, part, report.csv) : parquetOf(columns, part, PARQUET_TYPES),
    )
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
    shard_count: files,
    report_shards_file_names: names,
    ...manifest,
  })
  writeKey(root, MANIFEST, text)
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

const PARQUET_TYPES = {
  size: 'INT64',
  generation: 'INT64',
  timeCreated: 'TIMESTAMP',
  timeDeleted: 'TIMESTAMP',
  updated: 'TIMESTAMP',
} as const

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

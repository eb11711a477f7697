import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

type Files = Readonly<Record<string, string>>
/** Path to content, as the service lays it out. */
export type Written = Readonly<Record<string, string | Uint8Array>>

const md5 = (bytes: string | Uint8Array, encoding: 'hex' | 'base64'): string =>
  createHash('md5').update(bytes).digest(encoding)

/** When these lists say that they were made: no file of a test is newer. */
const ahead = (): Date => new Date(Date.now() + 60_000)

/** An S3 Inventory (CSV) of the bucket `backups`: "Locating your inventory list", Amazon S3 User Guide. */
export const s3InventoryOf = (
  objects: Files,
  { folder = '', made = ahead() }: { readonly folder?: string; readonly made?: Date } = {},
): Written => {
  const rows = Object.entries(objects).map(([key, content]) =>
    ['backups', encodeURIComponent(key), content.length, md5(content, 'hex'), 'NOT-SSE']
      .map((one) => `"${one}"`)
      .join(','),
  )
  const data = gzipSync(`${rows.join('\n')}\n`)
  const key = `${folder}data/one.csv.gz`
  const manifest = JSON.stringify({
    sourceBucket: 'backups',
    destinationBucket: 'arn:aws:s3:::lists',
    version: '2016-11-30',
    creationTimestamp: String(made.getTime()),
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, Size, ETag, EncryptionStatus',
    files: [{ key, size: data.length, MD5checksum: md5(data, 'hex') }],
  })
  return {
    [`${folder}2026-11-01T01-00Z/manifest.json`]: manifest,
    [`${folder}2026-11-01T01-00Z/manifest.checksum`]: md5(manifest, 'hex'),
    [key]: data,
  }
}

/** A report of Storage Insights (CSV) of the bucket `backups`. */
export const storageInsightsOf = (objects: Files): Written => {
  const rows = Object.entries(objects).map(
    ([key, content]) => `backups,${key},${content.length},${md5(content, 'base64')}`,
  )
  return {
    'report/daily_0.csv': `${rows.join('\n')}\n`,
    'report/daily_manifest.json': JSON.stringify({
      report_config: {
        csv_options: { delimiter: ',' },
        object_metadata_report_options: { metadata_fields: ['bucket', 'name', 'size', 'md5Hash'] },
      },
      records_processed: rows.length,
      snapshot_time: ahead().toISOString(),
      shard_count: 1,
      report_shards_file_names: ['daily_0.csv'],
    }),
  }
}

/** A blob inventory of Azure (CSV) of the container `backups`. */
export const azureInventoryOf = (objects: Files): Written => {
  const rows = Object.entries(objects).map(
    ([key, content]) => `backups/${key},${content.length},${md5(content, 'base64')},BlockBlob`,
  )
  const fields = ['Name', 'Content-Length', 'Content-MD5', 'BlobType']
  const csv = `${[fields.join(','), ...rows].join('\n')}\n`
  const manifest = JSON.stringify({
    files: [{ blob: '2026/11/01/daily/daily.csv', size: csv.length }],
    inventoryStartTime: ahead().toISOString(),
    ruleDefinition: { format: 'csv', objectType: 'blob', filters: {}, schemaFields: fields },
    status: 'Succeeded',
  })
  return {
    'daily/daily.csv': csv,
    'daily/daily-manifest.json': manifest,
    'daily/daily-manifest.checksum': md5(manifest, 'hex'),
  }
}

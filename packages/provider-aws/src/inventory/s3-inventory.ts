import {
  csvTable,
  datedList,
  type InventoryFiles,
  inventoryFiles,
  listFileError,
  listUri,
  parquetTable,
  type TableOptions,
} from '@backproof/core/inventory'
import type { BackupSource, CallOptions, ObjectEntry } from '@backproof/core/source'
import { PROVIDER } from '../errors.js'
import { fileKeys } from './file-keys.js'
import { INVENTORY_COLUMNS, type InventoryRowContext, inventoryEntry } from './inventory-row.js'
import { BUCKET_NAME, type BucketListOptions, checkListOptions } from './list-options.js'
import { type InventoryManifest, readInventoryManifest } from './manifest.js'

export interface S3InventoryOptions extends BucketListOptions {
  /** Key of `manifest.json` in `files`. `manifest.checksum` must lie beside it. */
  readonly manifest: string
  /** The bucket that the inventory must be of. Default: whatever it is of. */
  readonly bucket?: string | undefined
  /**
   * All versions and delete markers of an inventory that has them, instead of the current objects. Default false: they are left
   * out, and counted as `noncurrent-version`.
   */
  readonly versions?: boolean | undefined
}

/**
 * An Amazon S3 Inventory as a source: the objects of a bucket at the time when S3 looked, without their bytes. CSV and Parquet;
 * the manifest is held to its checksum, and every file to its size and MD5, before anything is proven by it.
 *
 * Digests are ETags, the service's own word: certain where the inventory has the column `EncryptionStatus`; without it they
 * prove by being equal only. Objects under KMS and SSE-C have none.
 *
 * Source: "Cataloging and analyzing your data with S3 Inventory", Amazon S3 User Guide.
 *
 * Throws `invalid-config` at once for wrong options. `describe` and `list` reject with `corrupt` for a list that is damaged or
 * contradicts itself, `not-found` for files that are not there, `unsupported` for ORC, `invalid-config` for one of another bucket.
 */
export const s3Inventory = (options: S3InventoryOptions): BackupSource => {
  const checks = checkListOptions('s3Inventory', options, ['manifest', 'bucket', 'versions'])
  const { files: source, manifest: key, bucket, prefix = '', versions = false } = options
  checks.text('manifest', key, 'the key of manifest.json', /\.json$/)
  if (bucket !== undefined) checks.text('bucket', bucket, 'the name of a bucket', BUCKET_NAME)
  checks.boolean('versions', versions)
  const files = inventoryFiles(source, PROVIDER)
  const parts = { prefix: prefix === '' ? undefined : prefix, versions: versions ? 'all' : undefined }
  return datedList({
    uri: listUri('s3-inventory', source.uri, key, parts),
    provider: PROVIDER,
    open: async (call) => {
      const manifest = await readInventoryManifest(files, key, call)
      checkManifest(files, key, manifest, { bucket, versions })
      const context = { bucket: manifest.bucket, prefix, encoded: manifest.format === 'CSV', versions }
      const hasEtag = has(manifest, 'ETag')
      return {
        asOf: manifest.created,
        listingDigests: hasEtag ? [{ algorithm: 'md5', provenance: 'service' }] : [],
        versions,
        rows: (listing) => inventoryRows(files, key, manifest, context, listing),
      }
    },
  })
}

const has = ({ columns }: InventoryManifest, name: string): boolean =>
  columns.some((column) => column.replaceAll('_', '').toLowerCase() === name.toLowerCase())

const checkManifest = (
  files: InventoryFiles,
  key: string,
  manifest: InventoryManifest,
  { bucket, versions }: { readonly bucket: string | undefined; readonly versions: boolean },
): void => {
  if (bucket !== undefined && bucket !== manifest.bucket) {
    const message = `the inventory is of the bucket "${manifest.bucket}", not of "${bucket}"; give the manifest of the right one.`
    throw listFileError('invalid-config', files, key, message)
  }
  if (versions && !has(manifest, 'VersionId')) {
    throw listFileError(
      'invalid-config',
      files,
      key,
      'the inventory has no column VersionId: it lists current objects only; leave out versions.',
    )
  }
  if (has(manifest, 'VersionId') && !has(manifest, 'IsLatest') && !versions) {
    throw listFileError('corrupt', files, key, 'it has versions, but no column IsLatest that says which are current.')
  }
}

async function* inventoryRows(
  files: InventoryFiles,
  key: string,
  manifest: InventoryManifest,
  context: InventoryRowContext,
  call: CallOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  for (const part of manifest.parts) {
    const file = await files.get(fileKeys(part.key, key), call)
    const expected = { size: part.size, digest: { algorithm: 'md5', value: part.md5 } } as const
    const columns: TableOptions = { columns: INVENTORY_COLUMNS, required: ['Bucket', 'Key'] }
    const table =
      manifest.format === 'CSV'
        ? csvTable(files, file, { ...columns, header: manifest.columns, expected }, call)
        : parquetTable(files, file, { ...columns, expected }, call)
    for await (const { rows, where } of table) {
      const page: ObjectEntry[] = []
      for (const [index, cells] of rows.entries()) {
        const refuse = (what: string): Error =>
          listFileError('corrupt', files, file.key, `${where(index)} cannot be read: ${what}`)
        const entry = inventoryEntry(cells, context, refuse)
        if (entry !== undefined) page.push(entry)
      }
      if (page.length > 0) yield page
    }
  }
}

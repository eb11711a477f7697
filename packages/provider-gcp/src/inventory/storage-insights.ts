import {
  csvTable,
  datedList,
  type InventoryFiles,
  inventoryFiles,
  keyBeside,
  listFileError,
  listUri,
  type OpenedList,
  parquetTable,
  type TablePage,
} from '@backproof/core/inventory'
import { optionChecks } from '@backproof/core/object-store'
import {
  type BackupSource,
  type CallOptions,
  checkOptionNames,
  type NativeDigest,
  type ObjectEntry,
} from '@backproof/core/source'
import { PROVIDER } from '../errors.js'
import { MAX_KEY_BYTES } from '../options.js'
import { COLUMNS, entriesOf, type Scope } from './inventory-row.js'
import { type ReportManifest, readManifest } from './manifest.js'

export interface StorageInsightsOptions {
  /**
   * Where the files of the report are: the bucket that they are written to, or a directory that they were copied to. Used, and
   * never closed.
   */
  readonly files: BackupSource
  /** Key of the manifest in `files`: `inventory/dt=2026-11-01T00:00/<report>_2026-11-01T00:00_manifest.json`. */
  readonly manifest: string
  /** The bucket that the report must be of. Default: any. */
  readonly bucket?: string | undefined
  /** Only objects whose names begin with this text, and without it, as in `gcsSource`. Default: the whole bucket. */
  readonly prefix?: string | undefined
  /** Names of the columns of CSV files in order, or `first-row`: they begin with them. Default: as the manifest says it. */
  readonly columns?: 'first-row' | readonly string[] | undefined
  /** One character between the fields of CSV files. Default: as the manifest says it, else a comma. */
  readonly delimiter?: string | undefined
}

/**
 * An inventory report of Storage Insights (CSV or Parquet) as a dated list without bytes, as of the time of its snapshot. Its
 * digests (`crc32c`, and `md5Hash` where there is one) are the service's: a match with it is `stored`. Versions that are not
 * current and what is deleted are left out.
 *
 * The files of rows are looked for beside the manifest, and then by their whole names. Their rows are counted against the manifest.
 *
 * Throws `invalid-config` at once for wrong options, and where the report is of another bucket. `corrupt`, with file and line, for
 * what cannot be read, and for a report that has less rows than its manifest says.
 */
export const storageInsights = (options: StorageInsightsOptions): BackupSource => {
  const { files: place, manifest, bucket, prefix, columns, delimiter } = checkedOptions(options)
  const files = inventoryFiles(place, PROVIDER)
  const report: Report = { files, scope: { bucket, prefix: prefix ?? '' }, columns, delimiter }
  const uri = listUri('storage-insights', place.uri, manifest, { bucket, prefix })
  return datedList({ uri, provider: PROVIDER, open: (call) => openReport(report, manifest, call) })
}

const FACTORY = 'storageInsights'
const NAMES: readonly string[] = [
  'files',
  'manifest',
  'bucket',
  'prefix',
  'columns',
  'delimiter',
] satisfies (keyof StorageInsightsOptions)[]

const checkedOptions = (options: StorageInsightsOptions): StorageInsightsOptions => {
  checkOptionNames(FACTORY, options, NAMES, PROVIDER)
  const checks = optionChecks(FACTORY, PROVIDER)
  const { files, manifest, bucket, prefix, columns, delimiter } = options
  if (typeof files?.list !== 'function') throw checks.refused('files', files, 'a source, such as gcsSource()')
  checks.text('manifest', manifest, 'the key of a manifest, such as inventory/..._manifest.json', /./)
  if (bucket !== undefined) checks.text('bucket', bucket, 'the name of a bucket', /./)
  if (prefix !== undefined) checks.prefix(prefix, MAX_KEY_BYTES)
  if (columns !== undefined && columns !== 'first-row' && !Array.isArray(columns)) {
    throw checks.refused('columns', columns, 'names of columns, or first-row')
  }
  if (delimiter !== undefined) checks.text('delimiter', delimiter, 'one character', /^.$/su)
  return options
}

interface Report extends Pick<StorageInsightsOptions, 'columns' | 'delimiter'> {
  readonly files: InventoryFiles
  readonly scope: Scope
}

const openReport = async (report: Report, key: string, call: CallOptions): Promise<OpenedList> => {
  const manifest = await readManifest(report.files, key, call)
  const { columns } = manifest
  return {
    asOf: manifest.asOf,
    listingDigests: DIGESTS.filter(([column]) => columns?.includes(column) !== false).map(([, digest]) => digest),
    rows: (one) => reportRows(report, manifest, one),
  }
}

/** By the column that tells them. */
const DIGESTS: readonly (readonly [string, NativeDigest])[] = [
  ['crc32c', { algorithm: 'crc32c', provenance: 'service' }],
  ['md5Hash', { algorithm: 'md5', provenance: 'service' }],
]

async function* reportRows(
  report: Report,
  manifest: ReportManifest,
  call: CallOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  const { files, scope } = report
  let count = 0
  for (const shard of manifest.shards) {
    const refuse = (code: 'corrupt' | 'invalid-config', what: string): Error => listFileError(code, files, shard, what)
    for await (const page of tableOf(report, manifest, shard, call)) {
      count += page.rows.length
      const entries = entriesOf(page, scope, refuse)
      if (entries.length > 0) yield entries
    }
  }
  if (manifest.records !== undefined && count < manifest.records) {
    const what = `its files have ${count} rows, but it says ${manifest.records}: one of them was cut short, or is another.`
    throw listFileError('corrupt', files, manifest.key, what)
  }
}

async function* tableOf(
  { files, columns, delimiter }: Report,
  manifest: ReportManifest,
  shard: string,
  call: CallOptions,
): AsyncGenerator<TablePage, void, void> {
  const whole = shard.replace(/^gs:\/\/[^/]*\//, '')
  const beside = keyBeside(manifest.key, whole)
  const file = await files.get(beside === whole ? [beside] : [beside, whole], call)
  const table = { columns: COLUMNS, required: ['name'] }
  if (/\.parquet$/i.test(shard)) {
    yield* parquetTable(files, file, table, call)
    return
  }
  const header = columns ?? (manifest.header ? 'first-row' : manifest.columns)
  if (header === undefined) {
    const what = 'neither it nor its manifest says which columns it has; give the option columns.'
    throw listFileError('invalid-config', files, file.key, what)
  }
  yield* csvTable(files, file, { ...table, header, delimiter: delimiter ?? manifest.delimiter }, call)
}

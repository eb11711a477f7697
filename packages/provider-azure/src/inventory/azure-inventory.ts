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
import { COLUMNS, CSV_COLUMNS, entriesOf, type Scope } from './inventory-row.js'
import { checkCovered, type InventoryManifest, readManifest } from './manifest.js'

export interface AzureInventoryOptions {
  /**
   * Where the files of the inventory are: the container that the rule writes to, or a directory that a run was copied to. Used, and
   * never closed.
   */
  readonly files: BackupSource
  /** Key of the manifest in `files`: `2026/11/01/01-00-00/daily/daily-manifest.json`. */
  readonly manifest: string
  /** Only blobs of this container, with keys without its name. Default: all that are listed, with keys `container/name`. */
  readonly container?: string | undefined
  /** Only names that begin with this text, and without it, as in `azureBlobSource`. Needs `container`. Default: the whole container. */
  readonly prefix?: string | undefined
}

/**
 * A blob inventory of Azure Storage (CSV or Parquet) as a dated list without bytes, as of the beginning of its run. Its digests are
 * claims: `Content-MD5` and, where the rule lists it, `Content-CRC64`. A match with it needs `require: 'claimed'`. Snapshots,
 * versions that are not current and what was deleted are left out.
 *
 * The files of rows are looked for by their names in the manifest, and then beside the manifest. The manifest is held against its
 * checksum, and files against their sizes in the manifest.
 *
 * Throws `invalid-config` at once for wrong options; when it is opened, for a run that did not succeed and for a rule that does
 * not list all of `container` and `prefix`. `corrupt`, with file and line, for what cannot be read.
 */
export const azureInventory = (options: AzureInventoryOptions): BackupSource => {
  const { files: place, manifest, container, prefix } = checkedOptions(options)
  const files = inventoryFiles(place, PROVIDER)
  const scope: Scope = { container: container === undefined ? '' : `${container}/`, prefix: prefix ?? '' }
  const uri = listUri('azure-inventory', place.uri, manifest, { container, prefix })
  return datedList({ uri, provider: PROVIDER, open: (call) => openInventory(files, manifest, scope, call) })
}

const FACTORY = 'azureInventory'
const NAMES: readonly string[] = ['files', 'manifest', 'container', 'prefix'] satisfies (keyof AzureInventoryOptions)[]

const checkedOptions = (options: AzureInventoryOptions): AzureInventoryOptions => {
  checkOptionNames(FACTORY, options, NAMES, PROVIDER)
  const checks = optionChecks(FACTORY, PROVIDER)
  const { files, manifest, container, prefix } = options
  if (typeof files?.list !== 'function') throw checks.refused('files', files, 'a source, such as azureBlobSource()')
  checks.text('manifest', manifest, 'the key of a manifest, such as 2026/11/01/01-00-00/daily/daily-manifest.json', /./)
  if (container !== undefined) checks.text('container', container, 'the name of a container', /^[^/]+$/)
  if (prefix !== undefined) checks.prefix(prefix, MAX_KEY_BYTES)
  if (prefix !== undefined && container === undefined)
    throw checks.invalid('prefix is of a container; give container too.')
  return options
}

const openInventory = async (
  files: InventoryFiles,
  key: string,
  scope: Scope,
  call: CallOptions,
): Promise<OpenedList> => {
  const manifest = await readManifest(files, key, call)
  if (scope.container !== '') checkCovered(files, manifest, scope.container + scope.prefix)
  const { columns } = manifest
  return {
    asOf: manifest.asOf,
    listingDigests: DIGESTS.filter(([column]) => columns?.includes(column) !== false).map(([, digest]) => digest),
    rows: (one) => inventoryRows(files, manifest, scope, one),
  }
}

/** By the column that tells them. */
const DIGESTS: readonly (readonly [string, NativeDigest])[] = [
  ['Content-MD5', { algorithm: 'md5', provenance: 'claimed' }],
  ['Content-CRC64', { algorithm: 'crc64nvme', provenance: 'claimed' }],
]

async function* inventoryRows(
  files: InventoryFiles,
  manifest: InventoryManifest,
  scope: Scope,
  call: CallOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  for (const { name, size } of manifest.files) {
    const corrupt = (what: string): Error => listFileError('corrupt', files, name, what)
    for await (const page of tableOf(files, manifest, { name, size }, call)) {
      const entries = entriesOf(page, scope, corrupt)
      if (entries.length > 0) yield entries
    }
  }
}

async function* tableOf(
  files: InventoryFiles,
  manifest: InventoryManifest,
  { name, size }: InventoryManifest['files'][number],
  call: CallOptions,
): AsyncGenerator<TablePage, void, void> {
  const beside = keyBeside(manifest.key, name)
  const file = await files.get(beside === name ? [name] : [name, beside], call)
  const table = { required: ['Name'], expected: { size } }
  // The first row is always that of the names, as the rule's schema has them.
  if (manifest.format === 'csv')
    yield* csvTable(files, file, { ...table, columns: CSV_COLUMNS, header: 'first-row' }, call)
  else yield* parquetTable(files, file, { ...table, columns: COLUMNS }, call)
}

import { type InventoryFiles, isTextList, jsonManifest, jsonObject, listFileError } from '@backproof/core/inventory'
import { type CallOptions, showValue } from '@backproof/core/source'

/** What the manifest of an inventory report says, as far as it is of use. */
export interface ReportManifest {
  readonly key: string
  /** When the snapshot of the bucket was taken, milliseconds since 1970. */
  readonly asOf: number
  /** Names of the files with the rows. */
  readonly shards: readonly string[]
  /** Rows of all files, where it tells. */
  readonly records: number | undefined
  /** Names of the columns in order, where it tells. */
  readonly columns: readonly string[] | undefined
  /** Whether CSV files begin with the names of the columns. */
  readonly header: boolean
  /** What stands between the fields of CSV files, where it tells. */
  readonly delimiter: string | undefined
}

/**
 * Reads the manifest of a report (`<report>_<time>_manifest.json`), which the service writes when all files are there. Names may be
 * in snake case or in camel case: both are about.
 *
 * Throws `corrupt` for a manifest that is damaged or none.
 *
 * Source: "Storage Insights inventory reports", and `ReportConfig` of its API, which the manifest holds.
 */
export const readManifest = async (files: InventoryFiles, key: string, call: CallOptions): Promise<ReportManifest> => {
  const file = await files.get([key], call)
  const corrupt = (what: string): Error =>
    listFileError('corrupt', files, key, `it is no manifest of an inventory report: ${what}.`)
  const manifest = await jsonManifest(files, file, {}, call)
  const shards = field(manifest, 'report_shards_file_names')
  if (!isTextList(shards) || shards.includes('')) throw corrupt('it names no files in report_shards_file_names')
  const count = field(manifest, 'shard_count')
  if (count !== undefined && Number(count) !== shards.length) {
    throw corrupt(`its shard_count is ${showValue(count)}, and it names ${shards.length} files`)
  }
  const snapshot = field(manifest, 'snapshot_time')
  const asOf = typeof snapshot === 'string' ? Date.parse(snapshot) : Number.NaN
  if (Number.isNaN(asOf)) throw corrupt(`its snapshot_time is ${showValue(snapshot)}`)
  const told = field(manifest, 'records_processed')
  const records = told === undefined ? undefined : Number(told)
  if (records !== undefined && !Number.isSafeInteger(records)) {
    throw corrupt(`its records_processed is ${showValue(told)}`)
  }
  const config = field(manifest, 'report_config')
  const csv = field(config, 'csv_options')
  const columns = field(field(config, 'object_metadata_report_options'), 'metadata_fields')
  const delimiter = field(csv, 'delimiter')
  return {
    ...{ key, asOf, shards, records },
    columns: isTextList(columns) ? columns : undefined,
    header: field(csv, 'header_required') === true,
    delimiter: typeof delimiter === 'string' && delimiter !== '' ? delimiter : undefined,
  }
}

/** By its name in snake case, or the same in camel case. */
const field = (value: unknown, name: string): unknown => {
  const object = jsonObject(value)
  return object[name] ?? object[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())] ?? undefined
}

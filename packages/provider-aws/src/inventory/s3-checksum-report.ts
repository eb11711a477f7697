import {
  csvTable,
  datedList,
  type ExpectedFile,
  type InventoryFiles,
  inventoryFiles,
  jsonManifest,
  listFileError,
  listUri,
} from '@backproof/core/inventory'
import type { BackupSource, CallOptions, NativeDigest, ObjectEntry } from '@backproof/core/source'
import { showValue } from '@backproof/core/source'
import { PROVIDER } from '../errors.js'
import { checksumEntry, REPORT_COLUMNS } from './checksum-row.js'
import { fileKeys } from './file-keys.js'
import { jsonFields } from './json-fields.js'
import { BUCKET_NAME, type BucketListOptions, checkListOptions } from './list-options.js'

export interface S3ChecksumReportOptions extends BucketListOptions {
  /** The bucket that the job looked at. */
  readonly bucket: string
  /** Key of the report's `manifest.json` in `files`. Excludes `reports` and `asOf`. */
  readonly manifest?: string | undefined
  /** Instead of `manifest`: keys of the report's CSV files, of which no MD5 is known then. */
  readonly reports?: readonly string[] | undefined
  /** With `reports`: when the job ended. */
  readonly asOf?: Date | undefined
}

/**
 * The completion report of a job "Compute checksum" of S3 Batch Operations as a source: objects with the digest that S3 computed
 * from the bytes it stores, at rest, when the job ran, and no bytes and sizes. Tasks that failed are entries with a `problem`.
 * The job must have been told to report all tasks, not only those that failed.
 *
 * Source: "Examples: S3 Batch Operations completion reports" and "Compute checksums", Amazon S3 User Guide.
 *
 * Throws `invalid-config` at once for wrong options. `describe` and `list` reject with `corrupt` for a report that breaks its MD5
 * or is none of such a job, `not-found` for files that are not there.
 */
export const s3ChecksumReport = (options: S3ChecksumReportOptions): BackupSource => {
  const checks = checkListOptions('s3ChecksumReport', options, ['bucket', 'manifest', 'reports', 'asOf'])
  const { files: source, bucket, prefix = '', manifest, reports, asOf } = options
  checks.text('bucket', bucket, 'the name of a bucket', BUCKET_NAME)
  if ((manifest === undefined) === (reports === undefined)) throw checks.invalid('give either manifest or reports.')
  if (manifest !== undefined) {
    checks.text('manifest', manifest, 'the key of manifest.json', /./)
    if (asOf !== undefined) throw checks.invalid('asOf has no effect with manifest, which says when; leave it out.')
  } else {
    if (!Array.isArray(reports) || reports.length === 0 || !reports.every((key) => typeof key === 'string')) {
      throw checks.invalid(`reports is ${showValue(reports)}; it must be a list of keys of CSV files.`)
    }
    if (!(asOf instanceof Date) || Number.isNaN(asOf.getTime())) {
      throw checks.refused('asOf', asOf, 'the date when the job ended, with reports')
    }
  }
  const files = inventoryFiles(source, PROVIDER)
  const place = { bucket, prefix }
  return datedList({
    uri: listUri('s3-checksum-report', source.uri, manifest ?? reports![0]!, {
      bucket,
      prefix: prefix === '' ? undefined : prefix,
      ...(reports !== undefined && reports.length > 1 && { reports: String(reports.length) }),
    }),
    provider: PROVIDER,
    open: async (call) => {
      const report =
        manifest === undefined
          ? { asOf: asOf!.getTime(), parts: reports!.map((key) => ({ keys: [key], expected: {} })) }
          : await readReportManifest(files, manifest, call)
      return {
        asOf: report.asOf,
        listingDigests: await digestsOf(reportRows(files, report.parts, place, call)),
        rows: (listing) => reportRows(files, report.parts, place, listing),
      }
    },
  })
}

interface ReportPart {
  /** Keys under which it may be found. */
  readonly keys: readonly string[]
  readonly expected: ExpectedFile
}

const FORMAT = 'Report_CSV_20180820'

const readReportManifest = async (
  files: InventoryFiles,
  key: string,
  call: CallOptions,
): Promise<{ readonly asOf: number; readonly parts: readonly ReportPart[] }> => {
  const file = await files.get([key], call)
  const fields = jsonFields(files, file, await jsonManifest(files, file, {}, call))
  const format = fields.text('Format')
  if (format !== FORMAT) throw fields.refuse(`its Format is ${JSON.stringify(format)}, not ${FORMAT}.`)
  const schema = fields
    .text('ReportSchema')
    .split(',')
    .map((name) => name.trim())
  if (schema.join() !== REPORT_COLUMNS.join())
    throw fields.refuse(`its ReportSchema is ${JSON.stringify(schema.join(', '))}.`)
  const asOf = Date.parse(fields.text('ReportCreationDate'))
  if (Number.isNaN(asOf)) throw fields.refuse('its ReportCreationDate is no date.')
  return {
    asOf,
    parts: fields.list('Results').map((result) => {
      const value = result.text('MD5Checksum').toLowerCase()
      if (!/^[0-9a-f]{32}$/.test(value)) throw fields.refuse('an MD5Checksum in it is none.')
      return { keys: fileKeys(result.text('Key'), key), expected: { digest: { algorithm: 'md5', value } } }
    }),
  }
}

/** All tasks of a job compute the same: the first that succeeded tells which digest. */
const digestsOf = async (pages: AsyncIterable<readonly ObjectEntry[]>): Promise<readonly NativeDigest[]> => {
  for await (const page of pages) {
    const digests = page.find((entry) => entry.digests !== undefined)?.digests
    if (digests !== undefined) return digests.map(({ algorithm, provenance }) => ({ algorithm, provenance }))
  }
  return []
}

async function* reportRows(
  files: InventoryFiles,
  parts: readonly ReportPart[],
  place: { readonly bucket: string; readonly prefix: string },
  call: CallOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  for (const { keys, expected } of parts) {
    const file = await files.get(keys, call)
    const table = csvTable(files, file, { columns: REPORT_COLUMNS, header: REPORT_COLUMNS, expected }, call)
    for await (const { rows, where } of table) {
      const page: ObjectEntry[] = []
      for (const [index, cells] of rows.entries()) {
        const refuse = (what: string): Error =>
          listFileError('corrupt', files, file.key, `${where(index)} cannot be read: ${what}`)
        const entry = checksumEntry(cells, place, refuse)
        if (entry !== undefined) page.push(entry)
      }
      if (page.length > 0) yield page
    }
  }
}

import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toBackupError } from '@backproof/core/errors'
import { csvField } from '@backproof/core/inventory'
import { keyFields, optionChecks } from '@backproof/core/object-store'
import { checkOptionNames, type JsonValue, keyToBytes, type ObjectEntry } from '@backproof/core/source'
import { PROVIDER } from '../errors.js'
import { MAX_KEY_BYTES } from '../options.js'
import { BUCKET_NAME } from './list-options.js'

export interface BatchManifestOptions {
  readonly bucket: string
  /** What the keys of the entries lack, as in `s3Source`. Default: nothing. */
  readonly prefix?: string | undefined
  /**
   * Whether each row names its version (`null` where an entry has none), so that the job looks at this one. The columns are then
   * `Bucket,Key,VersionId`, else `Bucket,Key`. Default false.
   */
  readonly versions?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes the CSV manifest that a job of S3 Batch Operations takes (`S3BatchOperations_CSV_20180820`): one row an object, keys
 * URL-encoded. Entries that are no objects, or were left out, get no row. Gives the number of rows.
 *
 * The stream stays open, and is the caller's to end; it is destroyed when writing fails or is cancelled.
 *
 * Source: "Specifying a manifest" in "Creating an S3 Batch Operations job", Amazon S3 User Guide.
 *
 * Throws `invalid-config` for wrong options. Rejects with what the listing rejects with, `unavailable` when the stream fails, and
 * `signal.reason`.
 */
export const writeBatchManifest = async (
  entries: AsyncIterable<readonly ObjectEntry[]>,
  stream: Writable,
  options: BatchManifestOptions,
): Promise<number> => {
  const factory = 'writeBatchManifest'
  checkOptionNames(factory, options, ['bucket', 'prefix', 'versions', 'signal'], PROVIDER)
  const checks = optionChecks(factory, PROVIDER)
  const { bucket, prefix = '', versions = false, signal } = options
  checks.text('bucket', bucket, 'the name of a bucket', BUCKET_NAME)
  checks.prefix(prefix, MAX_KEY_BYTES)
  checks.boolean('versions', versions)
  let rows = 0
  let failure: unknown
  async function* lines(): AsyncGenerator<string> {
    try {
      for await (const page of entries) {
        const objects = page.filter(({ kind, excluded }) => kind === 'object' && excluded === undefined)
        if (objects.length === 0) continue
        rows += objects.length
        yield objects.map((entry) => row(entry, { bucket, prefix, versions })).join('')
      }
    } catch (error) {
      failure = error
      throw error
    }
  }
  try {
    await pipeline(Readable.from(lines()), stream, { end: false, ...(signal !== undefined && { signal }) })
  } catch (error) {
    signal?.throwIfAborted()
    if (failure !== undefined) throw failure
    const message = `The manifest could not be written: ${error instanceof Error ? error.message : String(error)}.`
    throw toBackupError(error, {
      code: 'unavailable',
      retryable: false,
      message,
      provider: PROVIDER,
      operation: 'write',
    })
  }
  return rows
}

const row = (
  entry: ObjectEntry,
  { bucket, prefix, versions }: { readonly bucket: string; readonly prefix: string; readonly versions: boolean },
): string => {
  const fields = [bucket, urlEncoded(prefix + nameOf(entry))]
  if (versions) fields.push(entry.version ?? 'null')
  return `${fields.map(csvField).join(',')}\n`
}

/** The name behind the prefix. The ref of an S3 entry tells the object that is named like the prefix from one named `/`. */
const nameOf = ({ key, ref }: ObjectEntry): string => {
  const named = (ref as Readonly<Record<string, JsonValue | undefined>> | null)?.['key']
  return typeof named === 'string' && keyFields(named).key === key ? named : key
}

const urlEncoded = (key: string): string =>
  key.isWellFormed()
    ? encodeURIComponent(key).replaceAll('%2F', '/')
    : [...keyToBytes(key)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

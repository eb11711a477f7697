import { type InventoryFiles, jsonManifest, listFileError } from '@backproof/core/inventory'
import type { CallOptions } from '@backproof/core/source'
import { jsonFields } from './json-fields.js'

/** A file of rows, as the manifest names it. */
export interface InventoryPart {
  /** In the bucket that the inventory was written to. */
  readonly key: string
  readonly size: number
  /** Lowercase hexadecimal. */
  readonly md5: string
}

export interface InventoryManifest {
  readonly bucket: string
  /** When S3 began to look at the bucket, milliseconds since 1970. */
  readonly created: number
  readonly format: 'CSV' | 'Parquet'
  /** Of CSV: names of the columns in order. Of Parquet: of its `message`. */
  readonly columns: readonly string[]
  readonly parts: readonly InventoryPart[]
}

const LARGEST_CHECKSUM = 4_096

/**
 * Reads `manifest.json` of an inventory and holds it to `manifest.checksum` beside it, the MD5 of its content.
 *
 * Source: "Locating your inventory list", Amazon S3 User Guide.
 *
 * Throws `corrupt` when it breaks its checksum or is no such manifest, `not-found` when one of the two is not there,
 * `unsupported` for ORC.
 */
export const readInventoryManifest = async (
  files: InventoryFiles,
  key: string,
  call: CallOptions,
): Promise<InventoryManifest> => {
  const file = await files.get([key], call)
  const checksum = await files.get([`${key.replace(/\.json$/, '')}.checksum`], call)
  const md5 = (await files.whole(checksum, LARGEST_CHECKSUM, {}, call)).toString('latin1').trim()
  if (!MD5.test(md5)) throw listFileError('corrupt', files, checksum.key, 'it is no MD5.')
  const digest = { algorithm: 'md5', value: md5.toLowerCase() } as const
  const fields = jsonFields(files, file, await jsonManifest(files, file, { digest }, call))
  const format = fields.text('fileFormat').toUpperCase()
  if (format === 'ORC') {
    throw listFileError(
      'unsupported',
      files,
      key,
      'the inventory is in ORC, which is not read here: no reader for Node is kept up. Choose CSV or Parquet in the configuration of the inventory.',
    )
  }
  if (format !== 'CSV' && format !== 'PARQUET') throw fields.refuse(`its fileFormat is ${JSON.stringify(format)}.`)
  const schema = fields.text('fileSchema')
  const parts = fields.list('files').map((part) => {
    const told = part.text('MD5checksum')
    if (!MD5.test(told)) throw fields.refuse(`the MD5checksum of ${part.text('key')} is none.`)
    return { key: part.text('key'), size: part.count('size'), md5: told.toLowerCase() }
  })
  return {
    bucket: fields.text('sourceBucket'),
    created: fields.count('creationTimestamp'),
    format: format === 'CSV' ? 'CSV' : 'Parquet',
    columns: format === 'CSV' ? schema.split(',').map((name) => name.trim()) : messageColumns(schema),
    parts,
  }
}

const MD5 = /^[0-9a-f]{32}$/i

/** Names of `message s3.inventory { required binary bucket (UTF8); optional int64 size; ... }`. */
const messageColumns = (schema: string): readonly string[] =>
  [...schema.matchAll(/\b(?:required|optional|repeated)\s+\w+\s+(\w+)/g)].map(([, name]) => name!)

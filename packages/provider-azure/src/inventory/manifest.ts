import {
  type InventoryFile,
  type InventoryFiles,
  isTextList,
  type JsonObject,
  jsonManifest,
  jsonObject,
  listFileError,
} from '@backproof/core/inventory'
import { type CallOptions, escapeKey, showValue } from '@backproof/core/source'

/** What the manifest of a run of a rule says, as far as it is of use. */
export interface InventoryManifest {
  readonly key: string
  /** When the run began, milliseconds since 1970: nothing of the list is older. */
  readonly asOf: number
  readonly format: 'csv' | 'parquet'
  /** Names and sizes of the files with the rows. */
  readonly files: readonly { readonly name: string; readonly size: number }[]
  /** What the names of blobs begin with, container first; empty: anything. */
  readonly prefixes: readonly string[]
  /** Columns, where it tells them. */
  readonly columns: readonly string[] | undefined
}

/**
 * Reads the manifest of a run (`<rule>-manifest.json`) and holds it against its checksum (`<rule>-manifest.checksum`, the MD5 of
 * the manifest), which the service writes when the run has ended: without it the list is not whole.
 *
 * Throws `corrupt` for a manifest that is damaged or none, `not-found` without its checksum, `invalid-config` for one of
 * containers, or of a run that did not succeed.
 *
 * Source: "Azure Storage blob inventory", inventory output.
 */
export const readManifest = async (
  files: InventoryFiles,
  key: string,
  call: CallOptions,
): Promise<InventoryManifest> => {
  const file = await files.get([key], call)
  const md5 = await checksumOf(files, file, call)
  return manifestOf(files, key, await jsonManifest(files, file, { digest: { algorithm: 'md5', value: md5 } }, call))
}

const checksumOf = async (files: InventoryFiles, { key }: InventoryFile, call: CallOptions): Promise<string> => {
  const file = await files.get([key.replace(/\.json$/, '.checksum')], call)
  const told = (await files.whole(file, 1_024, {}, call)).toString('latin1').trim().replace(/^"|"$/g, '')
  if (/^[0-9a-f]{32}$/i.test(told)) return told.toLowerCase()
  if (/^[A-Za-z0-9+/]{22}==$/.test(told)) return Buffer.from(told, 'base64').toString('hex')
  throw listFileError('corrupt', files, file.key, 'it holds no MD5.')
}

const manifestOf = (files: InventoryFiles, key: string, manifest: JsonObject): InventoryManifest => {
  const corrupt = (what: string): Error =>
    listFileError('corrupt', files, key, `it is no manifest of a blob inventory: ${what}.`)
  const refused = (what: string): Error => listFileError('invalid-config', files, key, what)
  const { status, files: listed, inventoryStartTime, ruleDefinition } = manifest
  if (!Array.isArray(listed)) throw corrupt('it names no files')
  const { format, objectType, filters, schemaFields } = jsonObject(ruleDefinition)
  if (objectType !== 'blob') {
    throw refused(`it is of a rule that lists ${showValue(objectType)}; take that of a rule for blobs.`)
  }
  if (status !== 'Succeeded') {
    throw refused(
      `the run's status is ${showValue(status)}: its list is not whole. Take that of a run that has succeeded.`,
    )
  }
  if (format !== 'csv' && format !== 'parquet') throw corrupt(`its format is ${showValue(format)}`)
  const asOf = typeof inventoryStartTime === 'string' ? Date.parse(inventoryStartTime) : Number.NaN
  if (Number.isNaN(asOf)) throw corrupt(`its inventoryStartTime is ${showValue(inventoryStartTime)}`)
  return {
    key,
    asOf,
    format,
    files: listed.map((one: unknown) => {
      const { blob: name, size } = jsonObject(one)
      if (typeof name !== 'string' || name === '' || !isSize(size))
        throw corrupt('it names a file without name or size')
      return { name, size }
    }),
    prefixes: prefixesOf(jsonObject(filters)['prefixMatch'], corrupt),
    columns: isTextList(schemaFields) ? schemaFields : undefined,
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** An empty one takes in everything. */
const prefixesOf = (told: unknown, corrupt: (what: string) => Error): readonly string[] => {
  if (told === undefined || told === null) return []
  if (!isTextList(told)) throw corrupt(`its prefixMatch is ${showValue(told)}`)
  return told.includes('') ? [] : told
}

/**
 * Throws `invalid-config` where the rule does not list all that was asked for: what it leaves out would be missing from the list, and
 * who takes the list for the whole would prove too little.
 *
 * @param name Container and prefix, as names of blobs begin with them.
 */
export const checkCovered = (files: InventoryFiles, { key, prefixes }: InventoryManifest, name: string): void => {
  if (prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix))) return
  const shown = prefixes.map((prefix) => `"${escapeKey(prefix)}"`).join(', ')
  throw listFileError(
    'invalid-config',
    files,
    key,
    `the rule lists names that begin with ${shown}, and "${escapeKey(name)}" was asked for. Give container and prefix so that the rule lists all of it.`,
  )
}

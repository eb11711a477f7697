import type { CallOptions } from '../source/backup-source.js'
import type { ExpectedFile, InventoryFile, InventoryFiles } from './inventory-files.js'
import { listFileError } from './list-errors.js'

/** An object of JSON, before anything of it was checked. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Larger than the manifest of any list: one names its files, of millions of rows each. */
const LARGEST = 64 * 1024 * 1024

/**
 * The object that a manifest in JSON holds. Throws `corrupt` for what is none, is larger than 64 MiB, or is not what was expected.
 */
export const jsonManifest = async (
  files: InventoryFiles,
  file: InventoryFile,
  expected?: ExpectedFile,
  call?: CallOptions,
): Promise<JsonObject> => {
  const bytes = await files.whole(file, LARGEST, expected, call)
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw listFileError('corrupt', files, file.key, 'it is no object of JSON, as manifests are.')
}

/** A member that should be an object; an empty one where it is none. */
export const jsonObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {}

/** Whether a member is a list of texts. */
export const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** The key of a file that was copied to the folder of its manifest, whatever folder its own key names. */
export const keyBeside = (manifest: string, key: string): string =>
  manifest.slice(0, manifest.lastIndexOf('/') + 1) + key.slice(key.lastIndexOf('/') + 1)

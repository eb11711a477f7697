import type { KeyObject } from 'node:crypto'
import type { KnownAlgorithm } from '@backproof/core/digest'
import { fileChunks } from '@backproof/core/run'
import { type BackupSource, escapeKey, showValue } from '@backproof/core/source'
import { invalidConfig } from '../errors.js'
import { absolutePath, checkNames } from '../options.js'
import { backproofFormat } from './backproof-format.js'
import { checkAlgorithm, checksumFormat, rootPrefix } from './checksum-manifest.js'
import { hashdeepFormat } from './hashdeep-format.js'
import { HASHDEEP_START } from './hashdeep-line.js'
import { publicKey } from './manifest-signature.js'
import { type ManifestFormat, manifestSource } from './manifest-source.js'

/**
 * `backproof`: what `writeManifest` writes (docs/manifest-format.md). `checksum`: what `sha256sum` and its like write.
 * `hashdeep`: what the program of this name writes (names with newlines are broken by it, and refused).
 */
export type ManifestFormatName = 'backproof' | 'checksum' | 'hashdeep'

export interface ManifestFileOptions {
  /** The file. A relative path is resolved once, against the working directory. */
  readonly path: string
  /** Default: told by the first bytes of the file. */
  readonly format?: ManifestFormatName | undefined
  /** Of a checksum file: as in `checksumManifest`. */
  readonly algorithm?: KnownAlgorithm | undefined
  /** The directory that keys count from, as names have it in front; in formats of other tools. Default: names are keys. */
  readonly root?: string | undefined
  /** Of a manifest of ours: only one that the owner of this Ed25519 key signed is read. PEM text or a key object. */
  readonly publicKey?: string | KeyObject | undefined
}

/**
 * The file of a manifest, in any format that is known here, as a source without bytes: an expectation for `verify`, or
 * a side of a comparison. Its entries carry `recorded` digests; `read` rejects with `unsupported`.
 *
 * Throws `invalid-config` at once for wrong options. Listing throws `invalid-config` with the number of a line that
 * cannot be read. A manifest of ours is held against its own digest (and signature) before its first entry is given out:
 * one that was cut short, changed, or lacks the signature that was asked for is `corrupt`.
 */
export const manifestFile = (options: ManifestFileOptions): BackupSource => {
  const factory = 'manifestFile'
  checkNames(factory, options, ['path', 'format', 'algorithm', 'root', 'publicKey'])
  const path = absolutePath(factory, options.path)
  const { format, algorithm } = options
  if (format !== undefined && !FORMATS.includes(format))
    throw invalidConfig(`${factory}: format is ${showValue(format)}; it must be one of ${FORMATS.join(', ')}.`)
  checkAlgorithm(factory, algorithm)
  const root = rootPrefix(factory, options.root)
  const key = options.publicKey === undefined ? undefined : publicKey(`${factory}: publicKey`, options.publicKey)
  const open = (name: ManifestFormatName): ManifestFormat => {
    if (name === 'backproof') {
      if (algorithm !== undefined) throw unfit(path, 'algorithm', 'a manifest of Backproof names its own')
      if (root !== '') throw unfit(path, 'root', 'a manifest of Backproof has keys, which are relative already')
      return backproofFormat(path, key)
    }
    if (key !== undefined) throw unfit(path, 'publicKey', `a ${name} file has no signature`)
    if (name === 'hashdeep') {
      if (algorithm !== undefined) throw unfit(path, 'algorithm', 'a hashdeep file names its own')
      return hashdeepFormat(path, root)
    }
    return checksumFormat(path, algorithm, root)
  }
  return manifestSource(path, async (signal) => open(format ?? (await detectFormat(path, signal))))
}

const FORMATS: readonly ManifestFormatName[] = ['backproof', 'checksum', 'hashdeep']

const unfit = (path: string, option: string, why: string): Error =>
  invalidConfig(`${escapeKey(path)}: the option ${option} does not fit: ${why}. Leave it out.`, path)

const detectFormat = async (path: string, signal: AbortSignal | undefined): Promise<ManifestFormatName> => {
  for await (const chunk of fileChunks(path, { signal })) return formatOfStart(chunk.toString('latin1'))
  return 'checksum'
}

/** The format of a file by its first bytes (one byte a character). What is like no other is taken for a checksum file. */
const formatOfStart = (start: string): ManifestFormatName =>
  start.startsWith('{') ? 'backproof' : start.startsWith(HASHDEEP_START) ? 'hashdeep' : 'checksum'

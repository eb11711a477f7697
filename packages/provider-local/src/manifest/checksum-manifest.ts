import { basename } from 'node:path'
import { type Algorithm, isKnownAlgorithm, type KnownAlgorithm } from '@backproof/core/digest'
import { type BackupSource, type JsonValue, keyToBytes, type ObjectEntry, showValue } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'
import { absolutePath, checkNames } from '../options.js'
import { algorithmFromFileName } from './checksum-algorithm.js'
import { type ChecksumSettings, readChecksums } from './checksum-reader.js'
import { type ManifestFormat, manifestSource } from './manifest-source.js'

export interface ChecksumManifestOptions {
  /** The checksum file. A relative path is resolved once, against the working directory. */
  readonly path: string
  /**
   * The algorithm of its digests. Default: told by each line's tag (`SHA256 (name) = ...`), by the file's name
   * (`SHA256SUMS`, `x.sha256`, ...), or by the number of digits: 32 md5, 40 sha1, 64 sha256, 128 sha512.
   */
  readonly algorithm?: KnownAlgorithm | undefined
  /** The directory that keys count from, as the names have it in front, for example `/srv/shop`. Default: names are keys. */
  readonly root?: string | undefined
}

/**
 * A checksum file as a source without bytes: what `sha256sum`, `sha512sum`, `sha1sum`, `md5sum` and `b3sum` write, also
 * with `--tag` or with lines that end in CR LF. Its entries carry a `recorded` digest and no size; `read` rejects with
 * `unsupported`. The order is that of the file. Names are bytes; names outside the directory are refused.
 *
 * Throws `invalid-config` at once for wrong options; a line that cannot be read ends the listing with `invalid-config`
 * and its number.
 */
export const checksumManifest = (options: ChecksumManifestOptions): BackupSource => {
  const factory = 'checksumManifest'
  checkNames(factory, options, ['path', 'algorithm', 'root'])
  const path = absolutePath(factory, options.path)
  checkAlgorithm(factory, options.algorithm)
  const format = checksumFormat(path, options.algorithm, rootPrefix(factory, options.root))
  return manifestSource(path, async () => format)
}

/** `root` is what {@link rootPrefix} makes of the option. */
export const checksumFormat = (path: string, algorithm: Algorithm | undefined, root: string): ManifestFormat => {
  const settings: ChecksumSettings = { path, algorithm: algorithm ?? algorithmFromFileName(basename(path)), root }
  return {
    keyOrder: 'none',
    algorithms: async (signal) => {
      for await (const page of readChecksums(settings, signal))
        return page[0]?.digests?.map((digest) => digest.algorithm) ?? []
      return []
    },
    list: ({ signal }) => readChecksums(settings, signal),
    entryOfRef,
  }
}

export const checkAlgorithm = (factory: string, algorithm: KnownAlgorithm | undefined): void => {
  if (algorithm !== undefined && !isKnownAlgorithm(algorithm))
    throw invalidConfig(`${factory}: algorithm is ${showValue(algorithm)}, which is not known.`)
}

/** What names must have in front for a root: one byte a character, with a `/` at its end; empty for none. */
export const rootPrefix = (factory: string, root: string | undefined): string => {
  if (root === undefined) return ''
  if (typeof root !== 'string' || root === '') {
    throw invalidConfig(
      `${factory}: root is ${showValue(root)}; it must be a directory as the names of the file have it in front.`,
    )
  }
  const bytes = Buffer.from(keyToBytes(root)).toString('latin1')
  return bytes === '.' ? '' : `${bytes.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')}/`
}

/** A ref of a checksum file holds all there is to know. */
const entryOfRef = (ref: JsonValue): ObjectEntry => {
  const given = typeof ref === 'object' && ref !== null ? (ref as Readonly<Record<string, unknown>>) : {}
  const { name, algorithm, value } = given
  if (typeof name !== 'string' || typeof algorithm !== 'string' || typeof value !== 'string') {
    throw invalidConfig('The ref is none that this checksum file gave out; pass refs of its own listing.')
  }
  const { key, keyBytes } = placeOf(name)
  return {
    key,
    ...(keyBytes !== undefined && { keyBytes }),
    ref: { name, algorithm, value },
    kind: 'object',
    digests: [{ algorithm, value, provenance: 'recorded' }],
  }
}

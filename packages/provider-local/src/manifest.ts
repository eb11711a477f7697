import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Algorithm, isKnownAlgorithm, type KnownAlgorithm } from '@backproof/core/digest'
import {
  type BackupSource,
  type CallOptions,
  type JsonValue,
  keyToBytes,
  type ObjectEntry,
  type SourceTraits,
} from '@backproof/core/source'
import { algorithmFromFileName } from './checksum-algorithm.js'
import { placeOf } from './entry.js'
import { invalidConfig, localError, systemError } from './errors.js'
import { type ManifestSettings, readManifest } from './manifest-reader.js'
import { absolutePath, checkNames, show } from './options.js'
import { fileUri, hostPlatform } from './paths.js'

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
  const settings = manifestSettings(options)
  const uri = fileUri(settings.path, hostPlatform())
  let disposed = false
  const checkOpen = (): void => {
    if (disposed) throw invalidConfig(`The source ${uri} was disposed of; open it again.`)
  }

  return Object.freeze({
    specVersion: 'v1',
    uri,
    async describe(call) {
      checkOpen()
      return describeManifest(settings, call)
    },
    async *list(call) {
      checkOpen()
      for await (const page of readManifest(settings, call?.signal)) {
        checkOpen()
        yield page
      }
    },
    async stat(ref, call) {
      checkOpen()
      call?.signal?.throwIfAborted()
      return entryOfRef(ref)
    },
    async read(ref, call) {
      checkOpen()
      call?.signal?.throwIfAborted()
      const { key } = entryOfRef(ref)
      throw localError(
        'unsupported',
        'read',
        key,
        `${uri} is a list of checksums; it holds no bytes of the objects it names.`,
      )
    },
    async [Symbol.asyncDispose]() {
      disposed = true
    },
  } satisfies BackupSource)
}

const manifestSettings = (options: ChecksumManifestOptions): ManifestSettings => {
  const factory = 'checksumManifest'
  checkNames(factory, options, ['path', 'algorithm', 'root'])
  const path = absolutePath(factory, options.path)
  const { algorithm, root } = options
  if (algorithm !== undefined && !isKnownAlgorithm(algorithm)) {
    throw invalidConfig(`${factory}: algorithm is ${show(algorithm)}, which is not known.`)
  }
  if (root !== undefined && (typeof root !== 'string' || root === '')) {
    throw invalidConfig(
      `${factory}: root is ${show(root)}; it must be a directory as the names of the file have it in front.`,
    )
  }
  const bytes = root === undefined ? '' : Buffer.from(keyToBytes(root)).toString('latin1')
  const tidy = bytes.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')
  return {
    path,
    algorithm: algorithm ?? algorithmFromFileName(basename(path)),
    root: root === undefined || bytes === '.' ? '' : `${tidy}/`,
  }
}

const describeManifest = async (settings: ManifestSettings, { signal }: CallOptions = {}): Promise<SourceTraits> => {
  signal?.throwIfAborted()
  const algorithm = await firstAlgorithm(settings, signal)
  const place = await placeOfFile(settings.path)
  signal?.throwIfAborted()
  return Object.freeze({
    keyOrder: 'none',
    access: 'random',
    pinning: 'none',
    listingDigests: Object.freeze(
      algorithm === undefined ? [] : [Object.freeze({ algorithm, provenance: 'recorded' })],
    ),
    statDigests: Object.freeze([]),
    rangeReads: false,
    versions: false,
    readCost: 'impossible',
    place,
  } satisfies SourceTraits)
}

const firstAlgorithm = async (
  settings: ManifestSettings,
  signal: AbortSignal | undefined,
): Promise<Algorithm | undefined> => {
  for await (const page of readManifest(settings, signal)) return page[0]?.digests?.[0]?.algorithm
  return undefined
}

const placeOfFile = async (path: string): Promise<string> => {
  try {
    const { dev, ino } = await stat(path, { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    throw systemError(error, 'open', path)
  }
}

/** A ref of a manifest holds all there is to know. */
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

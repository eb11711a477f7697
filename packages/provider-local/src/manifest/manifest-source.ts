import { stat } from 'node:fs/promises'
import type { Algorithm } from '@backproof/core/digest'
import {
  type BackupSource,
  type JsonValue,
  keyToBytes,
  type ListOptions,
  type ObjectEntry,
  type SourceTraits,
} from '@backproof/core/source'
import { invalidConfig, localError, systemError } from '../errors.js'
import { fileUri, hostPlatform } from '../paths.js'

/** What the formats differ in. All calls get the signal of the caller. */
export interface ManifestFormat {
  readonly keyOrder: SourceTraits['keyOrder']
  /** Algorithms of the digests that the entries carry. Throws what is wrong with the file, as far as it looks. */
  readonly algorithms: (signal: AbortSignal | undefined) => Promise<readonly Algorithm[]>
  readonly list: (options: ListOptions) => AsyncIterable<readonly ObjectEntry[]>
  /** The entry that a ref of this format stands for. Throws `invalid-config` for any other. */
  readonly entryOfRef: (ref: JsonValue) => ObjectEntry
}

/**
 * The file at an absolute path as a source without bytes: `read` rejects with `unsupported`. `openFormat` is called
 * once, when something is asked.
 */
export const manifestSource = (
  path: string,
  openFormat: (signal: AbortSignal | undefined) => Promise<ManifestFormat>,
): BackupSource => {
  const uri = fileUri(path, hostPlatform())
  let disposed = false
  let opened: ManifestFormat | undefined
  const format = async (signal: AbortSignal | undefined): Promise<ManifestFormat> => {
    if (disposed) throw invalidConfig(`The source ${uri} was disposed of; open it again.`)
    signal?.throwIfAborted()
    opened ??= await openFormat(signal)
    return opened
  }

  return Object.freeze({
    specVersion: 'v1',
    uri,
    async describe({ signal } = {}) {
      const { algorithms, keyOrder } = await format(signal)
      const listed = await algorithms(signal)
      const place = await placeOfFile(path)
      signal?.throwIfAborted()
      return Object.freeze({
        keyOrder,
        access: 'random',
        pinning: 'none',
        listingDigests: Object.freeze(
          listed.map((algorithm) => Object.freeze({ algorithm, provenance: 'recorded' as const })),
        ),
        statDigests: Object.freeze([]),
        rangeReads: false,
        versions: false,
        readCost: 'impossible',
        place,
      } satisfies SourceTraits)
    },
    async *list(options = {}) {
      const { list } = await format(options.signal)
      for await (const page of list(options)) {
        if (disposed) throw invalidConfig(`The source ${uri} was disposed of; open it again.`)
        yield page
      }
    },
    async stat(ref, { signal } = {}) {
      return (await format(signal)).entryOfRef(ref)
    },
    async read(ref, { signal } = {}) {
      const { key } = (await format(signal)).entryOfRef(ref)
      const message = `${uri} is a list of objects; it holds no bytes of those it names.`
      throw localError('unsupported', 'read', key, message)
    },
    async [Symbol.asyncDispose]() {
      disposed = true
    },
  } satisfies BackupSource)
}

const placeOfFile = async (path: string): Promise<string> => {
  try {
    const { dev, ino } = await stat(Buffer.from(keyToBytes(path)), { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    throw systemError(error, 'open', path)
  }
}

import type { BackupError } from '@backproof/core/errors'
import {
  type BackupSource,
  escapeKey,
  type NativeDigest,
  type ObjectBody,
  type ObjectEntry,
  type SourceTraits,
} from '@backproof/core/source'
import { invalidConfig, localError } from '../errors.js'
import type { ArchivePlace } from './archive-place.js'

const PAGE = 1_000

/** What reading an archive is bound to. */
export interface ScanCall {
  readonly signal: AbortSignal | undefined
  /** Throws when the call was aborted or the source disposed of: for work that waits for no byte. */
  readonly checkOpen: () => void
}

export interface ArchiveFormat {
  readonly digests: readonly NativeDigest[]
  /** Whether the place must give ranges of bytes. */
  readonly needsRanges: boolean
  /** The entries in stored order. Closing the iteration closes all that it opened. */
  scan(place: ArchivePlace, call: ScanCall): AsyncGenerator<ObjectBody>
}

/** The sequential source of an archive: everything but its format. */
export const archiveSource = (place: ArchivePlace, format: ArchiveFormat): BackupSource => {
  const disposal = new AbortController()
  const open = new Set<AsyncGenerator<ObjectBody>>()
  const checkOpen = (signal?: AbortSignal): void => {
    signal?.throwIfAborted()
    if (disposal.signal.aborted) throw invalidConfig(`The source ${place.uri} was disposed of; open it again.`)
  }

  const scan = async function* (signal: AbortSignal | undefined): AsyncGenerator<ObjectBody> {
    checkOpen(signal)
    const entries = format.scan(place, { signal, checkOpen: () => checkOpen(signal) })
    open.add(entries)
    try {
      for await (const body of entries) {
        checkOpen(signal)
        yield body
        checkOpen(signal)
      }
    } finally {
      open.delete(entries)
    }
  }

  const noAccess = (operation: 'stat' | 'read'): BackupError =>
    localError(
      'unsupported',
      operation,
      place.uri,
      `${escapeKey(place.uri)} is an archive, which is read from its beginning to its end: use scan(), not ${operation}().`,
    )

  return Object.freeze({
    specVersion: 'v1',
    uri: place.uri,
    async describe(call) {
      checkOpen(call?.signal)
      const { pinning, readCost, place: where, rangeReads } = await place.traits(call?.signal)
      if (format.needsRanges && !rangeReads) {
        const message = `${escapeKey(place.uri)} is in a source that reads no ranges of bytes, which a zip archive needs; copy it to a disk first.`
        throw localError('unsupported', 'open', place.uri, message)
      }
      return Object.freeze({
        keyOrder: 'none',
        access: 'sequential',
        pinning,
        listingDigests: format.digests,
        statDigests: Object.freeze([]),
        rangeReads: false,
        versions: false,
        readCost,
        ...(where !== undefined && { place: where }),
      } satisfies SourceTraits)
    },
    async *list(call) {
      let page: ObjectEntry[] = []
      for await (const { info } of scan(call?.signal)) {
        const { metadata: _, ...entry } = info
        page.push(entry)
        if (page.length < PAGE) continue
        yield page
        page = []
      }
      if (page.length > 0) yield page
    },
    async stat(_, call) {
      checkOpen(call?.signal)
      throw noAccess('stat')
    },
    async read(_, call) {
      checkOpen(call?.signal)
      throw noAccess('read')
    },
    scan: (call) => scan(call?.signal),
    async [Symbol.asyncDispose]() {
      disposal.abort()
      await Promise.all([...open].map((entries) => entries.return(undefined)))
    },
  } satisfies BackupSource)
}

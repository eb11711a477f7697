import { BackupError, isBackupError } from '../errors.js'
import { wantsOf } from '../object-store/listing.js'
import { STAT } from '../preflight/subjects.js'
import type { BackupSource, CallOptions } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import type { PreflightCheck } from '../source/preflight.js'
import type { NativeDigest, SourceTraits } from '../source/traits.js'

/** What a dated list turned out to be once it was opened. */
export interface OpenedList {
  /** When the list was made, milliseconds since 1970: what it says held then. One that is no time is `corrupt`. */
  readonly asOf: number
  /** The digests that most of its entries carry. */
  readonly listingDigests: readonly NativeDigest[]
  /** Pages of entries in any order, of any size above zero. Called once for each listing, with the caller's signal. */
  readonly rows: (call: CallOptions) => AsyncIterable<readonly ObjectEntry[]>
  /** Whether `rows` yields several versions of a key. Default false. */
  readonly versions?: boolean | undefined
}

export interface DatedListOptions {
  /** Canonical and free of secrets; see {@link listUri}. */
  readonly uri: string
  /** Short name of the provider, for errors. */
  readonly provider: string
  /** Reads what stands before the rows (a manifest, a header). Called on first use, and again after it rejected. */
  readonly open: (call: CallOptions) => Promise<OpenedList>
}

/**
 * A list of objects that a service made at some time (an inventory, a report) as a source: entries with what was known of them
 * then, and no bytes. `stat` and `read` reject with `unsupported`, so that an object which the list does not prove stays
 * unproven. Its traits carry `asOf`.
 *
 * The order of keys does not matter: engines spill-sort the entries, with bounded memory. They do so before anything is
 * judged, so that a list that turns out to be damaged at its end (a wrong checksum) never proves anything.
 */
export const datedList = ({ uri, provider, open }: DatedListOptions): BackupSource => {
  let disposed = false
  let known: OpenedList | undefined
  const failed = (
    code: 'corrupt' | 'invalid-config' | 'unsupported',
    operation: string,
    message: string,
  ): BackupError => new BackupError({ code, message, provider, operation, subject: uri })
  const checkOpen = (operation: string): void => {
    if (disposed) throw failed('invalid-config', operation, `The source ${uri} was disposed of; open it again.`)
  }
  const opened = async (operation: string, call: CallOptions): Promise<OpenedList> => {
    checkOpen(operation)
    call.signal?.throwIfAborted()
    // Only what was opened is shared: an opening under way ends with the signal of its own call.
    known ??= dated(await open(call))
    return known
  }
  const dated = (list: OpenedList): OpenedList => {
    if (Number.isNaN(new Date(list.asOf).getTime())) {
      throw failed('corrupt', 'describe', `${uri} says that it was made at ${list.asOf} ms, which is no time.`)
    }
    return list
  }
  const hasNone = (operation: string, what: string): BackupError =>
    failed(
      'unsupported',
      operation,
      `${uri} is a list of objects, not the place that holds them: ${what}. Give the place itself as a source.`,
    )

  return Object.freeze({
    specVersion: 'v1',
    uri,
    async describe(call = {}) {
      const { asOf, listingDigests, versions = false } = await opened('describe', call)
      return Object.freeze({
        keyOrder: 'none',
        access: 'random',
        pinning: 'snapshot',
        listingDigests: Object.freeze(listingDigests.map((digest) => Object.freeze({ ...digest }))),
        statDigests: Object.freeze([]),
        rangeReads: false,
        versions,
        readCost: 'impossible',
        place: uri,
        asOf,
      } satisfies SourceTraits)
    },
    async *list(options = {}) {
      const { rows } = await opened('list', options)
      const { signal, onRequest } = options
      const wants = wantsOf(options)
      for await (const page of rows({ signal, onRequest })) {
        signal?.throwIfAborted()
        checkOpen('list')
        const wanted = page.filter(({ key }) => wants(key))
        if (wanted.length > 0) yield wanted
      }
    },
    async stat(_ref, { signal } = {}) {
      checkOpen('stat')
      signal?.throwIfAborted()
      throw hasNone('stat', 'it tells nothing of an object but its row')
    },
    async read(_ref, { signal } = {}) {
      checkOpen('read')
      signal?.throwIfAborted()
      throw hasNone('read', 'it has no bytes of what it names')
    },
    async preflight(call = {}) {
      try {
        return ownChecks(await opened('preflight', call))
      } catch (error) {
        call.signal?.throwIfAborted()
        if (!isBackupError(error)) throw error
        // That it cannot be opened is told by the check whether the place is reached.
        return []
      }
    },
    async [Symbol.asyncDispose]() {
      disposed = true
    },
  } satisfies BackupSource)
}

/** What is so of every list, and says why less is tried with it than with a place. */
const ownChecks = ({ asOf }: OpenedList): readonly PreflightCheck[] => [
  { ...STAT, status: 'notice', detail: 'Not tried: it is a list, whose rows say all that it knows of an object.' },
  {
    id: 'dated',
    title: 'how old the list is',
    status: 'notice',
    detail: `It was made at ${new Date(asOf).toISOString()}: what changed since is not in it.`,
  },
]

/**
 * The URI of a list in a file: the kind of list, the place of the file, its key, and what of the list is looked at.
 * `s3-inventory+s3://lists/shop/2026-11-01T01-00Z/manifest.json?prefix=photos%2F`.
 *
 * @param filesUri URI of the source that the file is in, which is free of secrets. @param parts Only what is defined is shown.
 */
export const listUri = (
  kind: string,
  filesUri: string,
  key: string,
  parts: Readonly<Record<string, string | undefined>> = {},
): string => {
  const path = encodeURIComponent(key.toWellFormed()).replaceAll('%2F', '/')
  const query = Object.entries(parts)
    .filter((part): part is [string, string] => part[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
  return `${kind}+${filesUri.replace(/\/$/, '')}/${path}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Measure } from '../digest/digest.js'
import { createHasher, type MultiHasher } from '../digest/hasher.js'
import { BackupError, type BackupErrorJson, toBackupError } from '../errors.js'
import { abortable } from '../run/abort.js'
import type { Meter } from '../run/meter.js'
import type { ObjectBody } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import { resolveLinks } from './linked-entries.js'
import type { ListedEntry, Party, Scanned } from './row.js'

export interface ScanOptions {
  readonly signal: AbortSignal
  readonly meter: Meter
  readonly tempDirectory?: string | undefined
  /** Digests to compute of every object of a sequential source, besides those that its entries carry. */
  readonly scanAlgorithms: readonly Measure[]
  readonly onBytes: (bytes: number) => void
  /** The source turned out to be damaged: what came before stands, what came after is not known. */
  readonly onDamage: (error: BackupErrorJson) => void
}

const PAGE_SIZE = 1_000

/**
 * The entries of a sequential source, read whole, once, each with its digests: an archive cannot be read by key, so what
 * could be needed of it is computed on the way past. Keys that are not `wanted` are passed over unread.
 *
 * A source that turns out to be damaged half way yields what came before, and then an entry that hides all other keys.
 */
export const scannedPages = (
  party: Party,
  wanted: (key: string) => boolean,
  options: ScanOptions,
): AsyncGenerator<readonly ListedEntry[]> => resolveLinks(scan(party, wanted, options), options)

async function* scan(
  party: Party,
  wanted: (key: string) => boolean,
  options: ScanOptions,
): AsyncGenerator<readonly ListedEntry[]> {
  const { signal, meter } = options
  const read = createScanReader(options)
  const bodies = party.source.scan!({ signal })[Symbol.asyncIterator]()
  let page: ListedEntry[] = []
  let done = false
  try {
    meter.request('scan')
    for (;;) {
      const next = await nextBody(bodies, options)
      if (next === undefined) break
      const { info } = next
      const reads =
        info.kind === 'object' && info.problem === undefined && info.linkTo === undefined && wanted(info.key)
      page.push(reads ? await read(next) : info)
      if (page.length < PAGE_SIZE) continue
      yield page
      page = []
    }
    done = true
    if (page.length > 0) yield page
  } finally {
    // Not awaited: a driver that hangs in its clean-up must not hold the run.
    if (!done) void bodies.return?.()?.catch(() => undefined)
  }
}

/** The next entry; `undefined` at the end, and where damage ends the source. */
const nextBody = async (bodies: AsyncIterator<ObjectBody>, options: ScanOptions): Promise<ObjectBody | undefined> => {
  try {
    const { done, value } = await abortable(bodies.next(), options.signal)
    return done ? undefined : value
  } catch (error) {
    if (options.signal.aborted) throw error
    const failure = toBackupError(error, { operation: 'scan' })
    if (failure.code !== 'corrupt') throw failure
    options.onDamage(failure.toJSON())
    return undefined
  }
}

/** Reads one body after the other, with a hasher for each list of algorithms. */
const createScanReader = (options: ScanOptions): ((body: ObjectBody) => Promise<ListedEntry>) => {
  const { signal, meter, onBytes } = options
  const hashers = new Map<string, Promise<MultiHasher>>()
  const hasherFor = (entry: ObjectEntry): Promise<MultiHasher> => {
    const own = (entry.digests ?? []).map((digest) => digest.algorithm).filter(isKnownAlgorithm)
    const algorithms = [...new Set([...options.scanAlgorithms, ...own])]
    const name = algorithms.join(',')
    const hasher = hashers.get(name) ?? createHasher(algorithms)
    hashers.set(name, hasher)
    return hasher
  }
  return async ({ info, body }) => {
    const hasher = await hasherFor(info)
    hasher.reset()
    let bytes = 0
    try {
      const chunks = body[Symbol.asyncIterator]()
      for (;;) {
        const { done, value } = await abortable(chunks.next(), signal)
        if (done) break
        hasher.update(value)
        bytes += value.byteLength
        meter.read(value.byteLength)
        onBytes(value.byteLength)
      }
      if (info.size !== undefined && info.size !== bytes) throw wrongLength(info, bytes)
    } catch (error) {
      if (signal.aborted) throw error
      const failure = toBackupError(error, { operation: 'scan', subject: info.key })
      if (failure.code === 'contract') throw failure
      return { ...info, scanned: { bytes, digests: {}, error: failure.toJSON() } }
    }
    const scanned: Scanned = { bytes, digests: hasher.digest() }
    return { ...info, size: bytes, scanned }
  }
}

const wrongLength = (info: ObjectEntry, bytes: number): BackupError =>
  new BackupError({
    code: 'corrupt',
    message: `${escapeKey(info.key)} should have ${info.size} bytes, but its body has ${bytes}.`,
    operation: 'scan',
    subject: info.key,
  })

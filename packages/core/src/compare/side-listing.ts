import { BackupError, toBackupError } from '../errors.js'
import { comparable } from '../evidence/planner.js'
import { inRange, inShard } from '../report/coverage.js'
import type { Shard } from '../report/report.js'
import { RunIncomplete } from '../run/create-run.js'
import type { Meter } from '../run/meter.js'
import type { RetryPolicy } from '../run/retry.js'
import type { KeyRange } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { escapeKey } from '../source/key.js'
import type { CompiledFilter } from './filter.js'
import type { SideCount } from './join.js'
import { compareJoinEntries, decodeJoinEntry, encodeJoinEntry, weighJoinEntry } from './join-entry-codec.js'
import type { KeyMapper } from './mapping.js'
import { resilientList } from './resilient-list.js'
import { hidesSubtree, type JoinEntry, type Party } from './row.js'
import { spillSort } from './spill-sort.js'

export const createSideCount = (): SideCount => ({ objects: 0, bytes: 0, excluded: {} })

export interface SideListingOptions {
  readonly mapper: KeyMapper
  readonly filter: CompiledFilter
  readonly range?: KeyRange | undefined
  readonly shard?: Shard | undefined
  readonly signal: AbortSignal
  readonly retry: RetryPolicy
  readonly meter: Meter
  readonly tempDirectory?: string | undefined
  readonly count: SideCount
  /** Ends the whole run: the other sides must not be waited for when this one failed. */
  readonly cancel: (reason: unknown) => void
}

/**
 * One side as the join wants it: mapped, filtered, limited to the run's part of the keys, in canonical order, with keys
 * that became equal gathered. Sides in another order, or whose mapping changes the order, are spill-sorted.
 */
export async function* sideListing(party: Party, options: SideListingOptions): AsyncGenerator<readonly JoinEntry[]> {
  try {
    const mapped = mappedPages(party, options)
    if (party.traits.keyOrder === 'utf8' && options.mapper.keepsOrder) {
      yield* mapped
      return
    }
    const sorted = spillSort(mapped, {
      compare: compareJoinEntries,
      encode: encodeJoinEntry,
      decode: decodeJoinEntry,
      weigh: weighJoinEntry,
      signal: options.signal,
      onSpill: options.meter.spilled,
      ...(options.tempDirectory !== undefined && { tempDirectory: options.tempDirectory }),
    })
    yield* gatherCollisions(sorted, party.traits.readCost === 'impossible')
  } catch (error) {
    if (options.signal.aborted) throw error
    const failure = listingFailure(party, error)
    options.cancel(failure)
    throw failure
  }
}

/** A failed listing leaves the run incomplete; a broken contract or a fault of ours leaves nothing that can be trusted. */
const listingFailure = (party: Party, error: unknown): Error => {
  const failure = toBackupError(error, { operation: 'list', subject: party.source.uri })
  if (failure.code === 'contract' || failure.code === 'internal') return failure
  const replica = party.replica === undefined ? {} : { replica: party.replica }
  return new RunIncomplete({ reason: 'failed', side: party.name, ...replica, error: failure.toJSON() }, failure)
}

async function* mappedPages(party: Party, options: SideListingOptions): AsyncGenerator<readonly JoinEntry[]> {
  const { mapper, filter, count, range, shard } = options
  const limited = range !== undefined || shard !== undefined
  const inPart = (key: string): boolean =>
    !limited || ((range === undefined || inRange(key, range)) && (shard === undefined || inShard(key, shard)))
  const pages = resilientList(party.source, party.traits, {
    signal: options.signal,
    retry: options.retry,
    meter: options.meter,
    ...(range !== undefined && mapper.identity && { range }),
  })
  const exclude = (key: string, why: string): void => {
    if (inPart(key)) count.excluded[why] = (count.excluded[why] ?? 0) + 1
  }
  for await (const page of pages) {
    const out: JoinEntry[] = []
    for (const entry of page) {
      // Only listings of versions hold delete markers, and a deleted object is not there.
      if (entry.kind === 'delete-marker') continue
      const hides = hidesSubtree(entry)
      const result = mapper.map(entry.key)
      if (hides && !(mapper.keepsPrefixes && 'key' in result)) throw hiddenByMapping(party, entry)
      if (!('key' in result)) {
        exclude(entry.key, result.excluded)
        continue
      }
      const { key } = result
      if (entry.excluded !== undefined) exclude(key, entry.excluded)
      else if (hides ? filter.excludesSubtree(key) : !filter.takes(key)) exclude(key, 'filter')
      else if (inPart(key)) {
        if (!hides) {
          count.objects += 1
          count.bytes += entry.size ?? 0
        }
        out.push({ key, entry })
      } else if (hides) {
        out.push({ key, entry, silent: true })
      }
    }
    if (out.length > 0) yield out
  }
}

/** A mapping that does not keep prefixes could send what the entry hides anywhere: nothing can be called missing any more. */
const hiddenByMapping = (party: Party, entry: ObjectEntry): BackupError =>
  new BackupError({
    code: entry.problem?.code ?? 'access-denied',
    message: `${escapeKey(entry.key)} of ${party.source.uri} cannot be listed (${entry.problem?.message ?? 'unknown reason'}), and the key mapping hides which keys that concerns. Make it readable, or exclude it at the source.`,
    operation: 'list',
    subject: entry.key,
    retryable: false,
  })

const MOST_COLLIDING = 10

interface Held {
  item: JoinEntry
  colliding: string[] | undefined
}

/** Joins neighbours of the same mapped key into one entry that names them all (at most the first ten). */
async function* gatherCollisions(
  pages: AsyncIterable<readonly JoinEntry[]>,
  isList: boolean,
): AsyncGenerator<readonly JoinEntry[]> {
  let held: Held | undefined
  for await (const page of pages) {
    const out: JoinEntry[] = []
    for (const item of page) {
      if (held !== undefined && held.item.key === item.key) {
        gather(held, item, isList)
      } else {
        if (held !== undefined) out.push(released(held))
        held = { item, colliding: undefined }
      }
    }
    if (out.length > 0) yield out
  }
  if (held !== undefined) yield [released(held)]
}

const gather = (held: Held, item: JoinEntry, isList: boolean): void => {
  const merged = isList && held.colliding === undefined ? mergeLines(held.item.entry, item.entry) : undefined
  if (merged !== undefined) {
    held.item = { ...held.item, entry: merged }
    return
  }
  held.colliding ??= [held.item.entry.key]
  if (held.colliding.length < MOST_COLLIDING) held.colliding.push(item.entry.key)
}

/** A list without bytes may name one object in several lines, one for each digest; `undefined` when they contradict each other. */
const mergeLines = (a: ObjectEntry, b: ObjectEntry): ObjectEntry | undefined => {
  if (a.key !== b.key || a.kind !== b.kind || a.size !== b.size || a.version !== b.version) return undefined
  const digests = [...(a.digests ?? [])]
  for (const digest of b.digests ?? []) {
    const same = digests.find((known) => known.algorithm === digest.algorithm)
    if (same === undefined) digests.push(digest)
    else if (!comparable(same, digest) || same.value !== digest.value) return undefined
  }
  return { ...a, digests }
}

const released = (held: Held): JoinEntry =>
  held.colliding === undefined ? held.item : { ...held.item, colliding: held.colliding }

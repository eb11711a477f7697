import { type BackupErrorJson, toBackupError } from '../errors.js'
import { RunIncomplete } from '../run/create-run.js'
import type { RetryPolicy } from '../run/retry.js'
import { spillSort } from '../run/spill-sort.js'
import { gatherCollisions } from './collisions.js'
import type { SideCount } from './join.js'
import { compareJoinEntries, decodeJoinEntry, encodeJoinEntry, weighJoinEntry } from './join-entry-codec.js'
import { type MappingOptions, mappedPages, wantedKeys } from './mapped-pages.js'
import { resilientList } from './resilient-list.js'
import type { JoinEntry, Party } from './row.js'
import { type ScanOptions, scannedPages } from './scan-side.js'

export const createSideCount = (): SideCount => ({ objects: 0, bytes: 0, excluded: {} })

export interface SideListingOptions extends MappingOptions, ScanOptions {
  readonly retry: RetryPolicy
  /** Ends the whole run: the other sides must not be waited for when this one failed. */
  readonly cancel: (reason: unknown) => void
}

/**
 * One side as the join wants it: mapped, filtered, limited to the run's part of the keys, in canonical order, with keys
 * that became equal gathered. Sides in another order, or whose mapping changes the order, are spill-sorted.
 */
export async function* sideListing(party: Party, options: SideListingOptions): AsyncGenerator<readonly JoinEntry[]> {
  try {
    const { range, mapper } = options
    let damage: BackupErrorJson | undefined
    const onDamage = (error: BackupErrorJson): void => {
      damage = error
      options.onDamage(error)
    }
    const listed =
      party.sequential === true
        ? scannedPages(party, wantedKeys(options), { ...options, onDamage })
        : resilientList(party.source, party.traits, {
            signal: options.signal,
            retry: options.retry,
            meter: options.meter,
            ...(range !== undefined && mapper.identity && { range }),
          })
    const mapped = mappedPages(party, listed, options)
    if (party.traits.keyOrder === 'utf8' && mapper.keepsOrder) {
      yield* mapped
      return
    }
    // What was scanned comes in canonical order, though a key may come twice.
    const inOrder = party.sequential === true && mapper.keepsOrder
    const sorted = inOrder ? mapped : sortedPages(mapped, options)
    const isList = party.traits.readCost === 'impossible' && party.sequential !== true
    let begun = false
    for await (const page of gatherCollisions(sorted, isList)) {
      // By now a sequential side has been read to its end, or to where it is damaged.
      if (!begun && damage !== undefined) yield [hidingAll(damage)]
      begun = true
      yield page
    }
    if (!begun && damage !== undefined) yield [hidingAll(damage)]
  } catch (error) {
    if (options.signal.aborted) throw error
    const failure = listingFailure(party, error)
    options.cancel(failure)
    throw failure
  }
}

const sortedPages = (
  pages: AsyncIterable<readonly JoinEntry[]>,
  { signal, meter, tempDirectory }: SideListingOptions,
): AsyncGenerator<readonly JoinEntry[]> =>
  spillSort(pages, {
    compare: compareJoinEntries,
    encode: encodeJoinEntry,
    decode: decodeJoinEntry,
    weigh: weighJoinEntry,
    signal,
    onSpill: meter.spilled,
    ...(tempDirectory !== undefined && { tempDirectory }),
  })

/** What a damaged archive held after the damage is not known: no key is missing from it for certain. */
const hidingAll = (problem: BackupErrorJson): JoinEntry => ({
  key: '',
  entry: { key: '/', ref: null, kind: 'special', problem },
  silent: true,
})

/** A failed listing leaves the run incomplete; a broken contract or a fault of ours leaves nothing that can be trusted. */
const listingFailure = (party: Party, error: unknown): Error => {
  const failure = toBackupError(error, { operation: 'list', subject: party.source.uri })
  if (failure.code === 'contract' || failure.code === 'internal') return failure
  const replica = party.replica === undefined ? {} : { replica: party.replica }
  return new RunIncomplete({ reason: 'failed', side: party.name, ...replica, error: failure.toJSON() }, failure)
}

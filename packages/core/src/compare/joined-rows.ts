import type { BackupErrorJson } from '../errors.js'
import type { Meter } from '../run/meter.js'
import { retryPolicy } from '../run/retry.js'
import { scanAlgorithms } from './describe-sides.js'
import { compileFilter } from './filter.js'
import type { Join, SideCount } from './join.js'
import { mergeJoin } from './merge-join.js'
import type { Party, Row } from './row.js'
import { type SideListingOptions, sideListing } from './side-listing.js'

/** A batch of rows is proven at once. */
const BATCH = { rows: 256, bytes: 32 * 1024 * 1024 }

export interface Listings {
  readonly signal: AbortSignal
  readonly meter: Meter
  /** By side: what it turns out to hold. */
  readonly counts: readonly SideCount[]
  readonly cancel: (reason: unknown) => void
  readonly onBytes: (bytes: number) => void
  readonly onDamage: (side: number, error: BackupErrorJson) => void
}

/** How one side of a join is listed. */
export const listingOptions = (
  join: Join,
  parties: readonly Party[],
  { counts, onDamage, ...work }: Listings,
): ((side: number) => SideListingOptions) => {
  const { options, sides } = join
  const filter = compileFilter(join.filter)
  const scanned = scanAlgorithms(join, parties)
  return (side) => ({
    ...work,
    mapper: sides[side]!.mapper,
    filter,
    retry: retryPolicy(options.retry),
    count: counts[side]!,
    scanAlgorithms: scanned,
    onDamage: (error) => onDamage(side, error),
    ...(options.range !== undefined && { range: options.range }),
    ...(options.shard !== undefined && { shard: options.shard }),
    ...(options.tempDirectory !== undefined && { tempDirectory: options.tempDirectory }),
  })
}

/** All sides listed and joined by key, in batches. Rows of a fixity check have their entry twice: its digests, and its bytes. */
export async function* joinedRows(
  join: Join,
  parties: readonly Party[],
  listings: Listings,
): AsyncGenerator<readonly Row[]> {
  const options = listingOptions(join, parties, listings)
  const batches = mergeJoin(
    parties.map((party, i) => sideListing(party, options(i))),
    BATCH,
  )
  if (parties.length > 1) yield* batches
  else for await (const rows of batches) yield rows.map(doubled)
}

const doubled = (row: Row): Row => ({
  ...row,
  entries: [row.entries[0], row.entries[0]],
  ...(row.hidden !== undefined && { hidden: [row.hidden[0], row.hidden[0]] }),
})

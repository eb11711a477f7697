import { type RangePage, type RangePageRequest, rangeListing } from '../run/index.js'
import { compareKeys, type ListOptions, type ObjectEntry } from '../source/index.js'
import { ROOT_KEY } from './keys.js'
import { type ListedRow, type Listing, wantsOf } from './listing.js'
import { rootInPlace } from './root-place.js'

export interface OrderedListingOptions<Row extends ListedRow> {
  readonly listing: Listing
  readonly fetchPage: (request: RangePageRequest) => Promise<RangePage<Row>>
  /** What the engine asked for. */
  readonly options: ListOptions
  /** Requests in flight at most. */
  readonly concurrency: number
  /** Throws when the source was disposed of. */
  readonly checkOpen: () => void
}

/**
 * Entries of a service that lists in the order of UTF-8 bytes, by several ranges of keys at once, with the object that is
 * named like the prefix in its place. What the service repeats, or gives in another order than it has, ends the listing with
 * `contract`: a listing that goes round or back would hide objects.
 */
export async function* orderedListing<Row extends ListedRow>({
  listing,
  fetchPage,
  options,
  concurrency,
  checkOpen,
}: OrderedListingOptions<Row>): AsyncGenerator<readonly ObjectEntry[], void, void> {
  const wants = wantsOf(options)
  const { after, range, signal } = options
  // The object named like the prefix comes first in the service's order, but not in that of keys: a later start would miss it.
  const startsLater = after !== undefined || range?.from !== undefined
  const roots = listing.prefix !== '' && startsLater && wants(ROOT_KEY) ? await rootRows(fetchPage, options) : []
  checkOpen()
  const pages = rangeListing({ fetchPage, range, after, concurrency, signal })
  for await (const rows of rootInPlace({ listing, pages, compare: compareKeys, roots })) {
    const wanted = rows.map(({ entry }) => entry).filter(({ key }) => wants(key))
    if (wanted.length > 0) yield wanted
  }
}

/** Every row of the object that is named like the prefix. */
const rootRows = async <Row extends ListedRow>(
  fetchPage: (request: RangePageRequest) => Promise<RangePage<Row>>,
  { signal }: ListOptions,
): Promise<readonly Row[]> => {
  const found: Row[] = []
  // Nothing but the empty name lies before the least character.
  for await (const rows of rangeListing({ fetchPage, range: { to: '\u0001' }, concurrency: 1, signal })) {
    found.push(...rows.filter(({ key }) => key === ''))
  }
  return found
}

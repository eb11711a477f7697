import type { RangePage, RangePageRequest } from '../run/index.js'
import { contractError, type ListedRow, type Listing } from './listing.js'

export interface SerialPagesOptions<Row extends ListedRow> {
  readonly listing: Listing
  /** Asked with a cursor only, or with nothing for the first page. */
  readonly fetchPage: (request: RangePageRequest) => Promise<RangePage<Row>>
  readonly signal?: AbortSignal | undefined
}

/**
 * Pages of a listing one after the other, for services that list in another order than that of keys, or in none. No order
 * shows that such pages go round, so their tokens must: a token that comes again ends the listing with `contract`.
 */
export async function* serialPages<Row extends ListedRow>({
  listing,
  fetchPage,
  signal = new AbortController().signal,
}: SerialPagesOptions<Row>): AsyncGenerator<readonly Row[], void, void> {
  let cursor: string | undefined
  let kept: string | undefined
  let limit = 1
  for (let steps = 1; ; steps++) {
    const page = await fetchPage({ cursor, signal })
    if (page.items.length > 0) yield page.items
    if (!page.more) return
    cursor = page.cursor
    // Two tokens in memory find a round of any length (R. P. Brent, 1980).
    if (cursor === kept) throw contractError(listing, 'its pages go round: a token comes again.')
    if (steps === limit) {
      kept = cursor
      limit *= 2
    }
  }
}

import { checkedToken, contractError, relativeName } from '@backproof/core/object-store'
import type { RangePage, RangePageRequest } from '@backproof/core/run'
import type { CallOptions } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { listPage, type PageRequest } from '../client/requests.js'
import { blobRow, type Row } from './listed-blob.js'
import { listingOf, noListing } from './listing.js'
import { rawRows } from './raw-page.js'

/** Fetches one page of a listing: the first, or that behind a cursor. */
export type FetchPage = (request: RangePageRequest) => Promise<RangePage<Row>>

/** Pages of blobs (List Blobs), with what is asked for beyond the current ones. */
export const blobPages =
  (connection: Connection, asked: Omit<PageRequest, 'marker'>, call: CallOptions): FetchPage =>
  async ({ cursor, signal }) => {
    const listing = listingOf(connection)
    const answer = await listPage(connection, { ...asked, marker: cursor }, { ...call, signal })
    const { segment, continuationToken, _response } = answer.output
    // Answers in another format than XML have no text; the SDK has read all that they tell.
    const raw = _response.bodyAsText ? (rawRows(_response.bodyAsText) ?? noRows(listing, answer)) : undefined
    const blobs = segment.blobItems
    if (raw !== undefined && raw.length !== blobs.length) {
      throw contractError(listing, `a page has ${raw.length} rows, of which ${blobs.length} can be read.`)
    }
    const items = blobs.map((blob, i) => {
      const name = raw === undefined ? blob.name : raw[i]!.name
      return blobRow(connection, relativeName(listing, raw?.[i]?.written ?? blob.name, name), blob, raw?.[i])
    })
    if (continuationToken === undefined || continuationToken === '') return { items, more: false }
    return { items, more: true, cursor: checkedToken(listing, cursor, continuationToken) }
  }

const noRows = (...[listing, answer]: Parameters<typeof noListing>): never => {
  throw noListing(listing, answer)
}

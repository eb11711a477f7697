import { setImmediate } from 'node:timers/promises'
import { checkedToken, type Listing, relativeName } from '@backproof/core/object-store'
import type { RangePage, RangePageRequest } from '@backproof/core/run'
import type { CallOptions } from '@backproof/core/source'
import type { Answer, Connection } from '../client/connection.js'
import { type ListedPage, listPage, type PageRequest } from '../client/requests.js'
import { blobRow, type Row } from './listed-blob.js'
import { listingOf, noListing } from './listing.js'
import { type RawRow, readPage } from './raw-page.js'

/** Fetches one page of a listing: the first, or that behind a cursor. */
export type FetchPage = (request: RangePageRequest) => Promise<RangePage<Row>>

/** Pages of blobs (List Blobs), with what is asked for beyond the current ones. */
export const blobPages = (connection: Connection, asked: Omit<PageRequest, 'marker'>, call: CallOptions): FetchPage => {
  const listing = listingOf(connection)
  const { prefix } = connection.settings
  const entryOf = (raw: RawRow): Row => blobRow(prefix, relativeName(listing, raw.written, raw.name), raw)
  return async ({ cursor, signal }) => {
    const page = await readListedPage(connection, { ...asked, marker: cursor }, { ...call, signal }, entryOf)
    const { rows: items, next } = page
    return next === undefined
      ? { items, more: false }
      : { items, more: true, cursor: checkedToken(listing, cursor, next) }
  }
}

/** A page that was read: what its rows were made into, and where the next one begins. */
export interface ReadPage<T> {
  readonly rows: readonly T[]
  readonly next: string | undefined
}

/** Rows that are read at once, in a few milliseconds: what else the process does must not wait for a whole page. */
const ROWS_AT_ONCE = 250

/** Asks for one page, and makes something of each of its rows. Rejects with `unavailable` where the answer is no listing. */
export const readListedPage = async <T>(
  connection: Connection,
  asked: PageRequest,
  call: CallOptions,
  make: (row: RawRow) => T,
): Promise<ReadPage<T>> => {
  const answer = await listPage(connection, asked, call)
  const page = readPage(answer.output._response.bodyAsText ?? '')
  const rows: T[] = []
  for (;;) {
    const { done, value } = nextRow(page, listingOf(connection), answer)
    if (done) return { rows, next: value }
    rows.push(make(value))
    if (rows.length % ROWS_AT_ONCE !== 0) continue
    await setImmediate()
    call.signal?.throwIfAborted()
  }
}

const nextRow = (
  page: ReturnType<typeof readPage>,
  listing: Listing,
  answer: Answer<ListedPage>,
): ReturnType<typeof page.next> => {
  try {
    return page.next()
  } catch (error) {
    throw error instanceof SyntaxError ? noListing(listing, answer, error.message) : error
  }
}

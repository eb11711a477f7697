import { checkedToken, contractError, sendableKey } from '@backproof/core/object-store'
import type { RangePage, RangePageRequest } from '@backproof/core/run'
import { type CallOptions, compareKeys } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { listPage, type PageRequest } from '../client/requests.js'
import { noAnswer } from '../errors.js'
import { MAX_KEY_BYTES } from '../options.js'
import { objectRow, type Row } from './listed-object.js'
import { listingOf } from './listing.js'

/** Fetches one page of a listing, for the engine that decides which. */
export type FetchPage = (request: RangePageRequest) => Promise<RangePage<Row>>

/**
 * Where a page begins. A token goes with the bounds of the request that it came from; what was cut off by such a bound, and is
 * wanted by now, begins at it.
 */
interface Cursor {
  readonly token?: string | undefined
  readonly start?: string | undefined
  readonly end?: string | undefined
}

/** Pages of objects.list. */
export const objectPages =
  (connection: Connection, call: CallOptions, of: PageRequest['of']): FetchPage =>
  async ({ after, from, to, cursor, signal }) => {
    const listing = listingOf(connection)
    const { prefix } = connection.settings
    const wantedEnd = endOf(prefix, to)
    const at: Cursor =
      cursor === undefined ? { start: startOf(prefix, after ?? from), end: wantedEnd } : (JSON.parse(cursor) as Cursor)
    const request: PageRequest = { startOffset: at.start, endOffset: at.end, token: at.token, of }
    const answer = await listPage(connection, request, { ...call, signal })
    const { kind, items, nextPageToken } = answer.output
    if (kind !== 'storage#objects' && !Array.isArray(items)) {
      throw noAnswer(connection.contextOf({ operation: 'objects.list', path: '', call }), answer)
    }
    if (items !== undefined && !Array.isArray(items)) throw contractError(listing, 'its items are no list.')
    const rows = (items ?? []).map((item: unknown) => objectRow(connection, listing, item, of))
    const end = keepsTo(at.end, prefix, rows) ? at.end : undefined
    const token = typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : undefined
    if (token !== undefined) {
      const next: Cursor = { token: checkedToken(listing, at.token, token), start: at.start, end }
      return { items: rows, more: true, cursor: JSON.stringify(next) }
    }
    if (!endsBefore(end, wantedEnd)) return { items: rows, more: false }
    const rest: Cursor = { start: end, end: wantedEnd }
    return { items: rows, more: true, cursor: JSON.stringify(rest) }
  }

/** `startOffset` is inclusive: the key `after` comes again, and is dropped by who asked. */
const startOf = (prefix: string, key: string | undefined): string | undefined =>
  key === undefined || key === '' ? undefined : sendableKey(prefix + key, MAX_KEY_BYTES)

/** `endOffset` is exclusive. An end that cannot be sent as it is would cut keys off. */
const endOf = (prefix: string, to: string | undefined): string | undefined => {
  if (to === undefined || to === '') return undefined
  const end = prefix + to
  return sendableKey(end, MAX_KEY_BYTES) === end ? end : undefined
}

/** Whether a service has stopped at the end that it was given; one that does not know `endOffset` lists all that follows. */
const keepsTo = (end: string | undefined, prefix: string, rows: readonly Row[]): boolean => {
  const last = rows.at(-1)
  return end === undefined || last === undefined || compareKeys(prefix + last.key, end) < 0
}

const endsBefore = (end: string | undefined, wanted: string | undefined): boolean =>
  end !== undefined && (wanted === undefined || compareKeys(end, wanted) < 0)

import { compareKeys, escapeKey, type ListOptions } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { notS3, type RawAnswer, s3Error } from '../errors.js'
import { decodeListedKey } from '../keys.js'

/** What the answers of a listing are judged with. */
export interface Listing {
  readonly connection: Connection
  readonly operation: 'ListObjectsV2' | 'ListObjectVersions'
}

/** Whether a key lies in the range, and after the one from which a listing is resumed. */
export const wantsOf =
  ({ after, range }: ListOptions): ((key: string) => boolean) =>
  (key) =>
    (after === undefined || compareKeys(key, after) > 0) &&
    (range?.from === undefined || compareKeys(key, range.from) >= 0) &&
    (range?.to === undefined || compareKeys(key, range.to) < 0)

/** A listed key without the prefix. A service that ignores `encoding-type` gives keys as XML can carry them. */
export const nameOf = (listing: Listing, listed: string | undefined, encoding: string | undefined): string => {
  const { prefix } = listing.connection.settings
  const key = listed === undefined ? undefined : encoding === 'url' ? decodeListedKey(listed) : listed
  if (key?.startsWith(prefix) === true) return key.slice(prefix.length)
  const shown = listed === undefined ? 'an object without a key' : `the key "${escapeKey(listed)}"`
  const why = key === undefined ? 'which cannot be decoded' : `which does not begin with "${escapeKey(prefix)}"`
  throw contractError(listing, `it lists ${shown}, ${why}.`)
}

/** The service broke the protocol: what it lists cannot be trusted to be all. */
export const contractError = ({ connection, operation }: Listing, what: string): Error =>
  s3Error('contract', operation, connection.uri, `The listing of ${connection.uri} cannot be trusted: ${what}`)

/** The place where the next page begins, which must be told, and be another one than that of this page. */
export const checkedToken = (listing: Listing, before: string | undefined, next: string | undefined): string => {
  if (next === undefined || next === '') {
    throw contractError(listing, 'a page says that more follows, but not where.')
  }
  if (next === before) throw contractError(listing, 'a page leads to itself: its token is the one that led to it.')
  return next
}

/** A good status without the marks of a listing: a login page must not read as an empty bucket. */
export const noListing = ({ connection, operation }: Listing, answer: RawAnswer): Error => {
  const { code, message, fix = '' } = notS3(answer)
  return s3Error(code, operation, connection.uri, `Cannot list ${connection.uri}: ${message} ${fix}`)
}

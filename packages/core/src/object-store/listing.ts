import { BackupError } from '../errors.js'
import { compareKeys, escapeKey, type ListOptions, type ObjectEntry } from '../source/index.js'

/** A row of a listing, before it is an entry. */
export interface ListedRow {
  /** The name without the prefix; empty for the object named like it. */
  readonly key: string
  readonly entry: ObjectEntry
}

/** What the answers of a listing are judged with. */
export interface Listing {
  /** Short name of the provider. */
  readonly provider: string
  /** As the service calls the request: `ListObjectsV2`. */
  readonly operation: string
  /** Of the source. */
  readonly uri: string
  /** Of the source; what names begin with. */
  readonly prefix: string
}

/** Whether a key lies in the range, and after the one from which a listing is resumed. */
export const wantsOf =
  ({ after, range }: ListOptions): ((key: string) => boolean) =>
  (key) =>
    (after === undefined || compareKeys(key, after) > 0) &&
    (range?.from === undefined || compareKeys(key, range.from) >= 0) &&
    (range?.to === undefined || compareKeys(key, range.to) < 0)

/**
 * A listed name without the prefix.
 *
 * @param listed As the service gave it, for the message. @param name Decoded; `undefined` where that failed.
 */
export const relativeName = (listing: Listing, listed: string | undefined, name: string | undefined): string => {
  const { prefix } = listing
  if (name?.startsWith(prefix) === true) return name.slice(prefix.length)
  const shown = listed === undefined ? 'an object without a name' : `the name "${escapeKey(listed)}"`
  const why = name === undefined ? 'which cannot be decoded' : `which does not begin with "${escapeKey(prefix)}"`
  throw contractError(listing, `it lists ${shown}, ${why}.`)
}

/** The service broke the protocol: what it lists cannot be trusted to be all. */
export const contractError = ({ provider, operation, uri }: Listing, what: string): Error =>
  new BackupError({
    code: 'contract',
    message: `The listing of ${uri} cannot be trusted: ${what}`,
    provider,
    operation,
    subject: uri,
  })

/** The place where the next page begins, which must be told, and be another one than that of this page. */
export const checkedToken = (listing: Listing, before: string | undefined, next: string | undefined): string => {
  if (next === undefined || next === '') {
    throw contractError(listing, 'a page says that more follows, but not where.')
  }
  if (next === before) throw contractError(listing, 'a page leads to itself: its token is the one that led to it.')
  return next
}

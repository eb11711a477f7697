import { type Listing, relativeName } from '@backproof/core/object-store'
import type { Connection } from '../client/connection.js'
import { notS3, PROVIDER, type RawAnswer, s3Error } from '../errors.js'
import { decodeListedKey } from '../keys.js'

/** What the answers of a listing of this bucket are judged with. */
export const listingOf = (
  { uri, settings }: Connection,
  operation: 'ListObjectsV2' | 'ListObjectVersions',
): Listing => ({ provider: PROVIDER, operation, uri, prefix: settings.prefix })

/** A listed key without the prefix. A service that ignores `encoding-type` gives keys as XML can carry them. */
export const nameOf = (listing: Listing, listed: string | undefined, encoding: string | undefined): string =>
  relativeName(listing, listed, listed !== undefined && encoding === 'url' ? decodeListedKey(listed) : listed)

/** A good status without the marks of a listing: a login page must not read as an empty bucket. */
export const noListing = ({ operation, uri }: Listing, answer: RawAnswer): Error => {
  const { code, message, fix = '' } = notS3(answer)
  return s3Error(code, operation, uri, `Cannot list ${uri}: ${message} ${fix}`)
}

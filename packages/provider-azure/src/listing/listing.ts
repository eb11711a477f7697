import type { Listing } from '@backproof/core/object-store'
import type { Connection } from '../client/connection.js'
import { azureError, notAzure, PROVIDER, type RawAnswer } from '../errors.js'

/** What the answers of a listing of this container are judged with. */
export const listingOf = ({ uri, settings }: Connection): Listing => ({
  provider: PROVIDER,
  operation: 'ListBlobs',
  uri,
  prefix: settings.prefix,
})

/** A good status without the marks of a listing: a login page must not read as an empty container. */
export const noListing = ({ operation, uri }: Listing, answer: RawAnswer, why: string): Error => {
  const { code, message, fix = '' } = notAzure(answer)
  const request = answer.headers['x-ms-request-id']
  const trace = `HTTP ${answer.status}${request === undefined ? '' : `, request ${request}`}`
  return azureError(code, operation, uri, `Cannot list ${uri}: ${message} ${why} ${fix} (${trace})`)
}

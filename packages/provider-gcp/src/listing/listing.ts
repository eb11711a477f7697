import type { Listing } from '@backproof/core/object-store'
import type { Connection } from '../client/connection.js'
import { PROVIDER } from '../errors.js'

/** What the answers of a listing of this bucket are judged with. */
export const listingOf = ({ uri, settings }: Connection): Listing => ({
  provider: PROVIDER,
  operation: 'objects.list',
  uri,
  prefix: settings.prefix,
})

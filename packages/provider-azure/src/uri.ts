import { folderPrefix, type PlaceUriForm, placeUri, readPlaceUri, refusedUri } from '@backproof/core/object-store'
import { PROVIDER } from './errors.js'

/** What a URI of a source names. */
export interface AzurePlace {
  readonly account: string
  readonly container: string
  readonly prefix: string
}

const FORM: PlaceUriForm = {
  scheme: 'azblob',
  name: 'Azure Blob',
  example: 'azblob://account/container/prefix',
  host: 'account',
  provider: PROVIDER,
}

/** `azblob://account/container/prefix`, percent-encoded where a URL needs it. */
export const azureUri = ({ account, container, prefix }: AzurePlace): string =>
  placeUri('azblob', { host: account, path: prefix === '' ? container : `${container}/${prefix}` })

/**
 * The place that a URI names. A prefix is a folder: `azblob://account/backups/shop` is `azblob://account/backups/shop/`.
 * Percent-escapes are read, so `?`, `#` and `%` in a name are written `%3F`, `%23` and `%25`.
 *
 * @throws BackupError `invalid-config` for another scheme, a user, a query, a fragment, no container, or escapes that are none.
 */
export const placeFromUri = (uri: string): AzurePlace => {
  const { host: account, path } = readPlaceUri(uri, FORM)
  if (account.includes(':')) throw refusedUri(FORM, 'has a port or a password; the endpoint is the option url.')
  const slash = path.indexOf('/')
  const container = slash === -1 ? path : path.slice(0, slash)
  if (container === '') throw refusedUri(FORM, 'names no container.')
  return { account, container, prefix: slash === -1 ? '' : folderPrefix(path.slice(slash + 1)) }
}

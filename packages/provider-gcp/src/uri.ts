import { folderPrefix, type PlaceUriForm, placeUri, readPlaceUri, refusedUri } from '@backproof/core/object-store'
import { PROVIDER } from './errors.js'

/** What a URI of a source names. */
export interface GcsPlace {
  readonly bucket: string
  readonly prefix: string
}

const FORM: PlaceUriForm = {
  scheme: 'gs',
  name: 'Cloud Storage',
  example: 'gs://bucket/prefix',
  host: 'bucket',
  provider: PROVIDER,
}

/** `gs://bucket/prefix`, percent-encoded where a URL needs it. */
export const gcsUri = ({ bucket, prefix }: GcsPlace): string => placeUri('gs', { host: bucket, path: prefix })

/**
 * The place that a URI names. A prefix is a folder: `gs://bucket/shop` is `gs://bucket/shop/`. Percent-escapes are read, so
 * `?`, `#` and `%` in a name are written `%3F`, `%23` and `%25`.
 *
 * @throws BackupError `invalid-config` for another scheme, a user, a query, a fragment, or escapes that are none.
 */
export const placeFromUri = (uri: string): GcsPlace => {
  const { host: bucket, path } = readPlaceUri(uri, FORM)
  if (bucket.includes(':')) throw refusedUri(FORM, 'has a port or a password; the endpoint is an option.')
  return { bucket, prefix: folderPrefix(path) }
}

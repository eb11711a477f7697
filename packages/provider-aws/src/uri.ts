import { folderPrefix, type PlaceUriForm, placeUri, readPlaceUri, refusedUri } from '@backproof/core/object-store'
import { PROVIDER } from './errors.js'

/** What a URI of a source names. */
export interface S3Place {
  readonly bucket: string
  readonly prefix: string
}

const FORM: PlaceUriForm = {
  scheme: 's3',
  name: 'S3',
  example: 's3://bucket/prefix',
  host: 'bucket',
  provider: PROVIDER,
}

/** `s3://bucket/prefix`, percent-encoded where a URL needs it. */
export const s3Uri = ({ bucket, prefix }: S3Place): string => placeUri('s3', { host: bucket, path: prefix })

/**
 * The place that a URI names. A prefix is a folder: `s3://bucket/shop` is `s3://bucket/shop/`. Percent-escapes are read, so
 * `?`, `#` and `%` in a key are written `%3F`, `%23` and `%25`.
 *
 * @throws BackupError `invalid-config` for another scheme, a user, a query, a fragment, or escapes that are none.
 */
export const placeFromUri = (uri: string): S3Place => {
  const { host: bucket, path } = readPlaceUri(uri, FORM)
  if (bucket.includes(':') && !bucket.startsWith('arn:')) {
    throw refusedUri(FORM, 'has a port or a password; the endpoint is an option.')
  }
  return { bucket, prefix: folderPrefix(path) }
}

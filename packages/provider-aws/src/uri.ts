import { invalidConfig } from './errors.js'

/** What a URI of a source names. */
export interface S3Place {
  readonly bucket: string
  readonly prefix: string
}

/** `s3://bucket/prefix`, percent-encoded where a URL needs it. */
export const s3Uri = ({ bucket, prefix }: S3Place): string => {
  const root = `s3://${encodeURIComponent(bucket)}`
  if (prefix === '') return root
  const segments = prefix.split('/')
  // URLs resolve `.` and `..`; in a key they are plain characters. An escaped slash keeps them from being segments.
  const separator = segments.some((segment) => segment === '.' || segment === '..') ? '%2F' : '/'
  return `${root}/${segments.map(encodeURIComponent).join(separator)}`
}

/**
 * The place that a URI names. A prefix is a folder: `s3://bucket/shop` is `s3://bucket/shop/`. Percent-escapes are read, so
 * `?`, `#` and `%` in a key are written `%3F`, `%23` and `%25`.
 *
 * @throws BackupError `invalid-config` for another scheme, a user, a query, a fragment, or escapes that are none.
 */
export const placeFromUri = (uri: string): S3Place => {
  // Not shown: what stands in the place of a user or a query may be a secret.
  const refuse = (what: string): Error => invalidConfig(`The S3 URI ${what} Give s3://bucket/prefix.`)
  const match = /^s3:\/\/([^/?#]*)(?:\/([^?#]*))?([?#].*)?$/is.exec(uri)
  if (match === null) throw refuse('does not begin with s3://.')
  const [, host = '', path = '', rest] = match
  if (rest !== undefined) throw refuse('has a query or a fragment; in a prefix, write ? as %3F and # as %23.')
  if (host.includes('@')) throw refuse('has a user; credentials are found by the SDK.')
  if (host === '') throw refuse('names no bucket.')
  let bucket: string
  let folder: string
  try {
    bucket = decodeURIComponent(host)
    folder = decodeURIComponent(path)
  } catch {
    throw refuse('has a % that begins no escape of UTF-8; write % as %25.')
  }
  if (bucket.includes(':') && !bucket.startsWith('arn:')) {
    throw refuse('has a port or a password; the endpoint is an option.')
  }
  return { bucket, prefix: folder === '' || folder.endsWith('/') ? folder : `${folder}/` }
}

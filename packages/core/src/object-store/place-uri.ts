import { BackupError } from '../errors.js'

/** How the URIs of one provider are read. */
export interface PlaceUriForm {
  /** Lower case, without `:`. */
  readonly scheme: string
  /** As in `The S3 URI ...`. */
  readonly name: string
  /** What to give: `s3://bucket/prefix`. */
  readonly example: string
  /** What the authority names: `bucket`. */
  readonly host: string
  /** Short name of the provider, for errors. */
  readonly provider: string
}

/** What a URI names: its authority, and what follows the slash after it. Both decoded. */
export interface UriPlace {
  readonly host: string
  readonly path: string
}

/** `scheme://host/path`, percent-encoded where a URL needs it. */
export const placeUri = (scheme: string, { host, path }: UriPlace): string => {
  const root = `${scheme}://${encodeURIComponent(host)}`
  if (path === '') return root
  const segments = path.split('/')
  // URLs resolve `.` and `..`; in a key they are plain characters. An escaped slash keeps them from being segments.
  const separator = segments.some((segment) => segment === '.' || segment === '..') ? '%2F' : '/'
  return `${root}/${segments.map(encodeURIComponent).join(separator)}`
}

/** An error about a URI, which is not shown: what stands in the place of a user or a query may be a secret. */
export const refusedUri = ({ name, example, provider }: PlaceUriForm, what: string): BackupError =>
  new BackupError({ code: 'invalid-config', message: `The ${name} URI ${what} Give ${example}.`, provider })

/**
 * The place that a URI names. Percent-escapes are read, so `?`, `#` and `%` in a name are written `%3F`, `%23` and `%25`.
 *
 * @throws BackupError `invalid-config` for another scheme, a user, a query, a fragment, or escapes that are none.
 */
export const readPlaceUri = (uri: string, form: PlaceUriForm): UriPlace => {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(?:\/([^?#]*))?([?#].*)?$/is.exec(uri)
  if (match === null || match[1]?.toLowerCase() !== form.scheme) {
    throw refusedUri(form, `does not begin with ${form.scheme}://.`)
  }
  const [, , host = '', path = '', rest] = match
  if (rest !== undefined) throw refusedUri(form, 'has a query or a fragment; in a prefix, write ? as %3F and # as %23.')
  if (host.includes('@')) throw refusedUri(form, 'has a user; credentials are found by the SDK.')
  if (host === '') throw refusedUri(form, `names no ${form.host}.`)
  try {
    return { host: decodeURIComponent(host), path: decodeURIComponent(path) }
  } catch {
    throw refusedUri(form, 'has a % that begins no escape of UTF-8; write % as %25.')
  }
}

/** A prefix that a URI names is a folder: `shop` is `shop/`. */
export const folderPrefix = (path: string): string => (path === '' || path.endsWith('/') ? path : `${path}/`)

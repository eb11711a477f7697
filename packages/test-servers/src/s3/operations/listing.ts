import { compareKeys } from '@backproof/core/source'
import { countBefore, type Row, walkKeys } from '../../http/walk.js'
import type { BucketCall } from '../call.js'
import { failure } from '../failure.js'
import { ACCOUNT } from '../policy.js'
import { wholeNumber } from '../request.js'
import { type Bucket, keysInOrder, listingOrder, type StoredVersion } from '../store.js'
import type { XmlTree } from '../xml.js'

const MAX_KEYS = 1000

/** What all listings take. */
export interface ListingQuery {
  readonly prefix: string
  /** Empty: none. */
  readonly delimiter: string
  /** At most 1,000. */
  readonly maxKeys: number
  /** Writes keys and prefixes as `encoding-type` asks. */
  readonly encode: (text: string) => string
  readonly encodingType: string | undefined
}

/** @throws InvalidArgument for a number or an encoding that S3 does not take. */
export const listingQuery = (call: BucketCall): ListingQuery => {
  const { query } = call.request
  const encodingType = query.get('encoding-type')
  if (encodingType !== undefined && encodingType !== 'url')
    throw failure('InvalidArgument', 'Invalid Encoding Method specified in Request')
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  if (call.bucket.kind === 'directory') {
    if (delimiter !== '' && delimiter !== '/')
      throw failure('InvalidArgument', 'Directory buckets only support "/" as the delimiter.')
    if (prefix !== '' && !prefix.endsWith('/'))
      throw failure('InvalidArgument', 'The prefix of a directory bucket must end with the delimiter "/".')
  }
  return {
    prefix,
    delimiter,
    maxKeys: Math.min(MAX_KEYS, wholeNumber(query.get('max-keys'), 'max-keys') ?? MAX_KEYS),
    encode: encodingType === 'url' ? encodeForm : (text) => text,
    encodingType,
  }
}

/** S3 writes keys under `encoding-type=url` as forms do: a blank is `+`. Slashes stay. */
const encodeForm = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')

/** Where a listing goes on: behind a key, or behind all keys that a common prefix stands for. */
export interface Position {
  readonly after: string
  readonly common: boolean
}

/** Keys and common prefixes of a bucket in listing order, from a position on. `visible` says which keys count. */
export const walk = (
  bucket: Bucket,
  { prefix, delimiter }: ListingQuery,
  from: Position | undefined,
  visible: (key: string) => boolean,
): Iterable<Row> => {
  const keys = keysInOrder(bucket)
  const order = listingOrder(bucket)
  const general = bucket.kind === 'general'
  let at = from === undefined ? 0 : countBefore(keys, (key) => order(key, from.after) <= 0)
  if (general && prefix !== '')
    at = Math.max(
      at,
      countBefore(keys, (key) => compareKeys(key, prefix) < 0),
    )
  return walkKeys(keys, {
    at,
    sorted: general,
    prefix,
    delimiter,
    skipped: from?.common === true ? from.after : undefined,
    visible,
  })
}

export const OWNER: XmlTree = { ID: ACCOUNT.padStart(64, '0'), DisplayName: 'owner' }

/** The elements of a row that all listings have but its key. */
export const versionElements = (version: StoredVersion, call: BucketCall): XmlTree => ({
  LastModified: new Date(version.lastModified).toISOString(),
  ETag: `"${version.etag}"`,
  ChecksumAlgorithm: version.checksum?.algorithm,
  ChecksumType: version.checksum?.type,
  Size: version.bytes.length,
  StorageClass: version.storageClass,
  RestoreStatus: restoreStatus(version, call),
})

const restoreStatus = ({ restore }: StoredVersion, { request }: BucketCall): XmlTree | undefined => {
  const wanted = (request.headers.get('x-amz-optional-object-attributes') ?? '').split(',').map((one) => one.trim())
  if (restore === undefined || !wanted.includes('RestoreStatus')) return undefined
  return { IsRestoreInProgress: restore.ongoing, RestoreExpiryDate: restore.expiresAt?.toISOString() }
}

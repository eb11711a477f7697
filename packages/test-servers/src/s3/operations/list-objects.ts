import type { Reply } from '../../http/reply.js'
import { type Row, takePage } from '../../http/walk.js'
import { type BucketCall, bucketArn, type Operation, requireAccess } from '../call.js'
import { failure } from '../failure.js'
import { currentVersion } from '../store.js'
import { type XmlTree, xmlDocument } from '../xml.js'
import { type ListingQuery, listingQuery, OWNER, type Position, versionElements, walk } from './listing.js'

export const listObjectsV2: Operation = (call) => {
  const query = authorizedQuery(call)
  const parameters = call.request.query
  const startAfter = parameters.get('start-after')
  if (startAfter !== undefined && startAfter !== '' && call.bucket.kind === 'directory')
    throw failure('NotImplemented', 'Directory buckets do not support start-after.')
  const token = parameters.get('continuation-token')
  const from = token === undefined ? fromKey(startAfter) : readToken(token)
  const page = takePage(walk(call.bucket, query, from, isPresent(call)), query.maxKeys)
  return reply({
    Name: call.bucket.name,
    Prefix: query.encode(query.prefix),
    ...(query.delimiter !== '' && { Delimiter: query.encode(query.delimiter) }),
    ...(startAfter !== undefined && { StartAfter: query.encode(startAfter) }),
    ContinuationToken: token,
    NextContinuationToken: page.truncated ? writeToken(page.rows.at(-1)!) : undefined,
    KeyCount: page.rows.length,
    MaxKeys: query.maxKeys,
    EncodingType: query.encodingType,
    IsTruncated: page.truncated,
    ...rowElements(call, query, page.rows, parameters.get('fetch-owner') === 'true'),
  })
}

export const listObjects: Operation = (call) => {
  const query = authorizedQuery(call)
  const marker = call.request.query.get('marker') ?? ''
  const common = query.delimiter !== '' && marker.endsWith(query.delimiter)
  const from = marker === '' ? undefined : { after: marker, common }
  const page = takePage(walk(call.bucket, query, from, isPresent(call)), query.maxKeys)
  const last = page.rows.at(-1)
  return reply({
    Name: call.bucket.name,
    Prefix: query.encode(query.prefix),
    Marker: query.encode(marker),
    // Without a delimiter the next marker is the last key, and is not told.
    NextMarker: page.truncated && query.delimiter !== '' ? query.encode(textOf(last!)) : undefined,
    ...(query.delimiter !== '' && { Delimiter: query.encode(query.delimiter) }),
    MaxKeys: query.maxKeys,
    EncodingType: query.encodingType,
    IsTruncated: page.truncated,
    ...rowElements(call, query, page.rows, true),
  })
}

const authorizedQuery = (call: BucketCall): ListingQuery => {
  const prefix = call.request.query.get('prefix')
  requireAccess(call.user, 's3:ListBucket', bucketArn(call.bucket.name), prefix)
  return listingQuery(call)
}

const isPresent = ({ bucket }: BucketCall): ((key: string) => boolean) => {
  return (key) => currentVersion(bucket, key)?.deleteMarker === false
}

const rowElements = (call: BucketCall, query: ListingQuery, rows: readonly Row[], owner: boolean): XmlTree => ({
  Contents: rows.flatMap((row) => {
    if (!('key' in row)) return []
    const version = currentVersion(call.bucket, row.key)!
    return [{ Key: query.encode(row.key), ...versionElements(version, call), ...(owner && { Owner: OWNER }) }]
  }),
  CommonPrefixes: rows.flatMap((row) => ('key' in row ? [] : [{ Prefix: query.encode(row.commonPrefix) }])),
})

const reply = (content: XmlTree): Reply => ({ status: 200, body: xmlDocument('ListBucketResult', content) })

const textOf = (row: Row): string => ('key' in row ? row.key : row.commonPrefix)

const fromKey = (key: string | undefined): Position | undefined =>
  key === undefined || key === '' ? undefined : { after: key, common: false }

/** Tokens are opaque to clients. */
const writeToken = (row: Row): string => Buffer.from(`${'key' in row ? 'k' : 'p'}${textOf(row)}`).toString('base64')

const readToken = (token: string): Position => {
  const text = Buffer.from(token, 'base64').toString()
  if (!/^[kp]/.test(text)) throw failure('InvalidArgument', 'The continuation token provided is incorrect')
  return { after: text.slice(1), common: text.startsWith('p') }
}

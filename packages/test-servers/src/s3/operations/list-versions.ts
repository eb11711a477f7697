import { takePage } from '../../http/walk.js'
import { type BucketCall, bucketArn, type Operation, requireAccess } from '../call.js'
import { failure } from '../failure.js'
import type { StoredVersion } from '../store.js'
import { type XmlContent, xmlDocument } from '../xml.js'
import { type ListingQuery, listingQuery, OWNER, type Position, versionElements, walk } from './listing.js'

type VersionRow = { readonly version: StoredVersion; readonly latest: boolean } | { readonly commonPrefix: string }

/** Versions and delete markers as they stand: by key, newest first. */
export const listObjectVersions: Operation = (call) => {
  const { bucket, user, request } = call
  if (bucket.kind === 'directory') throw failure('NotImplemented', 'Directory buckets have no versions.')
  requireAccess(user, 's3:ListBucketVersions', bucketArn(bucket.name), request.query.get('prefix'))
  const query = listingQuery(call)
  const keyMarker = request.query.get('key-marker') ?? ''
  const versionMarker = request.query.get('version-id-marker') ?? ''
  if (versionMarker !== '' && keyMarker === '')
    throw failure('InvalidArgument', 'A version-id marker cannot be specified without a key marker.')
  const page = takePage(rows(call, query, keyMarker, versionMarker), query.maxKeys)
  const last = page.truncated ? page.rows.at(-1) : undefined
  // Versions and markers come in one order, so each row is an element of its own.
  const elements = page.rows.flatMap((row, index): [string, XmlContent][] => {
    if (!('version' in row)) return []
    return [rowElement(call, query, row.version, row.latest, index)]
  })
  return {
    status: 200,
    body: xmlDocument('ListVersionsResult', {
      Name: bucket.name,
      Prefix: query.encode(query.prefix),
      KeyMarker: query.encode(keyMarker),
      VersionIdMarker: versionMarker,
      NextKeyMarker: last && query.encode('version' in last ? last.version.key : last.commonPrefix),
      NextVersionIdMarker: last && 'version' in last ? last.version.versionId : undefined,
      ...(query.delimiter !== '' && { Delimiter: query.encode(query.delimiter) }),
      MaxKeys: query.maxKeys,
      EncodingType: query.encodingType,
      IsTruncated: page.truncated,
      ...Object.fromEntries(elements),
      CommonPrefixes: page.rows.flatMap((row) =>
        'version' in row ? [] : [{ Prefix: query.encode(row.commonPrefix) }],
      ),
    }),
  }
}

function* rows(
  { bucket }: BucketCall,
  query: ListingQuery,
  keyMarker: string,
  versionMarker: string,
): Generator<VersionRow> {
  if (versionMarker !== '' && keyMarker.startsWith(query.prefix)) {
    const versions = bucket.versions.get(keyMarker) ?? []
    const at = versions.findIndex((one) => one.versionId === versionMarker)
    for (const [index, version] of versions.entries()) if (index > at && at >= 0) yield { version, latest: index === 0 }
  }
  const common = query.delimiter !== '' && keyMarker.endsWith(query.delimiter)
  const from: Position | undefined = keyMarker === '' ? undefined : { after: keyMarker, common }
  for (const row of walk(bucket, query, from, () => true)) {
    if ('commonPrefix' in row) yield row
    else for (const [index, version] of bucket.versions.get(row.key)!.entries()) yield { version, latest: index === 0 }
  }
}

const rowElement = (
  call: BucketCall,
  query: ListingQuery,
  version: StoredVersion,
  latest: boolean,
  index: number,
): [string, XmlContent] => {
  const start = { Key: query.encode(version.key), VersionId: version.versionId, IsLatest: latest }
  if (!version.deleteMarker) return [`Version#${index}`, { ...start, ...versionElements(version, call), Owner: OWNER }]
  const lastModified = new Date(version.lastModified).toISOString()
  return [`DeleteMarker#${index}`, { ...start, LastModified: lastModified, Owner: OWNER }]
}

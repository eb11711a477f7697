import { compareKeys } from '@backproof/core/source'
import { countBefore, type Row, takePage, walkKeys } from '../../http/walk.js'
import { type Call, type Operation, resourceReply } from '../call.js'
import { invalidParameter } from '../failure.js'
import type { JsonObject } from '../json.js'
import { objectResource } from '../object-resource.js'
import { flag, wholeNumber } from '../request.js'
import { type Bucket, generationsOf, type Names, namesInOrder, type StoredObject } from '../store.js'
import { allowedBucket } from './find.js'
import { projection } from './read-object.js'

const MAX_RESULTS = 1000

interface ListingQuery {
  readonly prefix: string
  readonly delimiter: string
  readonly startOffset: string
  /** Empty: none. */
  readonly endOffset: string
  readonly names: Names
  readonly maxResults: number
  readonly from: Position | undefined
  readonly trailingDelimiter: boolean
}

/** Where a listing goes on: behind a generation of a name, or behind all names that a prefix stands for. */
interface Position {
  readonly after: string
  /** `undefined` for a prefix. */
  readonly generation: bigint | undefined
}

type ListingRow = { readonly object: StoredObject } | { readonly prefix: string }

export const listObjects: Operation = (call) => {
  const bucket = allowedBucket(call, 'storage.objects.list')
  const query = listingQuery(call)
  const page = takePage(rows(bucket, query, call.state.now()), query.maxResults)
  const items = page.rows.flatMap((row) => ('object' in row ? [row.object] : []))
  const prefixes = page.rows.flatMap((row) => ('prefix' in row ? [row.prefix] : []))
  const full = projection(call) === 'full'
  const tell = (object: StoredObject): JsonObject =>
    objectResource(bucket, object, {
      origin: call.request.origin,
      digests: object.customerKeySha256 === undefined,
      full,
    })
  return resourceReply(call, {
    kind: 'storage#objects',
    ...(page.truncated && { nextPageToken: writeToken(page.rows.at(-1)!) }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(items.length > 0 && { items: items.map(tell) }),
  })
}

const listingQuery = (call: Call): ListingQuery => {
  const { query } = call.request
  const versions = flag(call.request, 'versions')
  const softDeleted = flag(call.request, 'softDeleted')
  if (versions && softDeleted)
    throw invalidParameter('softDeleted', 'Only one of versions and softDeleted can be true.')
  if (query.has('matchGlob')) throw invalidParameter('matchGlob', 'The test server does not match globs.')
  const maxResults = wholeNumber(call.request, 'maxResults') ?? BigInt(MAX_RESULTS)
  if (maxResults === 0n) throw invalidParameter('maxResults', 'Invalid value for maxResults: 0.')
  const token = query.get('pageToken')
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    startOffset: query.get('startOffset') ?? '',
    endOffset: query.get('endOffset') ?? '',
    names: softDeleted ? 'softDeleted' : versions ? 'all' : 'live',
    maxResults: maxResults > MAX_RESULTS ? MAX_RESULTS : Number(maxResults),
    from: token === undefined || token === '' ? undefined : readToken(token),
    trailingDelimiter: flag(call.request, 'includeTrailingDelimiter'),
  }
}

/** Generations and prefixes of a bucket in the order of a listing, from its position on. */
function* rows(bucket: Bucket, query: ListingQuery, now: number): Generator<ListingRow> {
  const { names, from } = query
  function* generations(name: string): Generator<ListingRow> {
    const told = name === from?.after ? (from.generation ?? 0n) : 0n
    for (const object of generationsOf(bucket, name, names, now)) if (object.generation > told) yield { object }
  }
  const prefix = toldPrefix(query)
  // What is named like a prefix itself comes as an object, too.
  const isTold = (name: string): boolean => query.trailingDelimiter && compareKeys(name, query.startOffset) >= 0
  if (prefix !== undefined && isTold(prefix)) yield* generations(prefix)
  for (const row of walkNames(bucket, query, prefix)) {
    if ('key' in row) yield* generations(row.key)
    else {
      yield { prefix: row.commonPrefix }
      if (isTold(row.commonPrefix)) yield* generations(row.commonPrefix)
    }
  }
}

/** The prefix that the position is at, or that the object there is named like. */
const toldPrefix = ({ from, delimiter, prefix }: ListingQuery): string | undefined => {
  if (from === undefined || delimiter === '') return undefined
  return from.after.includes(delimiter, prefix.length) ? from.after : undefined
}

const walkNames = (bucket: Bucket, query: ListingQuery, skipped: string | undefined): Iterable<Row> => {
  const { prefix, from, endOffset } = query
  const order = namesInOrder(bucket, query.names)
  const least = [prefix, query.startOffset, from?.after ?? ''].reduce((a, b) => (compareKeys(a, b) < 0 ? b : a))
  return walkKeys(order, {
    at: countBefore(order, (name) => compareKeys(name, least) < 0),
    sorted: true,
    prefix,
    delimiter: query.delimiter,
    skipped,
    visible: (name) => endOffset === '' || compareKeys(name, endOffset) < 0,
  })
}

/** Tokens are opaque to clients. */
const writeToken = (row: ListingRow): string => {
  const position = 'object' in row ? [row.object.name, row.object.generation.toString()] : [row.prefix]
  return Buffer.from(JSON.stringify(position)).toString('base64')
}

const readToken = (token: string): Position => {
  try {
    const [after, generation] = JSON.parse(Buffer.from(token, 'base64').toString()) as [string, string?]
    return { after, generation: generation === undefined ? undefined : BigInt(generation) }
  } catch {
    throw invalidParameter('pageToken', `Invalid value for pageToken: ${token}.`)
  }
}

import { rangeListing } from '@backproof/core/run'
import { compareKeys, type ListOptions, type ObjectEntry } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { s3Error } from './errors.js'
import { ROOT_KEY } from './keys.js'
import type { Row } from './listing/listed-object.js'
import { contractError, wantsOf } from './listing/listing.js'
import { type FetchPage, objectPages, versionPages } from './listing/pages.js'
import { isDirectoryBucket } from './profile.js'

/**
 * What lies below the prefix, in pages as the service gives them (1,000), in the order of UTF-8 bytes; directory buckets in
 * none. With `versions`, every version and delete marker, of one key the newest first.
 *
 * Large buckets are listed by several ranges of keys at once (`listConcurrency`). What the service repeats, or gives in
 * another order than it has, ends the listing with `contract`: a listing that goes round or back would hide objects.
 */
export async function* listBucket(
  connection: Connection,
  options: ListOptions,
): AsyncGenerator<readonly ObjectEntry[]> {
  const { settings, uri } = connection
  const wants = wantsOf(options)
  if (isDirectoryBucket(settings.bucket)) {
    if (options.versions === true) {
      throw s3Error('unsupported', 'list', uri, `${uri} is a directory bucket, which keeps no versions.`)
    }
    for await (const rows of unorderedRows(connection, options)) {
      const page = entriesOf(rows).filter(({ key }) => wants(key))
      if (page.length > 0) yield page
    }
    return
  }
  const fetchPage = options.versions === true ? versionPages(connection, options) : objectPages(connection, options)
  const { after, range, signal } = options
  // The object named like the prefix comes first in S3's order, but not in that of keys: a later start would miss it.
  const startsLater = after !== undefined || range?.from !== undefined
  let waiting =
    settings.prefix !== '' && startsLater && wants(ROOT_KEY) ? await rootRows(connection, fetchPage, options) : []
  const concurrency = settings.listConcurrency
  for await (const rows of rangeListing({ fetchPage, range, after, concurrency, signal })) {
    const isRoot = rows[0]?.key === ''
    if (isRoot) waiting = [...waiting, ...rows.filter(({ key }) => key === '')]
    const others = isRoot ? rows.filter(({ key }) => key !== '') : rows
    const page = entriesOf(waiting.length === 0 ? others : withRoots(connection, waiting, others))
    if (waiting.length > 0 && compareKeys(others.at(-1)?.key ?? '', ROOT_KEY) > 0) waiting = []
    const wanted = page.filter(({ key }) => wants(key))
    if (wanted.length > 0) yield wanted
  }
  const rest = entriesOf(waiting).filter(({ key }) => wants(key))
  if (rest.length > 0) yield rest
}

const entriesOf = (rows: readonly Row[]): readonly ObjectEntry[] => rows.map(({ entry }) => entry)

/** Every row of the object that is named like the prefix. */
const rootRows = async (connection: Connection, fetchPage: FetchPage, { signal }: ListOptions): Promise<Row[]> => {
  const found: Row[] = []
  // Nothing but the empty name lies before the least character.
  for await (const rows of rangeListing({ fetchPage, range: { to: '\u0001' }, concurrency: 1, signal })) {
    found.push(...rows.filter(({ key }) => key === ''))
  }
  connection.checkOpen()
  return found
}

/** S3 lists the prefix itself first; its key `/` belongs behind `!` and `-`. It is put there once its place has come. */
const withRoots = ({ uri }: Connection, waiting: readonly Row[], rows: readonly Row[]): readonly Row[] => {
  const place = rows.findIndex(({ key }) => compareKeys(key, ROOT_KEY) >= 0)
  if (place === -1) return rows
  if (rows[place]!.key === ROOT_KEY) {
    const what = `${uri} holds an object named like the prefix itself, and one named "/" below it; the two cannot be told apart.`
    throw s3Error('unsupported', 'list', uri, `${what} Open a shorter prefix.`)
  }
  return [...rows.slice(0, place), ...waiting, ...rows.slice(place)]
}

/** Directory buckets: page after page. No order shows that pages go round, so their tokens must. */
async function* unorderedRows(connection: Connection, options: ListOptions): AsyncGenerator<readonly Row[]> {
  const fetchPage = objectPages(connection, options)
  const { signal } = new AbortController()
  let cursor: string | undefined
  let kept: string | undefined
  let limit = 1
  for (let steps = 1; ; steps++) {
    const page = await fetchPage({ cursor, signal: options.signal ?? signal })
    yield page.items
    if (!page.more) return
    cursor = page.cursor
    // Two tokens in memory find a round of any length (R. P. Brent, 1980).
    if (cursor === kept) {
      throw contractError({ connection, operation: 'ListObjectsV2' }, 'its pages go round: a token comes again.')
    }
    if (steps === limit) {
      kept = cursor
      limit *= 2
    }
  }
}

import { orderedListing, serialPages, wantsOf } from '@backproof/core/object-store'
import type { ListOptions, ObjectEntry } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import type { PageRequest } from './client/requests.js'
import { layoutOf } from './describe.js'
import { newestFirst } from './listing/generations.js'
import { listingOf } from './listing/listing.js'
import { mergedByKey } from './listing/merged.js'
import { objectPages } from './listing/pages.js'

/**
 * What lies below the prefix, in pages as the service gives them (1,000), in the order of UTF-8 bytes; buckets with a
 * hierarchical namespace, and those whose namespace may not be asked for, in none.
 *
 * With `versions`, every generation, of one key the newest first; a key that has no present generation begins with a delete
 * marker. With the option `softDeleted`, what is soft-deleted is among them.
 *
 * Large buckets are listed by several ranges of keys at once (`listConcurrency`).
 */
export async function* listBucket(
  connection: Connection,
  options: ListOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  const ordered = (await layoutOf(connection, options)) === 'flat'
  const list = ordered ? listOrdered : listUnordered
  if (options.versions !== true) return yield* list(connection, options, 'live')
  const versions = list(connection, options, 'versions')
  if (!connection.settings.softDeleted) return yield* newestFirst(versions)
  const deleted = list(connection, options, 'soft-deleted')
  if (ordered) return yield* newestFirst(mergedByKey(versions, deleted))
  yield* newestFirst(versions)
  yield* newestFirst(deleted)
}

type Listed = AsyncGenerator<readonly ObjectEntry[], void, void>

const listOrdered = (connection: Connection, options: ListOptions, of: PageRequest['of']): Listed =>
  orderedListing({
    listing: listingOf(connection),
    fetchPage: objectPages(connection, options, of),
    options,
    concurrency: connection.settings.listConcurrency,
    checkOpen: connection.checkOpen,
  })

async function* listUnordered(connection: Connection, options: ListOptions, of: PageRequest['of']): Listed {
  const wants = wantsOf(options)
  const fetchPage = objectPages(connection, options, of)
  for await (const rows of serialPages({ listing: listingOf(connection), fetchPage, signal: options.signal })) {
    const page = rows.map(({ entry }) => entry).filter(({ key }) => wants(key))
    if (page.length > 0) yield page
  }
}

import { orderedListing, serialPages, wantsOf } from '@backproof/core/object-store'
import type { ListOptions, ObjectEntry } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { s3Error } from './errors.js'
import { listingOf } from './listing/listing.js'
import { objectPages, versionPages } from './listing/pages.js'
import { isDirectoryBucket } from './profile.js'

/**
 * What lies below the prefix, in pages as the service gives them (1,000), in the order of UTF-8 bytes; directory buckets in
 * none. With `versions`, every version and delete marker, of one key the newest first.
 *
 * Large buckets are listed by several ranges of keys at once (`listConcurrency`).
 */
export const listBucket = (connection: Connection, options: ListOptions): AsyncIterable<readonly ObjectEntry[]> => {
  const { settings, checkOpen } = connection
  if (isDirectoryBucket(settings.bucket)) return listUnordered(connection, options)
  const versions = options.versions === true
  return orderedListing({
    listing: listingOf(connection, versions ? 'ListObjectVersions' : 'ListObjectsV2'),
    fetchPage: versions ? versionPages(connection, options) : objectPages(connection, options),
    options,
    concurrency: settings.listConcurrency,
    checkOpen,
  })
}

/** Directory buckets list in no order, page after page. */
async function* listUnordered(
  connection: Connection,
  options: ListOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  const { uri } = connection
  if (options.versions === true) {
    throw s3Error('unsupported', 'list', uri, `${uri} is a directory bucket, which keeps no versions.`)
  }
  const wants = wantsOf(options)
  const listing = listingOf(connection, 'ListObjectsV2')
  const fetchPage = objectPages(connection, options)
  for await (const rows of serialPages({ listing, fetchPage, signal: options.signal })) {
    const page = rows.map(({ entry }) => entry).filter(({ key }) => wants(key))
    if (page.length > 0) yield page
  }
}

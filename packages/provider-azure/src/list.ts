import { rootInPlace, serialPages, wantsOf } from '@backproof/core/object-store'
import type { ListOptions, ObjectEntry } from '@backproof/core/source'
import type { Connection } from './client/connection.js'
import { listingOf } from './listing/listing.js'
import { blobPages } from './listing/pages.js'
import { newestFirst } from './listing/versions.js'

/**
 * What lies below the prefix, in pages as the service gives them (5,000; 1,000 for a client of the caller's, whose pages the
 * SDK reads as well), one after the other: by UTF-16 code units, in hierarchical namespaces by path component. With
 * `versions`, every version, of one blob the newest first, and before it a delete marker where none of them is current; with
 * snapshots and what was deleted softly where the source's options say so.
 *
 * A listing begins at its start: the service can go on behind a page of its own only.
 */
export async function* listContainer(
  connection: Connection,
  options: ListOptions,
): AsyncGenerator<readonly ObjectEntry[], void, void> {
  const { snapshots, deleted } = connection.settings
  const versions = options.versions === true
  const listing = listingOf(connection)
  const wants = wantsOf(options)
  const asked = versions ? { versions, snapshots, deleted } : {}
  const pages = serialPages({ listing, fetchPage: blobPages(connection, asked, options), signal: options.signal })
  const rows = versions ? newestFirst(pages) : pages
  for await (const page of rootInPlace({ listing, pages: rows, compare: byUtf16 })) {
    const wanted = page.map(({ entry }) => entry).filter(({ key }) => wants(key))
    if (wanted.length > 0) yield wanted
  }
}

const byUtf16 = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

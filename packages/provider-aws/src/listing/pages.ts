import { checkedToken } from '@backproof/core/object-store'
import type { RangePage, RangePageRequest } from '@backproof/core/run'
import { type CallOptions, compareKeys } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { listPage, listVersionPage } from '../client/requests.js'
import { startAfterOf } from '../keys.js'
import { markerRow, objectRow, type Row } from './listed-object.js'
import { listingOf, nameOf, noListing } from './listing.js'

/** Fetches one page of a listing, for the engine that decides which. */
export type FetchPage = (request: RangePageRequest) => Promise<RangePage<Row>>

/** Pages of current objects (ListObjectsV2). */
export const objectPages =
  (connection: Connection, call: CallOptions): FetchPage =>
  async ({ after, from, cursor, signal }) => {
    const listing = listingOf(connection, 'ListObjectsV2')
    const { prefix } = connection.settings
    // A token carries where the listing began.
    const startAfter = cursor === undefined ? startAfterOf(prefix, after, from) : undefined
    const answer = await listPage(connection, { prefix, startAfter, token: cursor }, { ...call, signal })
    const { Contents = [], IsTruncated, NextContinuationToken, EncodingType } = answer.output
    if (IsTruncated === undefined) throw noListing(listing, answer)
    const items = Contents.map((row) => objectRow(connection, nameOf(listing, row.Key, EncodingType), row))
    if (!IsTruncated) return { items, more: false }
    return { items, more: true, cursor: checkedToken(listing, cursor, NextContinuationToken) }
  }

/**
 * Pages of versions and delete markers (ListObjectVersions).
 *
 * The SDK gives the two of a page in two lists, each in the order of the service. Of one key they are put together by time,
 * the newest first; of the same time, the delete marker goes first, as it can only hide what was there.
 */
export const versionPages =
  (connection: Connection, call: CallOptions): FetchPage =>
  async ({ after, from, cursor, signal }) => {
    const listing = listingOf(connection, 'ListObjectVersions')
    const { prefix } = connection.settings
    // A key alone as marker stands behind all of its versions.
    const marker = cursor === undefined ? { key: startAfterOf(prefix, after, from) } : (JSON.parse(cursor) as Marker)
    const request = { prefix, keyMarker: marker.key, versionMarker: marker.version }
    const answer = await listVersionPage(connection, request, { ...call, signal })
    const { Versions = [], DeleteMarkers = [], IsTruncated, EncodingType } = answer.output
    if (IsTruncated === undefined) throw noListing(listing, answer)
    const items = inOrder(
      Versions.map((row) => objectRow(connection, nameOf(listing, row.Key, EncodingType), row)),
      DeleteMarkers.map((row) => markerRow(nameOf(listing, row.Key, EncodingType), row)),
    )
    if (!IsTruncated) return { items, more: false }
    const { NextKeyMarker, NextVersionIdMarker } = answer.output
    const next: Marker | undefined =
      NextKeyMarker === undefined
        ? undefined
        : {
            key: prefix + nameOf(listing, NextKeyMarker, EncodingType),
            ...(NextVersionIdMarker !== undefined && NextVersionIdMarker !== '' && { version: NextVersionIdMarker }),
          }
    const token = next === undefined ? undefined : JSON.stringify(next)
    return { items, more: true, cursor: checkedToken(listing, cursor, token) }
  }

interface Marker {
  readonly key?: string | undefined
  readonly version?: string | undefined
}

/** Merges two lists that are in order. */
const inOrder = (versions: readonly Row[], markers: readonly Row[]): readonly Row[] => {
  if (markers.length === 0) return versions
  const merged: Row[] = []
  let i = 0
  for (const marker of markers) {
    for (; i < versions.length && goesFirst(versions[i]!, marker); i++) merged.push(versions[i]!)
    merged.push(marker)
  }
  return [...merged, ...versions.slice(i)]
}

const goesFirst = (version: Row, marker: Row): boolean => {
  const order = compareKeys(version.key, marker.key)
  return order < 0 || (order === 0 && version.time > marker.time)
}

import { ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import type { Place } from './place.js'

/** Everything that S3 tells of a bucket's objects: versions and delete markers, their times, sizes and ETags, one a line. */
const snapshotOf = async ({ owner }: Place, Bucket: string): Promise<readonly string[]> => {
  const rows: string[] = []
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (;;) {
    const page = await owner.send(new ListObjectVersionsCommand({ Bucket, ...marker }))
    for (const { Key, VersionId, IsLatest, LastModified, ETag, Size } of page.Versions ?? []) {
      rows.push(JSON.stringify([Key, VersionId, IsLatest, LastModified, ETag, Size]))
    }
    for (const { Key, VersionId, IsLatest, LastModified } of page.DeleteMarkers ?? []) {
      rows.push(JSON.stringify([Key, VersionId, IsLatest, LastModified, 'delete marker']))
    }
    if (page.IsTruncated !== true) return rows
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}

/** Buckets as they were when their suites began to look at them. */
export interface Snapshots {
  /** Call when the bucket holds what the suite is going to read. */
  take(bucket: string): Promise<void>
  /** Registers the test that nothing was written since; it has to be the last one. */
  compareAll(buckets: readonly string[]): void
}

export const createSnapshots = (place: () => Place): Snapshots => {
  const taken = new Map<string, readonly string[]>()
  return {
    take: async (bucket) => {
      taken.set(bucket, await snapshotOf(place(), bucket))
    },
    compareAll: (buckets) => {
      it.each(buckets)('left the bucket %s as it was: objects, versions, times', async (bucket) => {
        const before = taken.get(bucket)
        expect(before ?? []).not.toEqual([])
        expect(await snapshotOf(place(), bucket)).toEqual(before)
      })
    },
  }
}

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import type { BackupSource, JsonValue } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drained, type Outcome } from './findings.js'
import { expectedOutcome, type MixedObject, mixedObjects, type Upload } from './mixed-objects.js'
import { directoryOf, inBatches, MIB, makeBucket, type Place, put, putParts, sourceOf } from './place.js'
import { hasRclone, rclone, rcloneCheck } from './rclone.js'
import type { Snapshots } from './snapshot.js'

export const MIXED = 'mixed'
const COUNT = 2_000

/** Puts every object into the bucket, those of rclone by rclone. */
const fill = async (place: Place, objects: readonly MixedObject[], staging: string): Promise<void> => {
  const send = async ({ key, upload, stored }: MixedObject): Promise<void> => {
    const bytes = stored()
    if (bytes === undefined) return
    if (upload.by === 'one request') await put(place, MIXED, key, bytes)
    else if (upload.by === 'parts') await putParts(place, MIXED, key, bytes, partsOf(upload, bytes))
    else {
      const path = join(staging, upload.by, key)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
    }
  }
  await inBatches(objects, 16, send)
  const cut = ['--s3-upload-cutoff=5M', '--s3-chunk-size=5M']
  await rclone(place.rgw, ['copy', join(staging, 'rclone'), `rgw:${MIXED}`, ...cut])
  await rclone(place.rgw, [
    'copy',
    join(staging, 'rclone without md5'),
    `rgw:${MIXED}`,
    ...cut,
    '--s3-disable-checksum',
  ])
}

/** A stored object that is a byte short has a last part that is. */
const partsOf = (upload: Upload & { readonly by: 'parts' }, bytes: Uint8Array): readonly number[] => {
  const planned = upload.sizes.reduce((sum, size) => sum + size, 0)
  return upload.sizes.with(-1, upload.sizes.at(-1)! + bytes.length - planned)
}

export const rcloneOracle = (place: () => Place, snapshots: Snapshots): void => {
  describe.skipIf(!hasRclone)(`${COUNT} mixed objects, as rclone sees them (Debian package rclone)`, () => {
    const objects = mixedObjects(COUNT)
    const expected = new Map(objects.map((object) => [object.key, expectedOutcome(object)]))
    let directory: Awaited<ReturnType<typeof directoryOf>>
    let downloaded: Awaited<ReturnType<typeof rcloneCheck>>

    /** The comparison by what is stored, and the keys of the bucket that it asked about or read. */
    let stored: Outcome & { readonly touched: ReadonlySet<string> }

    const compared = async (require: 'read' | 'stored'): Promise<typeof stored> => {
      await using bucket = sourceOf(place(), MIXED)
      const touched = new Set<string>()
      const touch = (ref: JsonValue): void => void touched.add((ref as { readonly key: string }).key)
      const replica: BackupSource = {
        ...bucket,
        stat: (ref, options) => {
          touch(ref)
          return bucket.stat(ref, options)
        },
        read: (ref, options) => {
          touch(ref)
          return bucket.read(ref, options)
        },
      }
      const source = localDirectory({ path: directory.path })
      return { ...(await drained(compare({ source, replicas: [replica], require }))), touched }
    }
    const outcomes = ({ findings }: Outcome): Map<string, string> =>
      new Map([...findings].map(([key, { outcome }]) => [key, outcome]))

    beforeAll(async () => {
      const here = place()
      await makeBucket(here, MIXED)
      directory = await directoryOf(new Map())
      await inBatches(objects, 16, async ({ key, file }) => {
        const bytes = file()
        if (bytes === undefined) return
        await mkdir(dirname(join(directory.path, key)), { recursive: true })
        await writeFile(join(directory.path, key), bytes)
      })
      const staging = await directoryOf(new Map())
      await fill(here, objects, staging.path)
      await rm(staging.path, { recursive: true })
      await snapshots.take(MIXED)
      downloaded = await rcloneCheck(here.rgw, directory.path, MIXED, true)
      stored = await compared('stored')
    }, 180_000)
    afterAll(() => directory?.[Symbol.asyncDispose]())

    it('rclone itself finds the faults that are there', () => {
      expect(expected.size).toBe(COUNT)
      expect(new Set(expected.values())).toEqual(new Set(['match', 'mismatch', 'missing', 'extra']))
      expect(differences(expected, downloaded)).toEqual([])
    })

    it('outcomes equal those of rclone check --download, by stored digests', () => {
      expect(differences(downloaded, outcomes(stored))).toEqual([])
      expect(exitCode(stored.report.result)).toBe(1)
    })

    it('outcomes equal those of rclone check --download, by reading everything', async () => {
      const outcome = await compared('read')
      expect(differences(downloaded, outcomes(outcome))).toEqual([])
      for (const [key, { outcome: found, grade }] of outcome.findings)
        if (found === 'match') expect(grade, key).toBe('read')
    })

    it('outcomes equal those of rclone check, and are told where it has none', async () => {
      const byHashes = await rcloneCheck(place().rgw, directory.path, MIXED, false)
      const unknown = [...byHashes].filter(([, outcome]) => outcome === 'unknown').map(([key]) => key)
      const multipart = objects.filter(hasNoMd5).map(({ key }) => key)
      expect(unknown.sort()).toEqual(multipart.sort())
      for (const [key, outcome] of byHashes) {
        const { outcome: ours, method } = stored.findings.get(key)!
        expect([key, ours]).toEqual([key, outcome === 'unknown' ? expected.get(key) : outcome])
        // Nothing but the bytes, or a digest that they give, may stand for what rclone could not compare.
        if (outcome === 'unknown') expect(['one-sided-read', 'two-sided-read'], key).toContain(method)
      }
    })

    it('objects that the listing proves cost no request of their own', () => {
      const { findings, report, touched } = stored
      const open = objects.filter(({ fault, key }) => fault === 'content' || key === ODD)
      expect([...touched].sort()).toEqual(open.map(({ key }) => key).sort())
      const intact = objects.filter(({ fault, key }) => fault === undefined && key !== ODD)
      const proved = [...findings.values()].filter(
        ({ outcome, method, grade }) => outcome === 'match' && method === 'one-sided-read' && grade === 'stored',
      )
      expect(proved.map(({ key }) => key).sort()).toEqual(intact.map(({ key }) => key).sort())
      const { bytes, bytesRead } = report.result.replicas[0]!
      expect(bytesRead).toBeLessThan(bytes / 2)
    })

    it('requests are counted by kind, and are few', () => {
      const { operations = {}, requests, retries } = stored.report.telemetry
      const open = objects.filter(({ fault, key }) => fault === 'content' || key === ODD)
      const ofParts = open.filter(hasNoCertainMd5)
      // Those of one part are known by their ETag.
      const read = ofParts.filter(({ key }) => key !== 'parts/8/content')
      expect(requests['read']).toBe(read.length)
      const counts: Readonly<Record<string, readonly [least: number, most: number]>> = {
        HeadBucket: [1, 1],
        GetBucketVersioning: [1, 1],
        // Two pages, and what several ranges at once cost more.
        ListObjectsV2: [2, 10],
        // Of objects in parts it is asked how they were cut, too, and again when they were read and differ.
        HeadObject: [open.length, open.length + 3 * ofParts.length],
        GetObjectAttributes: [0, ofParts.length],
        GetObject: [read.length, read.length],
      }
      expect(Object.keys(operations).filter((name) => counts[name] === undefined)).toEqual([])
      for (const [name, [least, most]] of Object.entries(counts)) {
        expect(operations[name] ?? 0, name).toBeGreaterThanOrEqual(least)
        // What the network made a run try again counts again.
        expect(operations[name] ?? 0, name).toBeLessThanOrEqual(most + 3 * retries)
      }
    })
  })
}

/** Parts of sizes that no tool uses: only its bytes prove it. */
const ODD = 'parts/odd'

/** What rclone has no MD5 of: uploads in parts, but for its own with the MD5 as metadata. */
const hasNoMd5 = (object: MixedObject): boolean =>
  hasNoCertainMd5(object) && object.upload.by !== 'rclone' && object.fault !== 'size'

/** Objects on both sides whose ETag is none of their bytes. rclone was told to cut from 5 MiB on. */
const hasNoCertainMd5 = ({ upload, fault, stored }: MixedObject): boolean => {
  if (fault === 'missing' || fault === 'extra') return false
  return upload.by === 'parts' || (upload.by !== 'one request' && stored()!.length >= 5 * MIB)
}

const differences = (wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((key) => wanted.get(key) !== found.get(key))
    .map((key) => `${key}: ${found.get(key)} instead of ${wanted.get(key)}`)

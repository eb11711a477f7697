import { compare } from '@backproof/core/compare'
import { exitCode, summarize } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drained } from './findings.js'
import {
  bytesOf,
  directoryOf,
  evenSizes,
  FEW_TRIES,
  MIB,
  makeBucket,
  type Place,
  put,
  putParts,
  sourceOf,
} from './place.js'
import type { Snapshots } from './snapshot.js'

export const LOST = 'lost'

/**
 * Longer than what the gateway looks ahead (16 MiB), so that it notices the loss half way, and shorter than what a run reads
 * as ranges (32 MiB). Of what is shorter or read as ranges, it may notice before it answers, and say that there is nothing.
 */
const streamed = bytesOf(28 * MIB, 1)
const ranged = bytesOf(36 * MIB, 2)
const short = bytesOf(5 * MIB + 1, 3)

const OBJECTS: readonly { readonly key: string; readonly body: Uint8Array; readonly sizes?: readonly number[] }[] = [
  { key: 'intact', body: short },
  { key: 'ranged parts', body: ranged, sizes: evenSizes(ranged.length, 8 * MIB) },
  { key: 'short parts', body: short, sizes: [5 * MIB, 1] },
  { key: 'streamed', body: streamed },
  { key: 'streamed parts', body: streamed, sizes: evenSizes(streamed.length, 8 * MIB) },
]

/** The service tells the full size of objects whose last piece is gone. */
export const lostTail = (place: () => Place, snapshots: Snapshots): void => {
  describe('a tail that was lost beneath the gateway', () => {
    let directory: Awaited<ReturnType<typeof directoryOf>>

    beforeAll(async () => {
      const here = place()
      await makeBucket(here, LOST)
      for (const { key, body, sizes } of OBJECTS) {
        await (sizes === undefined ? put(here, LOST, key, body) : putParts(here, LOST, key, body, sizes))
        if (key !== 'intact') await here.rgw.dropTail(LOST, key)
      }
      directory = await directoryOf(new Map(OBJECTS.map(({ key, body }) => [key, body])))
      await snapshots.take(LOST)
    }, 180_000)
    afterAll(() => directory?.[Symbol.asyncDispose]())

    it.each(['verify', 'compare'] as const)('makes an object unreadable for %s, never a match', async (kind) => {
      await using bucket = sourceOf(place(), LOST)
      for await (const page of bucket.list()) {
        expect(page.map(({ key, size }) => [key, size])).toEqual(OBJECTS.map(({ key, body }) => [key, body.length]))
      }
      const source = localDirectory({ path: directory.path })
      const { findings, report } = await drained(
        kind === 'verify'
          ? verify({ source: bucket, retry: FEW_TRIES })
          : compare({ source, replicas: [bucket], require: 'read', retry: FEW_TRIES }),
      )
      const side = kind === 'verify' ? 'source' : 'replica'
      for (const { key } of OBJECTS) {
        const wanted =
          key === 'intact' ? { outcome: 'match' } : { outcome: 'unreadable', rotten: side, error: { side } }
        expect(findings.get(key), key).toMatchObject(wanted)
        if (key !== 'intact') expect(findings.get(key)?.error?.message).toContain(key)
        if (key.startsWith('streamed')) expect(findings.get(key)?.error?.code).toBe('corrupt')
      }
      expect(findings.size).toBe(OBJECTS.length)
      expect(report.result.complete).toBe(true)
      expect(exitCode(report.result)).toBe(1)
      expect(summarize(report.result).sentence).toMatch(/^NOT proven: 4 of 5 objects are unreadable: 4 unreadable/)
    })
  })
}

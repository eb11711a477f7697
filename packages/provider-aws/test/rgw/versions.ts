import { DeleteObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import type { BackupSource, ObjectEntry, ObjectInfo } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { beforeAll, describe, expect, it } from 'vitest'
import { drained } from './findings.js'
import { bytesOf, directoryOf, evenSizes, MIB, makeBucket, type Place, put, putParts, sourceOf } from './place.js'
import type { Snapshots } from './snapshot.js'

export const KEPT = 'kept'

const bodyOf = async (
  source: BackupSource,
  ref: ObjectEntry['ref'],
): Promise<{ readonly info: ObjectInfo; readonly bytes: Buffer }> => {
  const { info, body } = await source.read(ref)
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return { info, bytes: Buffer.concat(chunks) }
}

const listed = async (source: BackupSource, versions: boolean): Promise<readonly ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list({ versions })) entries.push(...page)
  return entries
}

export const versions = (place: () => Place, snapshots: Snapshots): void => {
  describe('a bucket that keeps versions', () => {
    /** Newest first, as they have to be listed; a delete marker has no body. */
    const expected: { readonly key: string; readonly version: string | undefined; readonly body?: Uint8Array }[] = []

    beforeAll(async () => {
      const here = place()
      await makeBucket(here, KEPT)
      const first = bytesOf(9, 1)
      await put(here, KEPT, 'key', first)
      await put(here, KEPT, 'kez', first)
      const VersioningConfiguration = { Status: 'Enabled' } as const
      await here.owner.send(new PutBucketVersioningCommand({ Bucket: KEPT, VersioningConfiguration }))
      const [second, third] = [bytesOf(9, 2), bytesOf(6 * MIB, 3)]
      const v2 = await put(here, KEPT, 'key', second)
      const gone = await here.owner.send(new DeleteObjectCommand({ Bucket: KEPT, Key: 'key' }))
      const v3 = await putParts(here, KEPT, 'key', third, evenSizes(third.length, 5 * MIB))
      const hidden = await here.owner.send(new DeleteObjectCommand({ Bucket: KEPT, Key: 'kez' }))
      expected.push(
        { key: 'key', version: v3, body: third },
        { key: 'key', version: gone.VersionId },
        { key: 'key', version: v2, body: second },
        { key: 'key', version: 'null', body: first },
        { key: 'kez', version: hidden.VersionId },
        { key: 'kez', version: 'null', body: first },
      )
      await snapshots.take(KEPT)
    }, 180_000)

    it('lists every version and delete marker, newest first, and reads the bytes of each', async () => {
      await using source = sourceOf(place(), KEPT)
      expect((await source.describe()).versions).toBe(true)
      const entries = await listed(source, true)
      const wanted = expected.map(({ key, version, body }) => [
        key,
        version,
        body === undefined ? 'delete-marker' : 'object',
        body?.length,
      ])
      // Of the same second, S3's two lists do not tell what came first.
      const rows = entries.map(({ key, version, kind, size }) => [key, version, kind, size])
      expect(rows).toHaveLength(wanted.length)
      expect(rows).toEqual(expect.arrayContaining(wanted))
      expect(rows.filter(([, , kind]) => kind === 'object')).toEqual(wanted.filter(([, , kind]) => kind === 'object'))
      expect(rows.map(([key]) => key)).toEqual(wanted.map(([key]) => key))
      for (const { key, version, body } of expected) {
        const entry = entries.find((one) => one.key === key && one.version === version)!
        if (body === undefined) {
          await expect(source.read(entry.ref)).rejects.toMatchObject({ code: 'not-found' })
          continue
        }
        const read = await bodyOf(source, entry.ref)
        expect(read.bytes.equals(body), `${key} ${version}`).toBe(true)
        expect(read.info.version).toBe(version)
      }
    })

    it('lists what is there now only, without asking for versions', async () => {
      await using source = sourceOf(place(), KEPT)
      expect((await listed(source, false)).map(({ key, size }) => [key, size])).toEqual([['key', 6 * MIB]])
    })

    it('reads a version that was listed, though another one took its place', async () => {
      const here = place()
      const bucket = 'overwritten-versions'
      await makeBucket(here, bucket)
      const VersioningConfiguration = { Status: 'Enabled' } as const
      await here.owner.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
      const old = bytesOf(50, 1)
      const version = await put(here, bucket, 'key', old)
      await using source = sourceOf(here, bucket)
      const [entry] = await listed(source, false)
      const [pinned] = await listed(source, true)
      const looked = await source.stat(entry!.ref)
      expect([pinned?.version, looked.version]).toEqual([version, version])
      await put(here, bucket, 'key', bytesOf(50, 2))
      expect((await bodyOf(source, pinned!.ref)).bytes.equals(old)).toBe(true)
      // Where no versions were asked for, none is read: what was seen is told by its ETag.
      for (const ref of [entry!.ref, looked.ref]) {
        await expect(source.read(ref)).rejects.toMatchObject({ code: 'changed' })
      }
      await here.owner.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'key' }))
      expect((await bodyOf(source, pinned!.ref)).bytes.equals(old)).toBe(true)
      await expect(source.read(looked.ref)).rejects.toMatchObject({ code: 'not-found' })
    })
  })

  describe('a bucket that keeps no versions, written to during a comparison', () => {
    const [before, after] = [bytesOf(5_000, 1), bytesOf(5_000, 2)]
    const other = bytesOf(5_000, 3)

    /** Compares the file with an object to which each of these happens in turn, before it is opened. */
    const comparedWhile = async (bucket: string, file: Uint8Array, changes: readonly (Uint8Array | 'deleted')[]) => {
      const here = place()
      await makeBucket(here, bucket)
      await put(here, bucket, 'key', before)
      await using directory = await directoryOf(new Map([['key', file]]))
      await using source = sourceOf(here, bucket)
      const waiting = [...changes]
      const written: BackupSource = {
        ...source,
        read: async (ref, options) => {
          const change = waiting.shift()
          if (change === 'deleted') await here.owner.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'key' }))
          else if (change !== undefined) await put(here, bucket, 'key', change)
          return await source.read(ref, options)
        },
      }
      const disk = localDirectory({ path: directory.path })
      const { findings, report } = await drained(compare({ source: disk, replicas: [written], require: 'read' }))
      expect(waiting).toEqual([])
      return { finding: findings.get('key')!, report }
    }

    it('compares the new bytes, when it was replaced once', async () => {
      const equal = await comparedWhile('replaced-by-equal', after, [after])
      expect(equal.finding).toMatchObject({ outcome: 'match', grade: 'read' })
      expect(equal.report.telemetry.retries).toBe(1)
      const different = await comparedWhile('replaced-by-other', before, [after])
      expect(different.finding.outcome).toBe('mismatch')
      expect(exitCode(different.report.result)).toBe(1)
    })

    it('says changed, when it was replaced again', async () => {
      const { finding, report } = await comparedWhile('replaced-twice', before, [after, other])
      expect(finding).toMatchObject({
        outcome: 'changed',
        reason: 'changed-while-read',
        error: { code: 'changed', side: 'replica' },
      })
      expect(exitCode(report.result)).toBe(3)
    })

    it('says unreadable, when it was deleted after it was listed', async () => {
      const { finding, report } = await comparedWhile('deleted', before, ['deleted'])
      expect(finding).toMatchObject({ outcome: 'unreadable', error: { code: 'not-found', side: 'replica' } })
      expect(exitCode(report.result)).toBe(1)
    })
  })
}

import {
  DeleteObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { compare } from '@backproof/core/compare'
import { preflight } from '@backproof/core/preflight'
import { exitCode } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { type IamStatement, readOnlyPolicy } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'
import type { RgwCredentials } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drained, outcomesOf } from './findings.js'
import {
  bytesOf,
  clientOf,
  directoryOf,
  evenSizes,
  MIB,
  makeBucket,
  type Place,
  put,
  putParts,
  sourceOf,
} from './place.js'
import type { Snapshots } from './snapshot.js'

export const VAULT = 'vault'
export const SHARED = 'shared'

const files = new Map<string, Uint8Array>([
  ['a.txt', bytesOf(12, 1)],
  ['empty', bytesOf(0, 2)],
  ['parts', bytesOf(11 * MIB, 3)],
  ['with space+plus', bytesOf(100, 4)],
])
/** What RADOS Gateway 16 understands: it has no GetObjectAttributes, and refuses a policy that names it. */
const FEATURES = ['compare', 'verify', 'versions', 'preflight'] as const

/** Statements of an IAM policy as a bucket's policy has them: with the user whom they are about. */
const grantedTo = (uid: string, statements: readonly IamStatement[]): readonly object[] =>
  statements.map((statement) => ({
    ...statement,
    Sid: `${statement.Sid}${uid}`,
    Principal: { AWS: [`arn:aws:iam:::user/${uid}`] },
  }))

const setPolicy = async ({ owner }: Place, Bucket: string, Statement: readonly object[]): Promise<void> => {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }))
}

const only = (statements: readonly IamStatement[], ...sids: readonly string[]): readonly IamStatement[] =>
  statements.filter(({ Sid }) => sids.includes(Sid))

export const leastPrivilege = (place: () => Place, snapshots: Snapshots): void => {
  describe('a user that can only read', () => {
    const users = new Map<string, RgwCredentials>()
    let directory: Awaited<ReturnType<typeof directoryOf>>
    const disk = () => localDirectory({ path: directory.path })
    const as = (uid: string, bucket = VAULT, prefix = '') =>
      sourceOf(place(), bucket, { credentials: users.get(uid)!, prefix })

    beforeAll(async () => {
      const here = place()
      directory = await directoryOf(files)
      for (const uid of ['reader', 'lister', 'getter', 'tenant']) users.set(uid, await here.rgw.addUser({ uid }))
      for (const bucket of [VAULT, SHARED]) await makeBucket(here, bucket)
      const VersioningConfiguration = { Status: 'Enabled' } as const
      await here.owner.send(new PutBucketVersioningCommand({ Bucket: VAULT, VersioningConfiguration }))
      await put(here, VAULT, 'a.txt', bytesOf(12, 9))
      for (const [key, body] of files) {
        if (key === 'parts') await putParts(here, VAULT, key, body, evenSizes(body.length, 5 * MIB))
        else await put(here, VAULT, key, body)
        for (const prefix of ['mine/', 'theirs/']) await put(here, SHARED, prefix + key, body)
      }
      await put(here, VAULT, 'gone', bytesOf(1, 5))
      await here.owner.send(new DeleteObjectCommand({ Bucket: VAULT, Key: 'gone' }))
      const { Statement } = readOnlyPolicy({ bucket: VAULT, features: FEATURES })
      await setPolicy(here, VAULT, [
        ...grantedTo('reader', Statement),
        ...grantedTo('lister', only(Statement, 'BackproofList', 'BackproofVersioning')),
        ...grantedTo('getter', only(Statement, 'BackproofRead', 'BackproofVersioning')),
      ])
      const mine = readOnlyPolicy({ bucket: SHARED, prefix: 'mine/' })
      await setPolicy(here, SHARED, grantedTo('tenant', mine.Statement))
      for (const bucket of [VAULT, SHARED]) await snapshots.take(bucket)
    }, 180_000)
    afterAll(() => directory?.[Symbol.asyncDispose]())

    it('compares, verifies, lists versions and passes the preflight with the statements of readOnlyPolicy()', async () => {
      await using bucket = as('reader')
      const everything = Object.fromEntries([...files.keys()].map((key) => [key, 'match']))
      for (const require of ['stored', 'read'] as const) {
        const outcome = await drained(compare({ source: disk(), replicas: [bucket], require }))
        expect(outcomesOf(outcome)).toEqual(everything)
        expect(exitCode(outcome.report.result)).toBe(0)
      }
      const verified = await drained(verify({ source: bucket }))
      expect(outcomesOf(verified)).toEqual(everything)
      const versions: string[] = []
      for await (const page of bucket.list({ versions: true }))
        for (const { key, kind } of page) versions.push(`${key} ${kind}`)
      expect(versions).toHaveLength(files.size + 3)
      expect(versions).toContain('gone delete-marker')
      const { checks } = await preflight(bucket)
      expect(checks.filter(({ status }) => status === 'problem' || status === 'unknown')).toEqual([])
      expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['reach', 'list', 'read', 'versions']))
    })

    it('cannot write', async () => {
      const client: S3Client = clientOf(place().rgw, users.get('reader')!)
      const denied = { name: 'AccessDenied' }
      const object = { Bucket: VAULT, Key: 'a.txt' }
      const VersioningConfiguration = { Status: 'Suspended' } as const
      try {
        await expect(client.send(new PutObjectCommand({ ...object, Body: 'x' }))).rejects.toMatchObject(denied)
        await expect(client.send(new DeleteObjectCommand(object))).rejects.toMatchObject(denied)
        const setting = new PutBucketVersioningCommand({ Bucket: VAULT, VersioningConfiguration })
        await expect(client.send(setting)).rejects.toMatchObject(denied)
      } finally {
        client.destroy()
      }
    })

    it('needs nothing above the prefix, and is told what it lacks there', async () => {
      await using mine = as('tenant', SHARED, 'mine/')
      const outcome = await drained(compare({ source: disk(), replicas: [mine], require: 'read' }))
      expect(outcomesOf(outcome)).toEqual(Object.fromEntries([...files.keys()].map((key) => [key, 'match'])))
      for (const prefix of ['', 'theirs/']) {
        await using other = as('tenant', SHARED, prefix)
        const run = compare({ source: disk(), replicas: [other] })
        await expect(run.report()).rejects.toMatchObject({
          code: 'access-denied',
          message: expect.stringContaining('s3:ListBucket'),
        })
      }
    })

    it('without s3:GetObject gets errors that say so, and no verdict', async () => {
      await using bucket = as('lister')
      const runs = [compare({ source: disk(), replicas: [bucket], require: 'read' }), verify({ source: bucket })]
      for (const run of runs) {
        const outcome = await drained(run)
        expect(outcomesOf(outcome)).toEqual(
          Object.fromEntries([...files.keys()].map((key) => [key, 'error: access-denied'])),
        )
        for (const { error } of outcome.findings.values()) expect(error?.message).toContain('s3:GetObject')
        expect(exitCode(outcome.report.result)).toBe(3)
      }
    })

    it('without s3:ListBucket gets no run at all, and is told so', async () => {
      await using bucket = as('getter')
      const denied = { code: 'access-denied', message: expect.stringContaining('s3:ListBucket') }
      await expect(verify({ source: bucket }).report()).rejects.toMatchObject(denied)
      await expect(compare({ source: disk(), replicas: [bucket] }).report()).rejects.toMatchObject(denied)
      const { checks, ok } = await preflight(bucket)
      expect(ok).toBe(false)
      const list = checks.find(({ id }) => id === 'list')
      expect(list).toMatchObject({
        status: 'problem',
        permission: 's3:ListBucket',
        fix: expect.stringContaining('s3:ListBucket'),
      })
    })
  })
}

import type { PreflightCheck } from '@backproof/core/source'
import { readOnlyPolicy } from '@backproof/provider-aws'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, withBucket } from '../support/bucket.js'

let server: S3Server
const name = freshName()
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/backups'
beforeAll(async () => {
  server = await startS3Server()
  server.admin.createBucket({ name, versioning: 'Enabled' })
  await server.admin.put(name, 'shop/a', Buffer.from('a'))
  await server.admin.put(name, 'sealed/a', Buffer.from('a'), { sse: 'aws:kms', kmsKeyId: KEY })
})
afterEach(() => {
  server.clockOffsetMs = 0
  server.setFault(undefined)
})
afterAll(() => server.close())

type Options = Parameters<typeof withBucket>[2]

const check = async (options: Options = {}, bucket = name): Promise<readonly PreflightCheck[]> =>
  withBucket(server, bucket, options, async (source) => {
    if (source.preflight === undefined) throw new Error('There is no preflight.')
    return source.preflight()
  })

const statusOf = (checks: readonly PreflightCheck[]): Record<string, string> =>
  Object.fromEntries(checks.map(({ id, status }) => [id, status]))

const user = (...actions: readonly string[]) =>
  server.addUser({ allow: [{ effect: 'Allow', actions, resources: ['*'] }] })

describe('preflight of a bucket', () => {
  it('finds all well for who may do all', async () => {
    expect(statusOf(await check())).toEqual({
      reach: 'ok',
      credentials: 'ok',
      list: 'ok',
      service: 'ok',
      clock: 'ok',
      versioning: 'ok',
      read: 'ok',
      key: 'ok',
      'versions-read': 'ok',
      attributes: 'ok',
    })
  })

  it('names the statement that is missing, for each permission', async () => {
    const byId = async (credentials: ReturnType<typeof user>, prefix = 'shop/') =>
      Object.fromEntries((await check({ credentials, prefix })).map((one) => [one.id, one]))
    const lister = await byId(user('s3:ListBucket'))
    expect(lister['list']?.status).toBe('ok')
    expect(lister['read']).toMatchObject({ status: 'problem', permission: 's3:GetObject' })
    expect(lister['read']?.fix).toContain(`"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::${name}/shop/*"`)
    expect(lister['versioning']?.status).toBe('notice')
    const reader = await byId(user('s3:ListBucket', 's3:GetObject'))
    expect(reader['read']?.status).toBe('ok')
    expect(reader['attributes']).toMatchObject({ status: 'notice' })
    expect(reader['attributes']?.fix).toContain('s3:GetObjectAttributes')
    const nobody = await byId(user('s3:GetObject'))
    expect(nobody['list']).toMatchObject({ status: 'problem', permission: 's3:ListBucket' })
    expect(nobody['list']?.fix).toContain('"s3:prefix":"shop/"')
  })

  it('tells whether the key that encrypts can be used', async () => {
    const prefix = 'sealed/'
    expect(statusOf(await check({ prefix }))).toMatchObject({ key: 'ok', read: 'ok' })
    const credentials = user('s3:*')
    const checks = await check({ prefix, credentials })
    expect(checks.find(({ id }) => id === 'key')).toMatchObject({ status: 'problem', permission: 'kms:Decrypt' })
  })

  it('works with the policy that it recommends, below a prefix only', async () => {
    const { Statement } = readOnlyPolicy({
      bucket: name,
      prefix: 'shop/',
      features: ['compare', 'attributes', 'versions', 'preflight'],
    })
    const credentials = server.addUser({
      allow: Statement.map(({ Action, Resource, Condition }) => ({
        effect: 'Allow',
        actions: Action,
        resources: [Resource],
        ...(Condition !== undefined && { prefixes: [Condition['StringEquals']?.['s3:prefix'] ?? ''] }),
      })),
    })
    const checks = await check({ credentials, prefix: 'shop/' })
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([])
    await withBucket(server, name, { credentials, prefix: 'shop/' }, async (source) => {
      expect((await source.describe()).versions).toBe(true)
    })
    await withBucket(server, name, { credentials }, async (source) => {
      expect(await failureOf(source.describe())).toMatchObject({ code: 'access-denied' })
    })
  })

  it('tells bad and expired credentials from missing permissions', async () => {
    const unknown = { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'a key that nobody knows' }
    const expired = server.addUser({ expiresAt: new Date(Date.now() - 1_000) })
    const wrong = { ...server.credentials, secretAccessKey: 'not the secret' }
    for (const credentials of [unknown, expired, wrong]) {
      const checks = await check({ credentials })
      expect(statusOf(checks)).toEqual({ credentials: 'problem' })
      expect(JSON.stringify(checks)).not.toContain(credentials.secretAccessKey)
    }
  })

  it('tells a bucket that is not there, or in another region', async () => {
    expect(statusOf(await check({}, 'nowhere'))).toEqual({ reach: 'problem', credentials: 'unknown' })
    const far = freshName()
    server.admin.createBucket({ name: far, region: 'eu-west-1' })
    const [reach] = await check({}, far)
    expect(reach).toMatchObject({ id: 'reach', status: 'problem' })
    expect(reach?.detail).toContain('eu-west-1')
  })

  it('tells a clock that is wrong', async () => {
    server.clockOffsetMs = 30_000
    expect((await check()).find(({ id }) => id === 'clock')).toMatchObject({ status: 'notice' })
    server.clockOffsetMs = -3_600_000
    const clock = (await check()).find(({ id }) => id === 'clock')
    expect(clock).toMatchObject({ status: 'problem', fix: expect.stringContaining('NTP') as string })
    expect(clock?.detail).toMatch(/3[56]\d\d s ahead/)
  })

  it('takes a passing fault for no answer', async () => {
    server.setFault(() => ({ status: 503, code: 'SlowDown' }))
    expect((await check())[0]).toMatchObject({ id: 'reach', status: 'unknown' })
  })

  it('rejects with the reason of its signal', async () => {
    const reason = new Error('enough')
    await withBucket(server, name, {}, async (source) => {
      await expect(source.preflight!({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })
  })
})

import type { PreflightCheck } from '@backproof/core/source'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { credentialsOf, freshName, withBucket } from '../support/bucket.js'

let server: GcsServer
const name = freshName()
const KMS = 'projects/p/locations/eu/keyRings/r/cryptoKeys/k'
beforeAll(async () => {
  server = await startGcsServer()
  server.admin.createBucket({ name, versioning: true })
  await server.admin.put(name, 'shop/a', Buffer.from('a'))
  await server.admin.put(name, 'cold/a', Buffer.from('a'), { storageClass: 'ARCHIVE' })
  await server.admin.put(name, 'own/a', Buffer.from('a'), { customerKey: Buffer.alloc(32, 1) })
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

const byId = async (options: Options): Promise<Record<string, PreflightCheck | undefined>> =>
  Object.fromEntries((await check(options)).map((one) => [one.id, one]))

const user = (...permissions: readonly string[]): Options => credentialsOf(server.addUser({ allow: [{ permissions }] }))

describe('preflight of a bucket', () => {
  it('finds all well for who may do all', async () => {
    expect(statusOf(await check({ prefix: 'shop/' }))).toEqual({
      reach: 'ok',
      credentials: 'ok',
      list: 'ok',
      service: 'ok',
      clock: 'ok',
      versioning: 'ok',
      'soft-delete': 'ok',
      read: 'ok',
      'versions-read': 'ok',
    })
  })

  it('names the role that is missing, for each permission', async () => {
    const lister = await byId(user('storage.objects.list', 'storage.buckets.get'))
    expect(lister['list']?.status).toBe('ok')
    expect(lister['read']).toMatchObject({ status: 'problem', permission: 'storage.objects.get' })
    expect(lister['read']?.fix).toContain('roles/storage.objectViewer')
    const reader = await byId(user('storage.objects.list', 'storage.objects.get'))
    expect(reader['read']?.status).toBe('ok')
    expect(reader['versioning']).toMatchObject({ status: 'notice', permission: 'storage.buckets.get' })
    expect(reader['versioning']?.fix).toContain('roles/storage.bucketViewer')
    expect(Object.values(reader).filter((one) => one?.status !== 'ok' && one?.status !== 'notice')).toEqual([])
    const nobody = await byId(user('storage.objects.get', 'storage.buckets.get'))
    expect(nobody['list']).toMatchObject({ status: 'problem', permission: 'storage.objects.list' })
    expect(nobody['list']?.fix).toContain('storage.objects.list')
    expect((await byId(user()))['reach']).toMatchObject({ status: 'problem' })
  })

  it('tells what reading costs', async () => {
    const { retrieval } = await byId({ prefix: 'cold/' })
    expect(retrieval).toMatchObject({ status: 'notice', detail: expect.stringContaining('ARCHIVE') as string })
  })

  it('tells whether the key that encrypts can be used', async () => {
    const prefix = 'own/'
    expect((await byId({ prefix }))['key']).toMatchObject({
      status: 'problem',
      fix: expect.stringContaining('customerKey') as string,
    })
    expect((await byId({ prefix, customerKey: Buffer.alloc(32, 1) }))['key']?.status).toBe('ok')
    const sealed = freshName()
    server.admin.createBucket({ name: sealed, settings: { encryption: { defaultKmsKeyName: KMS } } })
    await server.admin.put(sealed, 'a', Buffer.from('a'))
    expect(statusOf(await check({}, sealed))).toMatchObject({ read: 'ok', key: 'ok', versioning: 'notice' })
    server.setFault(({ operation }) =>
      operation === 'objects.getMedia'
        ? { status: 403, code: 'forbidden', message: `Permission denied on Cloud KMS key ${KMS}.` }
        : undefined,
    )
    const key = (await check({}, sealed)).find(({ id }) => id === 'key')
    expect(key).toMatchObject({
      status: 'problem',
      fix: expect.stringContaining('cryptoKeyEncrypterDecrypter') as string,
    })
  })

  it('tells bad and expired credentials from missing permissions', async () => {
    const expired = credentialsOf(server.addUser({ expiresAt: new Date(Date.now() - 1_000) }))
    const unknown = {
      credentials: { ...server.owner.credentials, credential_source: { url: `${server.url}/subject-token/nobody` } },
    } as unknown as Options
    for (const options of [expired, unknown]) {
      expect(statusOf(await check(options))).toEqual({ credentials: 'problem' })
    }
    expect(statusOf(await check({ anonymous: true }))).toEqual({ credentials: 'problem' })
  })

  it('tells a bucket that is not there, and one that is empty', async () => {
    expect(statusOf(await check({}, 'nowhere'))).toEqual({ reach: 'problem', credentials: 'unknown' })
    expect(statusOf(await check({ prefix: 'none/' }))).toMatchObject({ list: 'notice', read: 'notice' })
  })

  it('tells a hierarchical namespace', async () => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket, settings: { hierarchicalNamespace: { enabled: true } } })
    await server.admin.put(bucket, 'a', Buffer.from('a'))
    const service = (await check({}, bucket)).find(({ id }) => id === 'service')
    expect(service).toMatchObject({ status: 'notice', detail: expect.stringContaining('hierarchical') as string })
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
    server.setFault(() => ({ status: 503, code: 'backendError' }))
    const checks = await check({ anonymous: true })
    expect(checks[0]).toMatchObject({ id: 'reach', status: 'unknown' })
  })

  it('rejects with the reason of its signal', async () => {
    const reason = new Error('enough')
    await withBucket(server, name, {}, async (source) => {
      await expect(source.preflight!({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })
  })
})

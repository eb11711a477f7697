import type { PreflightCheck } from '@backproof/core/source'
import { readOnlyPolicy } from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshName, withContainer } from '../support/container.js'
import { secureUrl, withPlainTls } from '../support/plain-tls.js'

let server: AzureServer
const container = freshName()
const CUSTOMER_KEY = Buffer.alloc(32, 5)
withPlainTls()
beforeAll(async () => {
  server = await startAzureServer({ versioning: true })
  server.admin.createContainer({ name: container })
  await server.admin.put(container, 'shop/a', Buffer.from('a'))
  await server.admin.put(container, 'sealed/a', Buffer.from('a'), { customerKey: CUSTOMER_KEY })
  await server.admin.put(container, 'cold/a', Buffer.from('a'), { tier: 'Archive' })
})
afterEach(() => {
  server.clockOffsetMs = 0
  server.setFault(undefined)
})
afterAll(() => server.close())

type Options = Parameters<typeof withContainer>[2]

const check = async (options: Options = {}, name = container): Promise<readonly PreflightCheck[]> =>
  withContainer(server, name, { prefix: 'shop/', ...options }, async (source) => {
    if (source.preflight === undefined) throw new Error('There is no preflight.')
    return source.preflight()
  })

const statusOf = (checks: readonly PreflightCheck[]): Record<string, string> =>
  Object.fromEntries(checks.map(({ id, status }) => [id, status]))

/** Options with the token of a user who may do this. */
const user = (options: Parameters<AzureServer['addUser']>[0]): Options => {
  const { token } = server.addUser(options)
  const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
  return { url: secureUrl(server), credential: { getToken } }
}

describe('preflight of a container', () => {
  it('finds all well for who has the key of the account', async () => {
    expect(statusOf(await check())).toEqual({
      reach: 'ok',
      credentials: 'ok',
      list: 'ok',
      service: 'ok',
      clock: 'ok',
      versioning: 'ok',
      read: 'ok',
      'versions-read': 'ok',
    })
  })

  it('is content with the role, the policy and the signature that it recommends', async () => {
    const { customRole, sas } = readOnlyPolicy({ account: server.account, container, features: ['preflight'] })
    const reader = { roles: ['Storage Blob Data Reader'], containers: [container] }
    const all: readonly Options[] = [
      user(reader),
      user({ actions: customRole.DataActions, containers: [container] }),
      { credential: { sas: server.sas({ container, permissions: sas.permissions }) } },
    ]
    for (const options of all) {
      expect((await check(options)).filter(({ status }) => status === 'problem' || status === 'unknown')).toEqual([])
    }
  })

  it('names the role or permission that is missing', async () => {
    const byId = async (options: Options) => Object.fromEntries((await check(options)).map((one) => [one.id, one]))
    const nobody = await byId(user({ roles: ['Reader'] }))
    expect(nobody['reach']?.status).toBe('ok')
    expect(nobody['list']).toMatchObject({
      status: 'problem',
      permission: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
    })
    expect(nobody['list']?.fix).toContain('"Storage Blob Data Reader"')
    expect(nobody['list']?.fix).toContain(`/storageAccounts/backproof/blobServices/default/containers/${container}`)
    const lister = await byId({ credential: { sas: server.sas({ container, permissions: 'l' }) } })
    expect(lister['list']?.status).toBe('ok')
    expect(lister['read']).toMatchObject({ status: 'problem' })
    expect(lister['read']?.fix).toContain('permission r')
    const reader = await byId({ credential: { sas: server.sas({ container, permissions: 'r' }) } })
    expect(reader['list']?.fix).toContain('permission l')
  })

  it('tells bad and expired credentials from missing permissions', async () => {
    const accountKey = Buffer.alloc(64, 3).toString('base64')
    const wrong = { accountName: server.account, accountKey }
    const expired = server.sas({ container, expiresOn: new Date(Date.now() - 3_600_000) })
    const forged = server.sas({ container }).replace(/sig=[^&]+/, 'sig=Zm9yZ2Vk')
    const all: readonly Options[] = [
      { credential: wrong },
      { credential: { sas: expired } },
      { credential: { sas: forged } },
      { credential: 'anonymous' },
      user({ expiresAt: new Date(Date.now() - 1_000) }),
    ]
    for (const options of all) {
      const checks = await check(options)
      expect(statusOf(checks)).toEqual({ credentials: 'problem' })
      expect(JSON.stringify(checks)).not.toMatch(/Zm9yZ2Vk/)
      expect(JSON.stringify(checks)).not.toContain(accountKey)
    }
  })

  it('tells a container that is not there', async () => {
    expect(statusOf(await check({}, 'nowhere'))).toEqual({ reach: 'problem', credentials: 'unknown' })
  })

  it('tells whether the key that encrypts can be used', async () => {
    const sealed = { prefix: 'sealed/', url: secureUrl(server) }
    expect(statusOf(await check({ ...sealed, customerKey: CUSTOMER_KEY }))).toMatchObject({ key: 'ok', read: 'ok' })
    const without = await check(sealed)
    expect(without.find(({ id }) => id === 'key')).toMatchObject({ status: 'problem' })
    const other = await check({ ...sealed, customerKey: Buffer.alloc(32, 6) })
    expect(other.find(({ id }) => id === 'key')?.fix).toContain('another customerKey')
  })

  it('tells what is archived', async () => {
    const checks = await check({ prefix: 'cold/' })
    expect(statusOf(checks)).toMatchObject({ list: 'notice', read: 'notice', archived: 'notice' })
  })

  it('tells a clock that is wrong', async () => {
    server.clockOffsetMs = 60_000
    expect((await check()).find(({ id }) => id === 'clock')).toMatchObject({ status: 'notice' })
    server.clockOffsetMs = -3_600_000
    const checks = await check()
    expect(JSON.stringify(checks)).toMatch(/3[56]\d\d s ahead/)
  })

  it('takes a passing fault for no answer', async () => {
    server.setFault(() => ({ status: 503, code: 'ServerBusy' }))
    expect((await check())[0]).toMatchObject({ id: 'reach', status: 'unknown' })
  })

  it('rejects with the reason of its signal', async () => {
    const reason = new Error('enough')
    await withContainer(server, container, {}, async (source) => {
      await expect(source.preflight!({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })
  })
})

import type { AzureUserOptions } from '@backproof/test-servers'
import { BUCKET, KEYS, type Told, type Vault, type VaultRun } from '@backproof/test-servers/suites'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { withPlainTls } from '../support/plain-tls.js'
import { sasOf } from './support/azure-logins.js'
import type { AzureOptions, AzurePlatform } from './support/azure-platform.js'
import { FIRST } from './support/azure-requests.js'
import { azuriteAdmin } from './support/azurite-admin.js'

const READER = 'Storage Blob Data Reader'
const HOUR_MS = 3_600_000

/** Signatures, tokens, roles and clocks as only Azure has them, on a server whose clock a test can set. */
export const deniedByAzure = (vault: () => Vault<AzureOptions>, azure: AzurePlatform): void => {
  const { server, serverUrl } = azure
  beforeAll(async () => {
    server.admin.createContainer({ name: BUCKET })
    for (const [key, bytes] of vault().files) await server.admin.put(BUCKET, key, bytes)
  })
  afterEach(() => {
    vault().fault()
    server.clockOffsetMs = 0
  })

  const compared = (where: string, at: VaultRun<AzureOptions>['at'], run: VaultRun<AzureOptions> = {}): Promise<Told> =>
    vault().compare(where, { require: 'read', ...run, at: { url: serverUrl, ...at } })
  const expireAt = (offset: number) => (): undefined => {
    server.clockOffsetMs = offset
  }
  const firstTwoMatch = (): Record<string, string> =>
    Object.fromEntries([...vault().files.keys()].map((key, i) => [key, i < 2 ? 'match' : 'error: access-denied']))

  test('signature that expires before the third read: the rest are errors, of which only the first is asked', async () => {
    const at = sasOf(vault(), server, { expiresOn: new Date(Date.now() + 60_000) })
    const expire = vault().fault({ operation: 'GetBlob', after: 2, fault: expireAt(120_000) })
    const told = await compared('signature that expires', at, { concurrency: 1 })
    expect(told.keys).toEqual(firstTwoMatch())
    expect(told).toMatchObject({ exit: 3, complete: true, retries: 0 })
    expect(told.message).toMatch(/signature expired at 20.*Give a new one with sp=rl/)
    // By the date of that answer, the signature itself tells that its time is over.
    expect(expire()).toBe(1)
  })

  test('signature without r, which the service tells: error (access-denied) with the letter', async () => {
    const fault = { status: 403, code: 'AuthorizationPermissionMismatch' } as const
    vault().fault({ operation: 'GetBlob', key: KEYS.plain, fault })
    const told = await compared('no r', sasOf(vault(), server, { permissions: 'rl' }))
    expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'error: access-denied' })
    expect(told.message).toMatch(/the permission r of the shared access signature is missing.*\(sp=rl\)/)
  })

  test('signature of the container alone: all match', async () => {
    const at = sasOf(vault(), server, { container: BUCKET, permissions: 'rl' })
    expect(await compared('signature of a container', at)).toMatchObject({ keys: vault().allMatch, exit: 0 })
  })

  test('a container that is public needs no credential', async () => {
    server.admin.createContainer({ name: 'open-to-all', access: 'container' })
    for (const [key, bytes] of vault().files) await server.admin.put('open-to-all', key, bytes)
    const told = await compared('public', { bucket: 'open-to-all', own: { credential: 'anonymous' } })
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
  })

  test('listing of versions refused, as hierarchical accounts do: listed without them, all match', async () => {
    const refused = { status: 400, code: 'InvalidQueryParameterValue' } as const
    const isRefused = (query: ReadonlyMap<string, string>): boolean =>
      query.get('include')?.includes('versions') ?? false
    const failed = vault().fault({ operation: FIRST, fault: ({ query }) => (isRefused(query) ? refused : undefined) })
    const told = await compared('no versions', {})
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
    expect(failed()).toBe(2)
  })

  test('a blob that is leased is read like any other', async () => {
    const lease = azuriteAdmin(azure.azurite).getContainerClient(BUCKET).getBlobClient(KEYS.plain).getBlobLeaseClient()
    await lease.acquireLease(-1)
    try {
      const told = await vault().compare('leased', { require: 'read' })
      expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
    } finally {
      await lease.breakLease(0)
    }
  })

  describe('clock', () => {
    test('20 minutes wrong: nothing starts (access-denied), tried once, and the clock is named', async () => {
      server.clockOffsetMs = 20 * 60_000
      const told = await compared('skewed clock', {})
      expect(told).toMatchObject({ exit: undefined, keys: {}, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(/clock of this machine is 1[12]\d\d s behind the service's\. Set it right \(NTP\)/)
    })

    test('10 minutes wrong: a signature is held to the clock of the service, all match', async () => {
      server.clockOffsetMs = -10 * 60_000
      const options = { startsOn: new Date(Date.now() - HOUR_MS), expiresOn: new Date(Date.now() - 60_000) }
      expect(await compared('slow clock', sasOf(vault(), server, options))).toMatchObject({
        keys: vault().allMatch,
        exit: 0,
      })
    })
  })

  describe('tokens', () => {
    withPlainTls()
    const url = serverUrl.replace('http:', 'https:')
    const userWith = (options: AzureUserOptions, expiresOn?: Date): VaultRun<AzureOptions>['at'] => {
      const { token } = server.addUser(options)
      vault().keepSecret('a token', token)
      const expiresOnTimestamp = expiresOn?.getTime() ?? Date.now() + HOUR_MS
      return { url, own: { credential: { getToken: async () => ({ token, expiresOnTimestamp }) } } }
    }

    test('of a reader: all match', async () => {
      expect(await compared('reader', userWith({ roles: [READER] }))).toMatchObject({ keys: vault().allMatch, exit: 0 })
    })

    test.each([
      ['no role', {}],
      ['a role that manages and reads no data', { roles: ['Reader'] }],
      ['the role on another container', { roles: [READER], containers: ['another'] }],
    ])('of a user with %s: nothing starts, and the role is named', async (name, options) => {
      const told = await compared(name, userWith(options))
      expect(told).toMatchObject({ exit: undefined, keys: {}, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(
        /blobs\/read is missing.*Assign the role "Storage Blob Data Reader".*AuthorizationPermissionMismatch, HTTP 403/,
      )
    })

    test('that expires before the third read: the rest are errors (access-denied), none tried twice', async () => {
      const at = userWith({ roles: [READER], expiresAt: new Date(Date.now() + 60_000) })
      vault().fault({ operation: 'GetBlob', after: 2, fault: expireAt(120_000) })
      const told = await compared('token that expires', at, { concurrency: 1 })
      expect(told.keys).toEqual(firstTwoMatch())
      expect(told).toMatchObject({ exit: 3, complete: true, retries: 0 })
      expect(told.message).toMatch(/token was not accepted: it has expired.*InvalidAuthenticationInfo, HTTP 401/)
    })

    test('that its provider renews in time: all match', async () => {
      const now = Date.now()
      const [old, fresh] = [60_000, HOUR_MS].map((lasts) => {
        const expiresAt = new Date(now + lasts)
        const { token } = server.addUser({ roles: [READER], expiresAt })
        vault().keepSecret('a token of two', token)
        return { token, expiresOnTimestamp: expiresAt.getTime() }
      })
      let calls = 0
      const getToken = async () => (++calls === 1 ? old! : fresh!)
      vault().fault({ operation: 'GetBlob', after: 1, fault: expireAt(120_000) })
      const told = await compared('renewed', { url, own: { credential: { getToken } } }, { concurrency: 1 })
      expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
      expect(calls).toBeGreaterThan(1)
    })

    test('that nobody gave out: nothing starts (access-denied), tried once', async () => {
      const token = 'eyJ0eXAi.bmV2ZXItZ2l2ZW4tb3V0LWJ5LWFueWJvZHk'
      vault().keepSecret('a token of nobody', token)
      const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + HOUR_MS })
      const told = await compared('unknown token', { url, own: { credential: { getToken } } })
      expect(told).toMatchObject({ exit: undefined, keys: {}, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(/token was not accepted.*Log in again \(az login\), and check the tenant/)
    })

    test('a provider that fails for now is asked again: all match', async () => {
      const { token } = server.addUser({ roles: [READER] })
      vault().keepSecret('a token after a failure', token)
      let calls = 0
      const getToken = async () => {
        if (++calls === 1) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
        return { token, expiresOnTimestamp: Date.now() + HOUR_MS }
      }
      const told = await compared('flaky provider', { url, own: { credential: { getToken } } })
      expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
    })

    test('a provider that gives none: nothing starts (access-denied)', async () => {
      const told = await compared('null', { url, own: { credential: { getToken: async () => null } } })
      expect(told).toMatchObject({ exit: undefined, keys: {}, code: 'access-denied', retries: 0 })
    })
  })
}

import { createHmac } from 'node:crypto'
import { ContainerSASPermissions, generateBlobSASQueryParameters, type UserDelegationKey } from '@azure/storage-blob'
import type { AzureServer, AzureServerOptions, AzureUser } from '@backproof/test-servers'
import { expect, test } from 'vitest'
import { failureOf, keyClient, sasClient, startServer } from './clients.js'

const HOUR = 3_600_000

const serverWithBlob = async (options?: AzureServerOptions): Promise<AzureServer> => {
  const server = await startServer(options)
  for (const [name, access] of [
    ['private', undefined],
    ['blobs', 'blob'],
    ['open', 'container'],
  ] as const) {
    server.admin.createContainer({ name, access })
    await server.admin.put(name, 'a b/ü', Buffer.from('content'), { tags: { t: 'v' } })
  }
  return server
}

/** What listing, reading, container properties and account information answer: a status, or the code of an error. */
const tried = async (url: string, container: string, headers: Record<string, string> = {}): Promise<unknown[]> => {
  const [base, query = ''] = url.split('?') as [string, string?]
  const targets = [
    `/${container}?restype=container&comp=list`,
    `/${container}/a%20b/%C3%BC?`,
    `/${container}?restype=container`,
    `/${container}?restype=account&comp=properties`,
  ]
  return Promise.all(
    targets.map(async (target) => {
      const response = await fetch(`${base}${target}&${query}`, {
        headers: { 'x-ms-version': '2024-11-04', ...headers },
      })
      await response.arrayBuffer()
      return response.headers.get('x-ms-error-code') ?? response.status
    }),
  )
}

test('requests with the key of the account may do all, with any other nothing', async () => {
  const server = await serverWithBlob()
  const container = keyClient(server).getContainerClient('private')
  expect((await container.listBlobsFlat().next()).value?.name).toBe('a b/ü')
  expect(String(await container.getBlobClient('a b/ü').downloadToBuffer())).toBe('content')
  const wrong = { ...server, url: server.url, key: Buffer.alloc(64, 1).toString('base64') }
  const refused = keyClient(wrong).getContainerClient('private')
  expect(await failureOf(refused.getProperties())).toEqual([403, 'AuthenticationFailed'])
  const other = keyClient({ ...wrong, account: 'other' }).getContainerClient('private')
  expect((await failureOf(other.getProperties()))[0]).toBe(403)
  server.clockOffsetMs = HOUR
  expect(await failureOf(container.getProperties())).toEqual([403, 'AuthenticationFailed'])
})

test('signatures of the account', async () => {
  const server = await serverWithBlob()
  const all = await tried(`${server.url}?${server.sas()}`, 'private')
  expect(all).toEqual([200, 200, 200, 200])
  const read = await tried(`${server.url}?${server.sas({ permissions: 'r', resourceTypes: 'o' })}`, 'private')
  expect(read).toEqual(['AuthorizationResourceTypeMismatch', 200, 'AuthorizationResourceTypeMismatch', 200])
  const list = await tried(`${server.url}?${server.sas({ permissions: 'l' })}`, 'private')
  expect(list).toEqual([200, ...Array.from({ length: 3 }, () => 'AuthorizationPermissionMismatch')])
})

test('signatures of a container, a blob, a version, a snapshot', async () => {
  const server = await serverWithBlob({ versioning: true })
  const container = await tried(`${server.url}?${server.sas({ container: 'private' })}`, 'private')
  expect(container).toEqual([200, 200, 'AuthorizationFailure', 200])
  const elsewhere = await tried(`${server.url}?${server.sas({ container: 'private' })}`, 'blobs')
  expect(elsewhere.slice(0, 2)).toEqual(['AuthenticationFailed', 'AuthenticationFailed'])
  const listOnly = await tried(`${server.url}?${server.sas({ container: 'private', permissions: 'l' })}`, 'private')
  expect(listOnly.slice(0, 2)).toEqual([200, 'AuthorizationPermissionMismatch'])
  const blob = await tried(`${server.url}?${server.sas({ container: 'private', blob: 'a b/ü' })}`, 'private')
  expect(blob.slice(0, 2)).toEqual(['AuthenticationFailed', 200])
  const { versionId = '' } = await server.admin.put('private', 'a b/ü', Buffer.from('second'))
  const snapshot = server.admin.takeSnapshot('private', 'a b/ü')
  const place = { container: 'private', blob: 'a b/ü' }
  for (const which of [{ versionId }, { snapshot }]) {
    const sas = server.sas({ ...place, ...which })
    const base = sasClient(server.url, sas).getContainerClient('private').getBlobClient('a b/ü')
    const client = 'snapshot' in which ? base.withSnapshot(snapshot) : base.withVersion(versionId)
    expect(String(await client.downloadToBuffer())).toBe('second')
    expect(await failureOf(base.download())).toEqual([403, 'AuthenticationFailed'])
  }
  const tags = sasClient(server.url, server.sas({ container: 'private' })).getContainerClient('private')
  expect(await failureOf(tags.listBlobsFlat({ includeTags: true }).next())).toEqual([
    403,
    'AuthorizationPermissionMismatch',
  ])
})

test('signatures out of time, and the detail that says so', async () => {
  const server = await serverWithBlob()
  const sas = server.sas({ container: 'private', startsOn: new Date(Date.now() - HOUR) })
  const url = `${server.url}/private/a%20b/%C3%BC?${sas}`
  expect((await fetch(url)).status).toBe(200)
  const tampered = await fetch(url.replace('sp=rl', 'sp=rwl'))
  expect([tampered.status, await tampered.text()]).toEqual([403, expect.stringContaining('Signature did not match.')])
  for (const [offset, text] of [
    [2 * HOUR, /Signature not valid in the specified time frame: Start \[.*GMT\] - Expiry \[.*GMT\] - Current \[/],
    [-2 * HOUR, /Signature not valid in the specified time frame/],
  ] as const) {
    server.clockOffsetMs = offset
    const response = await fetch(url)
    expect([response.status, response.headers.get('x-ms-error-code')]).toEqual([403, 'AuthenticationFailed'])
    expect(await response.text()).toMatch(text)
  }
})

const bearer = ({ token }: AzureUser): Record<string, string> => ({ authorization: `Bearer ${token}` })

test('users may do what their roles and actions allow', async () => {
  const server = await serverWithBlob()
  const nobody = server.addUser()
  const mismatch = 'AuthorizationPermissionMismatch'
  expect(await tried(server.url, 'private', bearer(nobody))).toEqual([mismatch, mismatch, mismatch, mismatch])
  const reader = server.addUser({ roles: ['Storage Blob Data Reader'] })
  expect(await tried(server.url, 'private', bearer(reader))).toEqual([200, 200, 200, mismatch])
  const manager = server.addUser({ roles: ['Reader'] })
  expect(await tried(server.url, 'private', bearer(manager))).toEqual([mismatch, mismatch, 200, mismatch])
  const limited = server.addUser({
    roles: ['Storage Blob Data Reader'],
    containers: ['blobs'],
    actions: ['*/getInfo/action'],
  })
  expect(await tried(server.url, 'private', bearer(limited))).toEqual([mismatch, mismatch, mismatch, mismatch])
  expect(await tried(server.url, 'blobs', bearer(limited))).toEqual([200, 200, 200, 200])
  expect(() => server.addUser({ roles: ['King'] })).toThrow(/does not know the role King/)
})

test('tokens that are unknown or expired are challenged', async () => {
  const server = await serverWithBlob()
  const user = server.addUser({ roles: ['Storage Blob Data Reader'], expiresAt: new Date(Date.now() + HOUR) })
  expect((await tried(server.url, 'private', bearer(user)))[0]).toBe(200)
  server.clockOffsetMs = 2 * HOUR
  const response = await fetch(`${server.url}/private?restype=container`, { headers: bearer(user) })
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringMatching(/^Bearer authorization_uri=/),
  ])
  expect(await response.text()).toContain('Lifetime validation failed. The token is expired.')
  const unknown = await fetch(`${server.url}/private?restype=container`, { headers: { authorization: 'Bearer x' } })
  expect([unknown.status, unknown.headers.get('x-ms-error-code')]).toEqual([401, 'InvalidAuthenticationInfo'])
})

/** The SDK sends tokens over TLS only, so the request for the key is written by hand; the signature is the SDK's. */
const delegationKeyOf = async (server: AzureServer, user: AzureUser): Promise<UserDelegationKey> => {
  const [start, expiry] = [Date.now() - HOUR, Date.now() + HOUR].map(
    (time) => `${new Date(time).toISOString().slice(0, 19)}Z`,
  )
  const response = await fetch(`${server.url}/?restype=service&comp=userdelegationkey`, {
    method: 'POST',
    headers: { ...bearer(user), 'x-ms-version': '2024-11-04' },
    body: `<?xml version="1.0" encoding="utf-8"?><KeyInfo><Start>${start}</Start><Expiry>${expiry}</Expiry></KeyInfo>`,
  })
  const text = await response.text()
  const get = (tag: string): string => new RegExp(`<${tag}>(.*?)</${tag}>`).exec(text)?.[1] ?? ''
  return {
    signedObjectId: get('SignedOid'),
    signedTenantId: get('SignedTid'),
    signedStartsOn: new Date(get('SignedStart')),
    signedExpiresOn: new Date(get('SignedExpiry')),
    signedService: get('SignedService'),
    signedVersion: get('SignedVersion'),
    value: get('Value'),
  }
}

test('signatures with a user delegation key allow what the user may', async () => {
  const server = await serverWithBlob({ sharedKey: false })
  expect(await failureOf(keyClient(server).getAccountInfo())).toEqual([403, 'KeyBasedAuthenticationNotPermitted'])
  expect((await tried(`${server.url}?${server.sas({ container: 'private' })}`, 'private'))[0]).toBe(
    'KeyBasedAuthenticationNotPermitted',
  )
  const user = server.addUser({ roles: ['Storage Blob Data Reader'], containers: ['private', ''] })
  const key = await delegationKeyOf(server, user)
  const signed = (container: string, version: string): string =>
    generateBlobSASQueryParameters(
      {
        containerName: container,
        permissions: ContainerSASPermissions.parse('rl'),
        expiresOn: new Date(Date.now() + HOUR),
        version,
      },
      key,
      server.account,
    ).toString()
  for (const version of ['2020-12-06', '2025-07-05', '2026-04-06'])
    expect((await tried(`${server.url}?${signed('private', version)}`, 'private')).slice(0, 2), version).toEqual([
      200, 200,
    ])
  const denied = await tried(`${server.url}?${signed('blobs', '2025-07-05')}`, 'blobs')
  expect(denied.slice(0, 2)).toEqual(['AuthorizationPermissionMismatch', 'AuthorizationPermissionMismatch'])
  const forged = createHmac('sha256', 'x').update('x').digest('base64')
  const wrong = signed('private', '2025-07-05').replace(/sig=[^&]+/, `sig=${encodeURIComponent(forged)}`)
  expect((await tried(`${server.url}?${wrong}`, 'private'))[0]).toBe('AuthenticationFailed')
})

test('anonymous clients see what is public', async () => {
  const server = await serverWithBlob()
  const challenged = 'NoAuthenticationInformation'
  expect((await tried(server.url, 'private')).slice(0, 3)).toEqual([challenged, challenged, challenged])
  expect((await tried(server.url, 'blobs')).slice(0, 3)).toEqual([challenged, 200, challenged])
  expect((await tried(server.url, 'open')).slice(0, 3)).toEqual([200, 200, 200])
  expect((await tried(server.url, 'private', { 'x-ms-version': '2015-12-11' }))[0]).toBe('ResourceNotFound')
  const closed = await serverWithBlob({ publicAccess: false })
  expect((await tried(closed.url, 'open'))[0]).toBe('PublicAccessNotPermitted')
  const anonymous = sasClient(server.url, '').getContainerClient('private')
  expect(await failureOf(anonymous.listBlobsFlat().next())).toEqual([401, challenged])
})

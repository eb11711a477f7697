import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { BlobServiceClient, ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { type AzureBlobSourceOptions, azureBlobSource } from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { azureSettings } from '../src/options.js'
import { containerWith, failureOf, freshName, listAll, withContainer } from './support/container.js'
import { secureUrl, withPlainTls } from './support/plain-tls.js'

let server: AzureServer
beforeAll(async () => {
  server = await startAzureServer()
})
withPlainTls()
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

const KEY = Buffer.alloc(64, 1).toString('base64')

describe('options', () => {
  it.each<[string, unknown]>([
    ['account, url', { container: 'backups' }],
    ['account', { account: 'Not_An_Account' }],
    ['container', { account: 'backups1' }],
    ['container', { account: 'backups1', container: 'Upper' }],
    ['container', { account: 'backups1', container: 'azblob://a/b' }],
    ['container', { url: 'https://a1b.blob.core.windows.net/one', container: 'two' }],
    ['prefix', { prefix: 7 }],
    ['prefix', { prefix: '\ud800' }],
    ['url', { url: 'backups.example.org' }],
    ['url', { url: 'ftp://backups.blob.core.windows.net' }],
    ['more than a container', { url: 'https://a1b.blob.core.windows.net/one/two' }],
    ['begins no escape', { url: 'https://a1b.blob.core.windows.net/%zz' }],
    ['blob', { url: 'https://a1b.dfs.core.windows.net/one' }],
    ['names no account', { url: 'http://127.0.0.1:10000' }],
    ['account is "other"', { account: 'other', url: 'https://a1b.blob.core.windows.net' }],
    ['not both', { url: 'https://a1b.blob.core.windows.net', connectionString: 'x' }],
    ['connectionString', { connectionString: 'Server=sql;Password=topsecret' }],
    ['client', { client: {} }],
    ['account has no effect', { client: new BlobServiceClient('https://a1b.blob.core.windows.net'), account: 'a1b' }],
    ['credential', { credential: { accountName: 'backups1' } }],
    ['the credential is that', { credential: { accountName: 'other', accountKey: KEY } }],
    ['credential once', { url: 'https://a1b.blob.core.windows.net?sig=a', credential: 'anonymous' }],
    ['snapshots', { snapshots: 'yes' }],
    ['deleted', { deleted: 1 }],
    ['customerKey', { customerKey: 'short' }],
    ['https only', { url: 'http://127.0.0.1:1/a1b', customerKey: new Uint8Array(32) }],
    ['TokenCredential is for https', { url: 'http://127.0.0.1:1/a1b', credential: { getToken: () => undefined } }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['"prefixx"', { prefixx: '' }],
    ['sr=b', { credential: { sas: '?sr=b&sp=r&sig=topsecret' } }],
    ['ss', { credential: { sas: 'ss=qt&srt=sco&sp=rl&sig=topsecret' } }],
    ['no sig', { credential: { sas: 'topsecret' } }],
  ])('are refused at once where %s is wrong', (name, given) => {
    const options = given as AzureBlobSourceOptions
    const place = ['account', 'url', 'connectionString', 'client', 'container'].some((one) => one in options)
    const container = name === 'container' || name === 'account, url' ? {} : { container: 'backups' }
    const open = () => azureBlobSource({ ...(!place && { account: 'backups1' }), ...container, ...options })
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    expect(open).toThrow(name)
    expect(open).toThrow(/^(?!.*topsecret)/)
  })

  it('refuse a signature that is for https over http', () => {
    const open = () =>
      azureBlobSource({ url: 'http://127.0.0.1:1/a1b', container: 'backups', credential: { sas: 'spr=https&sig=x' } })
    expect(open).toThrow('https only')
  })
})

describe('the place', () => {
  it.each<[string, AzureBlobSourceOptions, string, string]>([
    ['an account', { account: 'a1b', container: 'c0c' }, 'azblob://a1b/c0c', 'https://a1b.blob.core.windows.net'],
    [
      'the URL of a container',
      { url: 'https://a1b.blob.core.windows.net/c0c/', prefix: 'x/' },
      'azblob://a1b/c0c/x/',
      'https://a1b.blob.core.windows.net',
    ],
    [
      'the second region',
      { url: 'https://a1b-secondary.blob.core.windows.net/c0c' },
      'azblob://a1b/c0c',
      'https://a1b-secondary.blob.core.windows.net',
    ],
    [
      'an emulator',
      { url: 'http://127.0.0.1:10000/devstoreaccount1/c0c' },
      'azblob://devstoreaccount1/c0c',
      'http://127.0.0.1:10000/devstoreaccount1',
    ],
    [
      'a domain of its own',
      { url: 'https://files.example.org', account: 'a1b', container: '$root' },
      'azblob://a1b/%24root',
      'https://files.example.org',
    ],
    [
      "the emulator's connection string",
      { connectionString: 'UseDevelopmentStorage=true', container: 'c0c' },
      'azblob://devstoreaccount1/c0c',
      'http://127.0.0.1:10000/devstoreaccount1',
    ],
    [
      'a connection string with a signature',
      {
        connectionString: 'BlobEndpoint=https://a1b.blob.core.windows.net;SharedAccessSignature=sv=1&sp=rl&sig=x',
        container: 'c0c',
      },
      'azblob://a1b/c0c',
      'https://a1b.blob.core.windows.net',
    ],
    [
      "a container's client",
      { client: new ContainerClient('https://a1b.blob.core.windows.net/c0c?sig=x') },
      'azblob://a1b/c0c',
      'https://a1b.blob.core.windows.net',
    ],
    [
      "a service's client",
      { client: new BlobServiceClient('http://127.0.0.1:10000/devstoreaccount1'), container: 'c0c' },
      'azblob://devstoreaccount1/c0c',
      'http://127.0.0.1:10000/devstoreaccount1',
    ],
  ])('is known from %s', async (_, options, uri, endpoint) => {
    expect(azureSettings(options).endpoint).toBe(endpoint)
    const source = azureBlobSource(options)
    expect(source.uri).toBe(uri)
    await source[Symbol.asyncDispose]()
  })
})

describe('credentials', () => {
  it('of every kind list the same', async () => {
    const container = await containerWith(server, ['a', 'b'])
    const { account, key, url, connectionString } = server
    const { token } = server.addUser({ roles: ['Storage Blob Data Reader'] })
    const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
    const open: readonly Partial<AzureBlobSourceOptions>[] = [
      { credential: { accountName: account, accountKey: key } },
      { credential: new StorageSharedKeyCredential(account, key) },
      { credential: { sas: `?${server.sas({ container })}` } },
      { credential: undefined, url: `${url}?${server.sas()}` },
      { credential: undefined, url: undefined, connectionString },
      { credential: { getToken }, url: secureUrl(server) },
      { client: BlobServiceClient.fromConnectionString(connectionString) },
      { client: new ContainerClient(`${url}/${container}/?${server.sas({ container })}`) },
    ]
    for (const options of open) {
      const listed = await withContainer(server, container, options, listAll)
      expect(listed.map((entry) => entry.key)).toEqual(['a', 'b'])
    }
    const open0 = freshName()
    server.admin.createContainer({ name: open0, access: 'container' })
    expect(await withContainer(server, open0, { credential: 'anonymous' }, listAll)).toEqual([])
  })

  it('are told apart where they are refused', async () => {
    const container = await containerWith(server, ['a'])
    const { token } = server.addUser()
    const refused = async (options: Partial<AzureBlobSourceOptions>) =>
      failureOf(withContainer(server, container, options, (source) => source.describe()))
    const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
    expect(await refused({ credential: { getToken }, url: secureUrl(server) })).toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('Storage Blob Data Reader') as string,
    })
    expect(await refused({ credential: 'anonymous' })).toMatchObject({
      message: expect.stringContaining('credential') as string,
    })
    const wrong = await refused({ credential: { accountName: server.account, accountKey: KEY } })
    expect(wrong).toMatchObject({ code: 'access-denied' })
    expect(wrong.message).toContain('AuthenticationFailed')
    expect(inspect(wrong, { depth: 9 })).not.toContain(KEY)
  })

  it('that are signatures are looked at before a request', async () => {
    const container = await containerWith(server, ['a'])
    const secret = /sig=([^&]+)/
    const list = async (options: Parameters<typeof server.sas>[0]) => {
      const sas = server.sas({ container, ...options })
      server.requests.reset()
      const error = await failureOf(withContainer(server, container, { credential: { sas } }, listAll))
      expect(server.requests.total()).toBe(0)
      expect(error.message).not.toContain(secret.exec(sas)?.[1])
      return error
    }
    const hour = 3_600_000
    expect(await list({ expiresOn: new Date(Date.now() - hour) })).toMatchObject({
      code: 'access-denied',
      retryable: false,
      message: expect.stringContaining('expired at') as string,
    })
    const later = { startsOn: new Date(Date.now() + hour), expiresOn: new Date(Date.now() + 2 * hour) }
    expect((await list(later)).message).toContain('begins at')
    expect((await list({ permissions: 'r' })).message).toContain('lacks the permission l')
    expect((await list({ container: undefined, resourceTypes: 'so' })).message).toContain('lacks the resource type c')
    const lister = server.sas({ container, permissions: 'l' })
    const read = await failureOf(
      withContainer(server, container, { credential: { sas: lister } }, async (source) => {
        const [entry] = await listAll(source)
        return source.read(entry!.ref)
      }),
    )
    expect(read.message).toContain('lacks the permission r')
  })
})

describe('requests', () => {
  it('are made once, and told to who counts', async () => {
    const container = await containerWith(server, ['a'])
    server.setFault(({ operation }) =>
      operation === 'ListBlobs' ? { status: 503, code: 'ServerBusy', headers: { 'retry-after': '3' } } : undefined,
    )
    const told: string[] = []
    server.requests.reset()
    const onRequest = (operation: string): void => {
      told.push(operation)
    }
    const error = await failureOf(withContainer(server, container, {}, (source) => listAll(source, { onRequest })))
    expect(error).toMatchObject({ code: 'throttled', retryable: true, retryAfterMs: 3_000 })
    expect(told).toEqual(['ListBlobs'])
    expect(server.requests.counts()).toEqual({ ListBlobs: 1 })
  })

  it('find that nobody answers, and end', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/account`
    await new Promise((resolve) => closed.close(resolve))
    const open = { url, credential: 'anonymous' } as const
    const error = await failureOf(withContainer(server, 'backups', open, (source) => source.describe()))
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
  })

  it('leave a client that is given as it was', async () => {
    const container = await containerWith(server, ['a'])
    const client = BlobServiceClient.fromConnectionString(server.connectionString)
    for (let i = 0; i < 2; i++) {
      expect(await withContainer(server, container, { client }, listAll)).toHaveLength(1)
    }
    expect((await client.getContainerClient(container).getAccountInfo()).accountKind).toBe('StorageV2')
  })

  it('end with their signal, and leave no socket', async () => {
    const container = await containerWith(server, ['a'])
    server.setFault(() => ({ delayMs: 30_000 }))
    const reason = new Error('enough')
    const started = Date.now()
    await withContainer(server, container, {}, async (source) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(reason), 50)
      await expect(source.describe({ signal: controller.signal })).rejects.toBe(reason)
    })
    expect(Date.now() - started).toBeLessThan(250)
  })
})

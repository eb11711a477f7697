import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { failureOf, keyClient, startServer } from './clients.js'

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64')
const base64 = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('base64')

test('properties and bytes of every type of blob', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c', metadata: { made: 'by-a-test' } })
  const bytes = Buffer.alloc(1024, 'content')
  const container = keyClient(server).getContainerClient('c')
  for (const type of ['BlockBlob', 'AppendBlob', 'PageBlob'] as const) {
    const lastModified = new Date('2024-05-06T07:08:09Z')
    const options = {
      type,
      metadata: { a: '1' },
      contentType: 'text/x',
      contentEncoding: 'gzip',
      lastModified,
    } as const
    const { etag } = await server.admin.put('c', type, bytes, { ...options, tags: { t: 'v' } })
    const blob = container.getBlobClient(type)
    const properties = await blob.getProperties()
    expect(properties).toMatchObject({
      etag: `"${etag}"`,
      blobType: type,
      contentLength: 1024,
      contentType: 'text/x',
      contentEncoding: 'gzip',
      metadata: { a: '1' },
      lastModified,
      isServerEncrypted: true,
      tagCount: 1,
    })
    expect(base64(properties.contentMD5)).toBe(md5(bytes))
    expect((await blob.downloadToBuffer()).equals(bytes)).toBe(true)
    expect((await blob.getTags()).tags).toEqual({ t: 'v' })
  }
  expect(await container.getProperties()).toMatchObject({
    metadata: { made: 'by-a-test' },
    etag: expect.stringMatching(/^"0x/),
  })
  expect(await failureOf(container.getBlobClient('none').getProperties())).toEqual([404, 'BlobNotFound'])
  expect(await failureOf(keyClient(server).getContainerClient('none').getProperties())).toEqual([
    404,
    'ContainerNotFound',
  ])
})

test('Content-MD5 is what was claimed, and rot leaves it as it is', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  const bytes = Buffer.from('content')
  const blob = keyClient(server).getContainerClient('c').getBlobClient('x')
  const claims = async (contentMd5: 'right' | 'absent' | 'wrong' | { base64: string }): Promise<string | undefined> => {
    await server.admin.put('c', 'x', bytes, { contentMd5 })
    return base64((await blob.getProperties()).contentMD5)
  }
  expect(await claims('absent')).toBe(undefined)
  expect(await claims({ base64: md5(Buffer.from('y')) })).toBe(md5(Buffer.from('y')))
  expect(await claims('wrong')).not.toBe(md5(bytes))
  expect(await claims('right')).toBe(md5(bytes))
  const { etag } = await blob.getProperties()
  server.admin.corrupt('c', 'x', 3)
  const rotten = await blob.downloadToBuffer()
  expect(rotten[3]).toBe(bytes[3]! ^ 1)
  expect(await blob.getProperties()).toMatchObject({ etag, contentLength: 7 })
  expect(base64((await blob.getProperties()).contentMD5)).toBe(md5(bytes))
  server.admin.dropTail('c', 'x', 2)
  expect(
    await failureOf(
      blob
        .download(0, undefined, { maxRetryRequests: 0 })
        .then(({ readableStreamBody }) => drained(readableStreamBody!)),
    ),
  ).toBeDefined()
  expect(() => server.admin.corrupt('c', 'x', 7)).toThrow(/beyond the 7 bytes/)
})

const drained = async (stream: NodeJS.ReadableStream): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

test('ranges, with their MD5 or CRC64 up to 4 MiB', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  const bytes = randomBytes(5 * 1024 * 1024)
  await server.admin.put('c', 'big', bytes)
  // "Hello Azure!" has the CRC64 that Microsoft publishes as an example.
  await server.admin.put('c', 'hello', Buffer.from('Hello Azure!'))
  await server.admin.put('c', 'empty', Buffer.alloc(0))
  const container = keyClient(server).getContainerClient('c')
  const big = container.getBlobClient('big')
  const part = await big.download(10, 100, { rangeGetContentMD5: true })
  expect(part).toMatchObject({ contentLength: 100, contentRange: `bytes 10-109/${bytes.length}` })
  expect(base64(part.contentMD5)).toBe(md5(bytes.subarray(10, 110)))
  expect(base64(part.blobContentMD5)).toBe(md5(bytes))
  expect((await drained(part.readableStreamBody!)).equals(bytes.subarray(10, 110))).toBe(true)
  const hello = await container.getBlobClient('hello').download(0, 12, { rangeGetContentCrc64: true })
  expect(base64(hello.contentCrc64)).toBe('DtjZpL9/o8c=')
  expect(await failureOf(big.download(0, 4 * 1024 * 1024 + 1, { rangeGetContentMD5: true }))).toEqual([
    400,
    'OutOfRangeInput',
  ])
  expect(await failureOf(big.download(bytes.length, 10))).toEqual([416, 'InvalidRange'])
  expect(await failureOf(container.getBlobClient('empty').download(0, 1))).toEqual([416, 'InvalidRange'])
  expect(await container.getBlobClient('empty').download()).toMatchObject({ contentLength: 0 })
})

test('conditions', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  const { etag } = await server.admin.put('c', 'x', Buffer.from('x'))
  const blob = keyClient(server).getContainerClient('c').getBlobClient('x')
  expect((await blob.download(0, undefined, { conditions: { ifMatch: `"${etag}"` } })).contentLength).toBe(1)
  await server.admin.put('c', 'x', Buffer.from('y'))
  const pinned = { conditions: { ifMatch: `"${etag}"` } }
  expect(await failureOf(blob.download(0, undefined, pinned))).toEqual([412, 'ConditionNotMet'])
  expect(await failureOf(blob.getProperties(pinned))).toEqual([412, 'ConditionNotMet'])
  const { etag: now = '' } = await blob.getProperties()
  expect((await failureOf(blob.download(0, undefined, { conditions: { ifNoneMatch: now } })))[0]).toBe(304)
})

test('archived blobs tell their properties, but not their bytes', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  await server.admin.put('c', 'cold', Buffer.from('x'), { tier: 'Archive' })
  await server.admin.put('c', 'thawing', Buffer.from('x'), {
    tier: 'Archive',
    archiveStatus: 'rehydrate-pending-to-hot',
  })
  const container = keyClient(server).getContainerClient('c')
  expect(await container.getBlobClient('cold').getProperties()).toMatchObject({
    accessTier: 'Archive',
    contentLength: 1,
  })
  expect(await failureOf(container.getBlobClient('cold').download())).toEqual([409, 'BlobArchived'])
  expect(await container.getBlobClient('thawing').getProperties()).toMatchObject({
    archiveStatus: 'rehydrate-pending-to-hot',
  })
  expect(await failureOf(container.getBlobClient('thawing').download())).toEqual([409, 'BlobBeingRehydrated'])
})

test('versions and snapshots are readable, what was deleted is not', async () => {
  const server = await startServer({ versioning: true, softDeleteDays: 7 })
  server.admin.createContainer({ name: 'c' })
  const first = await server.admin.put('c', 'x', Buffer.from('first'))
  const snapshot = server.admin.takeSnapshot('c', 'x')
  const second = await server.admin.put('c', 'x', Buffer.from('second'))
  const blob = keyClient(server).getContainerClient('c').getBlobClient('x')
  const version = blob.withVersion(first.versionId!)
  expect(String(await blob.downloadToBuffer())).toBe('second')
  expect(await blob.getProperties()).toMatchObject({ versionId: second.versionId, isCurrentVersion: true })
  expect(String(await version.downloadToBuffer())).toBe('first')
  expect((await version.getProperties()).isCurrentVersion).toBe(undefined)
  expect(String(await blob.withSnapshot(snapshot).downloadToBuffer())).toBe('first')
  server.admin.corrupt('c', 'x', 0, { versionId: first.versionId })
  expect(String(await version.downloadToBuffer())).toBe('girst')
  expect(String(await blob.withSnapshot(snapshot).downloadToBuffer())).toBe('first')
  server.admin.remove('c', 'x')
  expect(await failureOf(blob.download())).toEqual([404, 'BlobNotFound'])
  expect(String(await blob.withVersion(second.versionId!).downloadToBuffer())).toBe('second')
  server.admin.remove('c', 'x', { versionId: second.versionId })
  expect(await failureOf(blob.withVersion(second.versionId!).download())).toEqual([404, 'BlobNotFound'])
  expect(server.admin.snapshot('c').map((one) => [one.snapshot !== undefined, one.deleted])).toEqual([
    [true, false],
    [false, false],
    [false, true],
  ])
})

test('keys of the client are needed, and only that one works', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  const customerKey = randomBytes(32)
  await server.admin.put('c', 'secret', Buffer.from('x'), { customerKey })
  await server.admin.put('c', 'plain', Buffer.from('x'))
  // The SDK sends keys over TLS only.
  const ask = async (blob: string, key: Uint8Array | undefined, told = key): Promise<unknown> => {
    const headers = {
      'x-ms-version': '2024-11-04',
      ...(key && {
        'x-ms-encryption-key': base64(key)!,
        'x-ms-encryption-key-sha256': createHash('sha256').update(told!).digest('base64'),
        'x-ms-encryption-algorithm': 'AES256',
      }),
    }
    const response = await fetch(`${server.url}/c/${blob}?${server.sas({ container: 'c' })}`, { headers })
    await response.arrayBuffer()
    return (
      response.headers.get('x-ms-error-code') ?? [response.status, response.headers.get('x-ms-encryption-key-sha256')]
    )
  }
  const sha256 = createHash('sha256').update(customerKey).digest('base64')
  expect(await ask('secret', customerKey)).toEqual([200, sha256])
  expect(await ask('secret', undefined)).toBe('BlobUsesCustomerSpecifiedEncryption')
  expect(await ask('secret', randomBytes(32))).toBe('BlobCustomerSpecifiedEncryptionMismatch')
  expect(await ask('secret', customerKey, randomBytes(32))).toBe('InvalidHeaderValue')
  expect(await ask('plain', customerKey)).toBe('BlobDoesNotUseCustomerSpecifiedEncryption')
})

test('account and service tell what they are', async () => {
  const server = await startServer({ hierarchical: true, softDeleteDays: 14 })
  server.admin.createContainer({ name: 'b' })
  server.admin.createContainer({ name: 'a' })
  const client = keyClient(server)
  expect(await client.getAccountInfo()).toMatchObject({
    isHierarchicalNamespaceEnabled: true,
    accountKind: 'StorageV2',
  })
  expect((await client.getProperties()).deleteRetentionPolicy).toEqual({ enabled: true, days: 14 })
  const names: string[] = []
  for await (const { name } of client.listContainers()) names.push(name)
  expect(names).toEqual(['a', 'b'])
  expect(server.requests.counts()).toEqual({ GetAccountInfo: 1, GetBlobServiceProperties: 1, ListContainers: 1 })
})

test('what the server does not do is refused', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  const container = keyClient(server).getContainerClient('c')
  expect((await failureOf(container.getBlockBlobClient('x').upload('x', 1)))[0]).toBe(405)
  expect(() => server.admin.createContainer({ name: 'c' })).toThrow(/already/)
  await expect(server.admin.put('none', 'x', Buffer.alloc(0))).rejects.toMatchObject({ code: 'not-found' })
  await expect(server.admin.put('c', 'x'.repeat(1025), Buffer.alloc(0))).rejects.toMatchObject({
    code: 'invalid-config',
  })
  await expect(server.admin.put('c', 'x', Buffer.alloc(1), { type: 'PageBlob' })).rejects.toThrow(/multiple of 512/)
})

import type { BlobItem, ContainerClient, ContainerListBlobsOptions } from '@azure/storage-blob'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listingOrder } from '../../src/azure/store.js'
import { failureOf, keyClient, startServer } from './clients.js'

const rows = async (container: ContainerClient, options?: ContainerListBlobsOptions): Promise<BlobItem[]> => {
  const all: BlobItem[] = []
  for await (const row of container.listBlobsFlat(options)) all.push(row)
  return all
}

const names = async (container: ContainerClient, options?: ContainerListBlobsOptions): Promise<string[]> =>
  (await rows(container, options)).map((row) => row.name)

const NAMES = [
  'A/dat1',
  'A-B',
  'a',
  'a b',
  'a&<>"\'',
  'a+b',
  'a%41',
  'a/b/c',
  'a\u0001b',
  '\r',
  'é',
  '\uff5e',
  '\ufffe',
  '😀',
]

test('a flat namespace lists in UTF-16 order, whatever the names hold', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  for (const name of NAMES) await server.admin.put('c', name, Buffer.from(name))
  const container = keyClient(server).getContainerClient('c')
  expect(await names(container)).toEqual([...NAMES].sort())
  for (const name of NAMES) expect(String(await container.getBlobClient(name).downloadToBuffer()), name).toBe(name)
  const raw = await (await fetch(`${server.url}/c?restype=container&comp=list&${server.sas()}`)).text()
  expect(raw).toContain('<Name Encoded="true">a%01b</Name>')
  expect(raw).toContain("<Name>a&amp;&lt;&gt;&quot;'</Name>")
})

test('a hierarchical namespace lists by path, with its directories', async () => {
  const server = await startServer({ hierarchical: true })
  server.admin.createContainer({ name: 'c' })
  for (const name of ['A/dat1', 'A-B', 'A/b/deep', 'z']) await server.admin.put('c', name, Buffer.from('x'))
  await server.admin.put('c', 'empty', Buffer.alloc(0), { directory: true })
  const container = keyClient(server).getContainerClient('c')
  const all = await rows(container, { includeMetadata: true })
  expect(all.map((row) => [row.name, row.metadata?.['hdi_isfolder'] === 'true'])).toEqual([
    ['A', true],
    ['A/b', true],
    ['A/b/deep', false],
    ['A/dat1', false],
    ['A-B', false],
    ['empty', true],
    ['z', false],
  ])
  const raw = await (await fetch(`${server.url}/c?restype=container&comp=list&${server.sas()}`)).text()
  expect(raw.match(/<ResourceType>directory</g)).toHaveLength(3)
  const top: string[] = []
  for await (const row of container.listBlobsByHierarchy('/')) top.push(`${row.kind} ${row.name}`)
  expect(top).toEqual(['prefix A/', 'prefix empty/', 'blob A-B', 'blob z'])
  const below: string[] = []
  for await (const row of container.listBlobsByHierarchy('/', { prefix: 'A/' })) below.push(`${row.kind} ${row.name}`)
  expect(below).toEqual(['prefix A/b/', 'blob A/dat1'])
  expect(await names(container, { prefix: 'A/' })).toEqual(['A/b', 'A/b/deep', 'A/dat1'])
})

test('pages, prefixes, delimiters and a start', async () => {
  const server = await startServer({ versioning: true })
  server.admin.createContainer({ name: 'c' })
  for (const name of ['a', 'b/1', 'b/2', 'c', 'd/1']) {
    await server.admin.put('c', name, Buffer.from('old'))
    await server.admin.put('c', name, Buffer.from('new'))
  }
  const container = keyClient(server).getContainerClient('c')
  for (const maxPageSize of [1, 2, 3, 10]) {
    const pages: string[][] = []
    for await (const page of container.listBlobsFlat().byPage({ maxPageSize }))
      pages.push(page.segment.blobItems.map((row) => row.name))
    expect(pages.flat()).toEqual(['a', 'b/1', 'b/2', 'c', 'd/1'])
    expect(pages).toHaveLength(Math.ceil(5 / maxPageSize))
    const versions: string[] = []
    for await (const page of container.listBlobsFlat({ includeVersions: true }).byPage({ maxPageSize }))
      versions.push(...page.segment.blobItems.map((row) => `${row.name} ${row.isCurrentVersion === true}`))
    expect(versions).toEqual(['a', 'b/1', 'b/2', 'c', 'd/1'].flatMap((name) => [`${name} false`, `${name} true`]))
    const tops: string[] = []
    for await (const page of container.listBlobsByHierarchy('/').byPage({ maxPageSize }))
      tops.push(...[...(page.segment.blobPrefixes ?? []), ...page.segment.blobItems].map((row) => row.name).sort())
    expect(tops).toEqual(['a', 'b/', 'c', 'd/'])
  }
  expect(await names(container, { prefix: 'b/' })).toEqual(['b/1', 'b/2'])
  expect(await names(container, { startFrom: 'b/2' } as ContainerListBlobsOptions)).toEqual(['b/2', 'c', 'd/1'])
  const list = async (query: string): Promise<unknown> => {
    const response = await fetch(`${server.url}/c?restype=container&comp=list&${query}&${server.sas()}`)
    await response.arrayBuffer()
    return response.headers.get('x-ms-error-code') ?? response.status
  }
  expect(await list('maxresults=0')).toBe('OutOfRangeQueryParameterValue')
  expect(await list('maxresults=x')).toBe('InvalidQueryParameterValue')
  expect(await list('marker=wrong')).toBe('InvalidQueryParameterValue')
  expect(await list('include=nonsense')).toBe('InvalidQueryParameterValue')
  expect(await list('include=snapshots&delimiter=/')).toBe('InvalidQueryParameterValue')
  expect(await list('maxresults=9999')).toBe(200)
})

test('pages are as small as the server was told, whatever was asked for', async () => {
  const server = await startServer({ pageRows: 2 })
  server.admin.createContainer({ name: 'c' })
  for (const name of ['a', 'b', 'c', 'd', 'e']) await server.admin.put('c', name, Buffer.from(name))
  const sizes: number[] = []
  for await (const page of keyClient(server).getContainerClient('c').listBlobsFlat().byPage({ maxPageSize: 5 }))
    sizes.push(page.segment.blobItems.length)
  expect(sizes).toEqual([2, 2, 1])
})

test('snapshots, deleted blobs and uncommitted ones come on request', async () => {
  const server = await startServer({ softDeleteDays: 3 })
  server.admin.createContainer({ name: 'c' })
  await server.admin.put('c', 'a', Buffer.from('1'))
  const snapshot = server.admin.takeSnapshot('c', 'a')
  await server.admin.put('c', 'gone', Buffer.from('2'))
  server.admin.remove('c', 'gone')
  await server.admin.put('c', 'half', Buffer.alloc(0), { uncommitted: true })
  const container = keyClient(server).getContainerClient('c')
  expect(await names(container)).toEqual(['a'])
  expect((await rows(container, { includeSnapshots: true })).map((row) => [row.name, row.snapshot])).toEqual([
    ['a', snapshot],
    ['a', undefined],
  ])
  const [, deleted] = await rows(container, { includeDeleted: true })
  expect(deleted).toMatchObject({ name: 'gone', deleted: true })
  expect(deleted?.properties).toMatchObject({ remainingRetentionDays: 3, deletedOn: expect.any(Date) })
  const uncommitted = await rows(container, { includeUncommitedBlobs: true })
  expect(uncommitted.map((row) => [row.name, row.properties.contentLength])).toEqual([
    ['a', 1],
    ['half', 0],
  ])
  server.clockOffsetMs = 4 * 86_400_000
  const after = await fetch(
    `${server.url}/c?restype=container&comp=list&include=deleted&${server.sas({ expiresOn: new Date(Date.now() + 9 * 86_400_000) })}`,
  )
  expect(await after.text()).not.toContain('gone')
})

test('a deleted blob with versions comes on request', async () => {
  const server = await startServer({ versioning: true })
  server.admin.createContainer({ name: 'c' })
  await server.admin.put('c', 'kept', Buffer.from('1'))
  const { versionId } = await server.admin.put('c', 'gone', Buffer.from('2'))
  server.admin.remove('c', 'gone')
  const container = keyClient(server).getContainerClient('c')
  expect(await names(container)).toEqual(['kept'])
  const marked = await rows(container, { includeDeletedWithVersions: true })
  expect(marked.map((row) => [row.name, row.hasVersionsOnly, row.versionId === undefined])).toEqual([
    ['gone', true, true],
    ['kept', undefined, false],
  ])
  const versions = await rows(container, { includeVersions: true, prefix: 'gone' })
  expect(versions.map((row) => [row.versionId, row.isCurrentVersion])).toEqual([[versionId, undefined]])
})

test('rows carry what the service tells of a blob', async () => {
  const server = await startServer({ versioning: true })
  server.admin.createContainer({ name: 'c' })
  const { etag, versionId } = await server.admin.put('c', 'a', Buffer.from('Hello Azure!'), {
    contentCrc64: 'right',
    metadata: { m: 'x&y' },
    tags: { t: 'v' },
    tier: 'Cool',
    contentEncoding: 'gzip',
  })
  await server.admin.put('c', 'b', Buffer.from('x'), {
    contentMd5: 'absent',
    contentCrc64: 'empty',
    tier: 'Archive',
    archiveStatus: 'rehydrate-pending-to-cool',
    customerKey: Buffer.alloc(32, 1),
    encryptionScope: 'scope',
    metadata: { hidden: '1' },
  })
  const container = keyClient(server).getContainerClient('c')
  const [a, b] = await rows(container, { includeMetadata: true, includeTags: true, includeVersions: true })
  expect(a).toMatchObject({ name: 'a', versionId, isCurrentVersion: true, metadata: { m: 'x&y' }, tags: { t: 'v' } })
  expect(a?.properties).toMatchObject({
    etag,
    contentLength: 12,
    blobType: 'BlockBlob',
    accessTier: 'Cool',
    contentEncoding: 'gzip',
    serverEncrypted: true,
  })
  expect(b?.properties).toMatchObject({
    accessTier: 'Archive',
    archiveStatus: 'rehydrate-pending-to-cool',
    customerProvidedKeySha256: expect.stringMatching(/=$/),
    encryptionScope: 'scope',
  })
  expect(b?.metadata?.['hidden']).toBe(undefined)
  const raw = await (await fetch(`${server.url}/c?restype=container&comp=list&${server.sas()}`)).text()
  expect(raw).toContain('<Content-CRC64>DtjZpL9/o8c=</Content-CRC64>')
  expect(raw).toContain('<Content-CRC64 />')
  expect(raw).toContain('<Content-MD5 />')
})

test('10,000 blobs come in two pages', async () => {
  const server = await startServer()
  server.admin.createContainer({ name: 'c' })
  const bytes = Buffer.alloc(1)
  const put = (_: unknown, i: number) => server.admin.put('c', String(i), bytes, { contentMd5: 'absent' })
  await Promise.all(Array.from({ length: 10_000 }, put))
  const container = keyClient(server).getContainerClient('c')
  expect(await names(container)).toHaveLength(10_000)
  expect(server.requests.counts()).toEqual({ ListBlobs: 2 })
  expect(await failureOf(keyClient(server).getContainerClient('none').listBlobsFlat().next())).toEqual([
    404,
    'ContainerNotFound',
  ])
})

test('any name comes back as it is', async () => {
  const server = await startServer()
  let runs = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), { maxLength: 20 }),
      async (given) => {
        const name = `c${runs++}`
        server.admin.createContainer({ name })
        for (const blob of given) await server.admin.put(name, blob, Buffer.alloc(0))
        const found = await names(keyClient(server).getContainerClient(name))
        expect(found).toEqual([...given].sort())
      },
    ),
    { numRuns: 40 },
  )
})

test('the order of a hierarchical namespace is that of path components', () => {
  const byComponent = (a: string, b: string): number => {
    const [left, right] = [a.split('/'), b.split('/')]
    const at = left.findIndex((one, index) => one !== right[index])
    if (at < 0) return left.length - right.length
    if (right[at] === undefined) return 1
    return left[at]! < right[at]! ? -1 : 1
  }
  const path = fc.string({ unit: fc.constantFrom('/', 'A', 'B', '-', '.', '!', 'é'), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(path, path, (a, b) => {
      expect(Math.sign(listingOrder(true)(a, b))).toBe(Math.sign(byComponent(a, b)))
    }),
  )
})

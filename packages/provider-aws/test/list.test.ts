import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compareKeys } from '@backproof/core/source'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, listAll, withBucket } from './support/bucket.js'

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server.close())

const bucketWith = async (keys: readonly string[], bytes = Buffer.from('x')): Promise<string> => {
  const name = freshName()
  server.admin.createBucket({ name })
  for (const key of keys) await server.admin.put(name, key, key.endsWith('/') ? Buffer.alloc(0) : bytes)
  return name
}

const keysOf = async (...[bucket, prefix, options]: [string, string, Parameters<typeof listAll>[1]?]) =>
  withBucket(server, bucket, { prefix }, async (source) => (await listAll(source, options)).map(({ key }) => key))

it('tells the class of each object, which decides what reading it costs', async () => {
  const bucket = await bucketWith(['a'])
  await server.admin.put(bucket, 'b', Buffer.from('b'), { storageClass: 'STANDARD_IA' })
  const entries = await withBucket(server, bucket, {}, listAll)
  expect(entries.map(({ key, storageClass }) => [key, storageClass])).toEqual([
    ['a', 'STANDARD'],
    ['b', 'STANDARD_IA'],
  ])
})

describe('the object that is named like the prefix', () => {
  it('is a folder marker under the key /, in its place, and left out', async () => {
    const bucket = await bucketWith(['shop/', 'shop/!first', 'shop/-x', 'shop/a', 'shop/b/'])
    const entries = await withBucket(server, bucket, { prefix: 'shop/' }, listAll)
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['!first', undefined],
      ['-x', undefined],
      ['/', 'folder-marker'],
      ['a', undefined],
      ['b/', undefined],
    ])
    expect(entries.at(-1)?.kind).toBe('object')
  })

  it('is told also when a listing is resumed before its place, and never twice', async () => {
    const bucket = await bucketWith(['shop/', 'shop/!first', 'shop/-x', 'shop/a'])
    expect(await keysOf(bucket, 'shop/', { after: '!first' })).toEqual(['-x', '/', 'a'])
    expect(await keysOf(bucket, 'shop/', { after: '-x' })).toEqual(['/', 'a'])
    expect(await keysOf(bucket, 'shop/', { after: '/' })).toEqual(['a'])
    expect(await keysOf(bucket, 'shop/', { range: { from: '/', to: '0' } })).toEqual(['/'])
    expect(await keysOf(bucket, 'shop/', { range: { to: '-' } })).toEqual(['!first'])
  })

  it('is an object with the key / when it has bytes', async () => {
    const name = await bucketWith(['shop/a'])
    await server.admin.put(name, 'shop/', Buffer.from('data'))
    await withBucket(server, name, { prefix: 'shop/' }, async (source) => {
      const [root, a] = await listAll(source)
      expect(root).toMatchObject({ key: '/', kind: 'object', size: 4 })
      expect(a?.key).toBe('a')
      const { body } = await source.read(root!.ref)
      for await (const chunk of body) expect(Buffer.from(chunk).toString()).toBe('data')
    })
  })

  it('ends the listing where another object has the same name', async () => {
    const bucket = await bucketWith(['shop/', 'shop//', 'shop/a'])
    const error = await failureOf(keysOf(bucket, 'shop/'))
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('shorter prefix') as string })
  })
})

describe('listing', () => {
  it('takes the prefix as it is, and keys as they are', async () => {
    const bucket = await bucketWith(['shop/a', 'shop//b', 'shopping', 'shop/c//d', 'other'])
    expect(await keysOf(bucket, 'shop')).toEqual(['//b', '/a', '/c//d', 'ping'])
    expect(await keysOf(bucket, 'shop/')).toEqual(['/b', 'a', 'c//d'])
  })

  it('gives versions and delete markers, of one key the newest first', async () => {
    const name = freshName()
    server.admin.createBucket({ name, versioning: 'Enabled' })
    const one = await server.admin.put(name, 'a', Buffer.from('1'), { lastModified: new Date(1_000) })
    const two = await server.admin.put(name, 'a', Buffer.from('22'), { lastModified: new Date(2_000) })
    server.admin.remove(name, 'a')
    await server.admin.put(name, 'b', Buffer.from('3'))
    await withBucket(server, name, {}, async (source) => {
      const rows = await listAll(source, { versions: true })
      expect(rows.map(({ key, kind }) => [key, kind])).toEqual([
        ['a', 'delete-marker'],
        ['a', 'object'],
        ['a', 'object'],
        ['b', 'object'],
      ])
      expect(rows.slice(1, 3).map(({ version }) => version)).toEqual([two.versionId, one.versionId])
      const { body, info } = await source.read(rows[2]!.ref)
      for await (const chunk of body) expect(Buffer.from(chunk).toString()).toBe('1')
      expect(info.version).toBe(one.versionId)
      expect((await listAll(source)).map(({ key }) => key)).toEqual(['b'])
    })
  })

  it('gives the versions of one key over several pages, and after a key those that follow', async () => {
    const name = freshName()
    server.admin.createBucket({ name, versioning: 'Enabled' })
    for (let i = 0; i < 2_300; i++) await server.admin.put(name, 'b', Buffer.from(`${i}`))
    await server.admin.put(name, 'a', Buffer.from('a'))
    await server.admin.put(name, 'c', Buffer.from('c'))
    await withBucket(server, name, {}, async (source) => {
      const rows = await listAll(source, { versions: true })
      expect(rows).toHaveLength(2_302)
      expect(new Set(rows.map(({ key, version }) => `${key} ${version}`)).size).toBe(2_302)
      expect(await listAll(source, { versions: true, after: 'b' })).toHaveLength(1)
    })
  })

  it('gives the same with several requests in flight', async () => {
    const keys = Array.from({ length: 12_500 }, (_, i) => `part-${i % 17}/object-${i.toString(36)}`)
    const bucket = await bucketWith(keys)
    const sorted = [...keys].sort(compareKeys)
    for (const listConcurrency of [1, 4, 16]) {
      server.requests.reset()
      const found = await withBucket(server, bucket, { listConcurrency }, listAll)
      expect(found.map(({ key }) => key)).toEqual(sorted)
      expect(server.requests.count('ListObjectsV2')).toBeLessThanOrEqual(
        listConcurrency === 1 ? 13 : 17 + listConcurrency,
      )
    }
  })

  it('takes directory buckets, which have no order', async () => {
    const name = 'fast--use1-az4--x-s3'
    server.admin.createBucket({ name, kind: 'directory' })
    for (let i = 0; i < 1_500; i++) await server.admin.put(name, `dir/o-${i}`, Buffer.from('x'))
    await withBucket(server, name, { prefix: 'dir/' }, async (source) => {
      const { keyOrder, versions, listingDigests } = await source.describe()
      expect({ keyOrder, versions, listingDigests }).toEqual({ keyOrder: 'none', versions: false, listingDigests: [] })
      const entries = await listAll(source)
      expect(new Set(entries.map(({ key }) => key)).size).toBe(1_500)
      expect(entries.every(({ digests }) => digests === undefined)).toBe(true)
      expect(await failureOf(listAll(source, { versions: true }))).toMatchObject({ code: 'unsupported' })
    })
  })

  it('marks what is archived, and what was restored not', async () => {
    const name = freshName()
    server.admin.createBucket({ name })
    const bytes = Buffer.from('cold')
    await server.admin.put(name, 'deep', bytes, { storageClass: 'DEEP_ARCHIVE' })
    await server.admin.put(name, 'glacier', bytes, { storageClass: 'GLACIER' })
    await server.admin.put(name, 'instant', bytes, { storageClass: 'GLACIER_IR' })
    await server.admin.put(name, 'restored', bytes, {
      storageClass: 'GLACIER',
      restore: { ongoing: false, expiresAt: new Date(Date.now() + 86_400_000) },
    })
    const entries = await withBucket(server, name, {}, listAll)
    expect(entries.filter(({ archived }) => archived === true).map(({ key }) => key)).toEqual(['deep', 'glacier'])
  })
})

describe('a listing that cannot be trusted', () => {
  const faulty = async (fault: Parameters<S3Server['setFault']>[0], bucket: string, options = {}) => {
    server.setFault(fault)
    try {
      return await failureOf(withBucket(server, bucket, options, listAll))
    } finally {
      server.setFault(undefined)
    }
  }
  const onPage = (page: number, fault: object) => (request: { operation: string; count: number }) =>
    request.operation === 'ListObjectsV2' && request.count === page ? (fault as never) : undefined

  it('goes round', async () => {
    const bucket = await bucketWith(Array.from({ length: 2_500 }, (_, i) => `o-${i}`))
    server.requests.reset()
    const error = await faulty(onPage(2, { repeatToken: true }), bucket, { listConcurrency: 1 })
    expect(error).toMatchObject({ code: 'contract', retryable: false })
  })

  it('is malformed, which may pass', async () => {
    const bucket = await bucketWith(['a', 'b'])
    server.requests.reset()
    const error = await faulty(onPage(1, { malformed: true }), bucket)
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    expect(error.message).toContain('no answer of S3')
  })

  it('is a page of something else', async () => {
    const page = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please log in</body></html>')
    })
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(page.address() as AddressInfo).port}`
    for (const options of [{}, { versions: true }]) {
      const error = await failureOf(withBucket(server, 'login', { endpoint }, (source) => listAll(source, options)))
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('text/html') as string })
    }
    page.closeAllConnections()
    page.close()
  })

  it('has keys that cannot be decoded, or that lie outside the prefix', async () => {
    let key = 'shop/100%zz'
    const listing = createServer((_, response) => {
      const content = `<Contents><Key>${key}</Key><Size>1</Size></Contents><IsTruncated>false</IsTruncated>`
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(`<ListBucketResult><EncodingType>url</EncodingType>${content}</ListBucketResult>`)
    })
    await new Promise<void>((resolve) => listing.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(listing.address() as AddressInfo).port}`
    const list = () => withBucket(server, 'odd', { endpoint, prefix: 'shop/' }, listAll)
    expect(await failureOf(list())).toMatchObject({
      code: 'contract',
      message: expect.stringContaining('decoded') as string,
    })
    key = 'other/a'
    expect(await failureOf(list())).toMatchObject({
      code: 'contract',
      message: expect.stringContaining('other/a') as string,
    })
    key = 'shop/%ff'
    expect((await list()).map((entry) => [entry.key, [...(entry.keyBytes ?? [])]])).toEqual([['\udcff', [255]]])
    listing.closeAllConnections()
    listing.close()
  })
})

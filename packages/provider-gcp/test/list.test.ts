import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compareKeys } from '@backproof/core/source'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentialsOf, failureOf, freshName, listAll, readAll, withBucket } from './support/bucket.js'

let server: GcsServer
beforeAll(async () => {
  server = await startGcsServer()
})
afterAll(() => server.close())

const bucketWith = async (keys: readonly string[], settings: object = {}): Promise<string> => {
  const name = freshName()
  server.admin.createBucket({ name, ...settings })
  for (const key of keys) await server.admin.put(name, key, Buffer.from(key.endsWith('/') ? '' : 'x'))
  return name
}

const keysOf = async (...[bucket, prefix, options]: [string, string, Parameters<typeof listAll>[1]?]) =>
  withBucket(server, bucket, { prefix }, async (source) => (await listAll(source, options)).map(({ key }) => key))

/** A service that answers every request with this. */
const answering = async <T>(
  [type, body]: readonly [string, string],
  use: (endpoint: string) => Promise<T>,
): Promise<T> => {
  const other = createServer((_, response) => response.writeHead(200, { 'content-type': type }).end(body))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}

it('tells the class of each object, which decides what reading it costs', async () => {
  const bucket = await bucketWith(['a'])
  await server.admin.put(bucket, 'b', Buffer.from('b'), { storageClass: 'NEARLINE' })
  const entries = await withBucket(server, bucket, {}, listAll)
  expect(entries.map(({ key, storageClass }) => [key, storageClass])).toEqual([
    ['a', 'STANDARD'],
    ['b', 'NEARLINE'],
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
    expect(await keysOf(bucket, 'shop/', { after: '/' })).toEqual(['a'])
    expect(await keysOf(bucket, 'shop/', { range: { from: '/', to: '0' } })).toEqual(['/'])
    expect(await keysOf(bucket, 'shop/', { range: { to: '-' } })).toEqual(['!first'])
  })

  it('is an object with the key / when it has bytes', async () => {
    const name = await bucketWith(['shop/a'])
    await server.admin.put(name, 'shop/', Buffer.from('data'))
    await withBucket(server, name, { prefix: 'shop/' }, async (source) => {
      const [root] = await listAll(source)
      expect(root).toMatchObject({ key: '/', kind: 'object', size: 4 })
      expect((await readAll(source, root!)).toString()).toBe('data')
    })
  })
})

describe('listing', () => {
  it('asks for nothing but what it needs', async () => {
    const bucket = await bucketWith(['a'])
    let asked: string | undefined
    server.setFault(({ operation, query }) => {
      if (operation === 'objects.list') asked = query.get('fields')
      return undefined
    })
    const [entry] = await withBucket(server, bucket, {}, listAll)
    server.setFault(undefined)
    expect(asked).toContain('items(name,size,generation,')
    expect(asked).not.toContain('acl')
    expect(entry?.digests?.map(({ algorithm, provenance }) => [algorithm, provenance])).toEqual([
      ['crc32c', 'service'],
      ['md5', 'service'],
    ])
    expect(entry?.version).toMatch(/^\d+$/)
  })

  it('takes the prefix as it is, and keys as they are', async () => {
    const bucket = await bucketWith(['shop/a', 'shop//b', 'shopping', 'shop/c//d', 'other'])
    expect(await keysOf(bucket, 'shop')).toEqual(['//b', '/a', '/c//d', 'ping'])
    expect(await keysOf(bucket, 'shop/')).toEqual(['/b', 'a', 'c//d'])
  })

  it('comes in the order of UTF-8, also where UTF-16 has another', async () => {
    const keys = ['\u{10000}', '\u{1f600}', '\uffee', '\ue000', 'z', 'é', 'a b+c%20?#&=']
    const bucket = await bucketWith(keys)
    expect(await keysOf(bucket, '')).toEqual([...keys].sort(compareKeys))
    expect(await keysOf(bucket, '', { after: '\ue000' })).toEqual(['\uffee', '\u{10000}', '\u{1f600}'])
  })

  it('gives composed objects without an MD5', async () => {
    const bucket = await bucketWith([])
    await server.admin.put(bucket, 'composed', Buffer.from('two parts'), { componentCount: 2 })
    const [entry] = await withBucket(server, bucket, {}, listAll)
    expect(entry?.digests?.map(({ algorithm }) => algorithm)).toEqual(['crc32c'])
  })

  it('gives the same with several requests in flight', { timeout: 60_000 }, async () => {
    const keys = Array.from({ length: 6_500 }, (_, i) => `part-${i % 17}/object-${i.toString(36)}`)
    const bucket = await bucketWith(keys)
    const sorted = [...keys].sort(compareKeys)
    for (const listConcurrency of [1, 4, 16]) {
      server.requests.reset()
      const found = await withBucket(server, bucket, { listConcurrency }, listAll)
      expect(found.map(({ key }) => key)).toEqual(sorted)
      expect(server.requests.count('objects.list')).toBeLessThanOrEqual(listConcurrency === 1 ? 7 : 9 + listConcurrency)
    }
    const range = { from: 'part-12', to: 'part-15' }
    const wanted = sorted.filter((key) => compareKeys(key, range.from) >= 0 && compareKeys(key, range.to) < 0)
    expect(await keysOf(bucket, '', { range })).toEqual(wanted)
    expect(await keysOf(bucket, '', { range, after: wanted[7]! })).toEqual(wanted.slice(8))
  })

  it('gives the same where a service takes no bounds', async () => {
    const keys = Array.from({ length: 5_200 }, (_, i) => `part-${i % 17}/object-${i.toString(36)}`).sort(compareKeys)
    const unbounded = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams
      const start = query.get('startOffset') ?? ''
      const from = Number(query.get('pageToken') ?? keys.findIndex((key) => compareKeys(key, start) >= 0))
      const items = keys.slice(from, from + 1_000).map((name) => ({ name, size: '1', generation: '1' }))
      const more = from + 1_000 < keys.length && { nextPageToken: String(from + 1_000) }
      response.end(JSON.stringify({ kind: 'storage#objects', items, ...more }))
    })
    await new Promise<void>((resolve) => unbounded.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(unbounded.address() as AddressInfo).port}`
    const options = { endpoint, anonymous: true, listConcurrency: 4 }
    const range = { from: 'part-12', to: 'part-15' }
    const [all, some] = await withBucket(server, 'unbounded', options, async (source) => [
      await listAll(source),
      await listAll(source, { range }),
    ])
    expect(all.map(({ key }) => key)).toEqual(keys)
    expect(some.map(({ key }) => key)).toEqual(
      keys.filter((key) => compareKeys(key, range.from) >= 0 && compareKeys(key, range.to) < 0),
    )
    unbounded.closeAllConnections()
    unbounded.close()
  })

  it('takes a hierarchical namespace, whose order is not known', async () => {
    const hierarchicalNamespace = { enabled: true }
    const name = await bucketWith(['dir/b', 'dir/a', 'dir/c/d', 'other'], { settings: { hierarchicalNamespace } })
    await withBucket(server, name, { prefix: 'dir/' }, async (source) => {
      expect((await source.describe()).keyOrder).toBe('none')
      expect(new Set((await listAll(source)).map(({ key }) => key))).toEqual(new Set(['a', 'b', 'c/d']))
      expect((await listAll(source, { range: { from: 'b' } })).map(({ key }) => key)).toEqual(['b', 'c/d'])
    })
  })

  it.each([
    ['hierarchical', 200, { kind: 'storage#storageLayout', hierarchicalNamespace: { enabled: true } }, 'none'],
    ['flat', 200, { kind: 'storage#storageLayout' }, 'utf8'],
    ['not known to the service', 404, {}, 'utf8'],
    ['not told', 403, {}, 'none'],
  ])('asks for the layout where the settings are denied: %s', async (_, status, layout, keyOrder) => {
    const layered = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost')
      if (pathname === '/storage/v1/b/layered') response.writeHead(403).end()
      else if (pathname.endsWith('/storageLayout')) response.writeHead(status).end(JSON.stringify(layout))
      else response.end(JSON.stringify({ kind: 'storage#objects', items: [{ name: 'b', size: '1' }] }))
    })
    await new Promise<void>((resolve) => layered.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(layered.address() as AddressInfo).port}`
    await withBucket(server, 'layered', { endpoint, anonymous: true }, async (source) => {
      // Also where nobody has asked before.
      expect((await listAll(source)).map(({ key }) => key)).toEqual(['b'])
      expect((await source.describe()).keyOrder).toBe(keyOrder)
    })
    layered.closeAllConnections()
    layered.close()
  })

  it('works for who may list and read, and see no settings', async () => {
    const name = await bucketWith(['a', 'b'], { versioning: true })
    const user = server.addUser({ allow: [{ permissions: ['storage.objects.list', 'storage.objects.get'] }] })
    await withBucket(server, name, credentialsOf(user), async (source) => {
      expect((await source.describe()).versions).toBe(false)
      expect(await listAll(source)).toHaveLength(2)
    })
  })
})

describe('listing versions', () => {
  it('gives generations, of one key the newest first, and tells what is deleted', async () => {
    const name = await bucketWith([], { versioning: true })
    const one = await server.admin.put(name, 'a', Buffer.from('1'))
    const two = await server.admin.put(name, 'a', Buffer.from('22'))
    server.admin.remove(name, 'a')
    const old = await server.admin.put(name, 'b', Buffer.from('3'))
    const live = await server.admin.put(name, 'b', Buffer.from('4'))
    await withBucket(server, name, {}, async (source) => {
      const rows = await listAll(source, { versions: true })
      expect(rows.map(({ key, kind, version }) => [key, kind, version])).toEqual([
        ['a', 'delete-marker', undefined],
        ['a', 'object', two],
        ['a', 'object', one],
        ['b', 'object', live],
        ['b', 'object', old],
      ])
      expect((await readAll(source, rows[2]!)).toString()).toBe('1')
      // Of a version, stat tells that version.
      expect((await source.stat(rows[4]!.ref)).version).toBe(old)
      expect(await failureOf(source.stat(rows[0]!.ref))).toMatchObject({ code: 'not-found' })
      expect((await listAll(source)).map(({ key, version }) => [key, version])).toEqual([['b', live]])
    })
  })

  it('gives the generations of one key over several pages, and after a key those that follow', async () => {
    const name = await bucketWith(['a', 'c'], { versioning: true })
    for (let i = 0; i < 2_300; i++) await server.admin.put(name, 'b', Buffer.from(`${i}`))
    await withBucket(server, name, {}, async (source) => {
      const rows = await listAll(source, { versions: true })
      expect(rows).toHaveLength(2_302)
      const generations = rows.filter(({ key }) => key === 'b').map(({ version }) => BigInt(version ?? 0))
      expect(generations).toEqual([...generations].sort((x, y) => (x > y ? -1 : 1)))
      expect((await listAll(source, { versions: true, after: 'b' })).map(({ key }) => key)).toEqual(['c'])
    })
  })

  it('has what is soft-deleted among them where that is asked, by its digests only', async () => {
    const name = await bucketWith(['a', 'm'], { softDeleteSeconds: 86_400 })
    const gone = await server.admin.put(name, 'gone', Buffer.from('gone'))
    server.admin.remove(name, 'gone')
    await withBucket(server, name, {}, async (source) => {
      expect((await listAll(source, { versions: true })).map(({ key }) => key)).toEqual(['a', 'm'])
    })
    await withBucket(server, name, { softDeleted: true }, async (source) => {
      expect((await listAll(source)).map(({ key }) => key)).toEqual(['a', 'm'])
      const rows = await listAll(source, { versions: true })
      expect(rows.map(({ key, kind, archived }) => [key, kind, archived])).toEqual([
        ['a', 'object', undefined],
        ['gone', 'delete-marker', undefined],
        ['gone', 'object', true],
        ['m', 'object', undefined],
      ])
      const deleted = rows[2]!
      expect(deleted.version).toBe(gone)
      expect(deleted.digests).toHaveLength(2)
      expect(await source.stat(deleted.ref)).toMatchObject({ version: gone, archived: true, digests: deleted.digests })
      server.requests.reset()
      expect(await failureOf(readAll(source, deleted))).toMatchObject({ code: 'archived' })
      expect(server.requests.counts()).toEqual({})
    })
  })
})

describe('a listing that cannot be trusted', () => {
  const faulty = async (fault: object, bucket: string, page: number) => {
    server.requests.reset()
    server.setFault(({ operation, count }) =>
      operation === 'objects.list' && count === page ? (fault as never) : undefined,
    )
    try {
      return await failureOf(withBucket(server, bucket, { listConcurrency: 1 }, listAll))
    } finally {
      server.setFault(undefined)
    }
  }

  it('goes round', async () => {
    const bucket = await bucketWith(Array.from({ length: 2_100 }, (_, i) => `o-${i}`))
    expect(await faulty({ repeatToken: true }, bucket, 2)).toMatchObject({ code: 'contract', retryable: false })
  })

  it('is malformed, which may pass', async () => {
    const error = await faulty({ malformed: true }, await bucketWith(['a', 'b']), 1)
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    expect(error.message).toContain('no answer of Cloud Storage')
  })

  it.each([
    ['text/html', '<html><body>Please log in</body></html>'],
    ['application/json', '{"login":"please"}'],
    ['application/json', '[]'],
    ['application/json', ''],
  ])('is an answer of something else: %s %s', async (type, body) => {
    for (const options of [{}, { versions: true }]) {
      const error = await answering([type, body], (endpoint) =>
        failureOf(withBucket(server, 'login', { endpoint }, (source) => listAll(source, options))),
      )
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(type) as string })
    }
  })

  it.each([
    ['outside the prefix', { name: 'other/a', size: '1', generation: '1' }, 'other/a'],
    ['without a name', { size: '1', generation: '1' }, 'without a name'],
    ['with a size that is none', { name: 'shop/a', size: '-1', generation: '1' }, 'no number'],
    ['with a generation that is none', { name: 'shop/a', size: '1', generation: 'x' }, 'no number'],
  ])('tells of an object %s', async (_, item, text) => {
    const body = JSON.stringify({ kind: 'storage#objects', items: [item] })
    const error = await answering(['application/json', body], (endpoint) =>
      failureOf(withBucket(server, 'odd', { endpoint, prefix: 'shop/' }, listAll)),
    )
    expect(error).toMatchObject({ code: 'contract', message: expect.stringContaining(text) as string })
  })

  it('may tell of an object nothing but its name and size', async () => {
    const body = JSON.stringify({ kind: 'storage#objects', items: [{ name: 'a', size: '1' }] })
    const entries = await answering(['application/json', body], (endpoint) =>
      withBucket(server, 'sparse', { endpoint }, listAll),
    )
    expect(entries).toEqual([{ key: 'a', kind: 'object', size: 1, ref: { key: 'a', size: 1 } }])
  })
})

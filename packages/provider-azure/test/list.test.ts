import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compare } from '@backproof/core'
import { compareKeys } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { containerWith, failureOf, freshName, listAll, readAll, withContainer } from './support/container.js'

let server: AzureServer
beforeAll(async () => {
  server = await startAzureServer()
})
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

const keysOf = async (...[container, prefix, options]: [string, string, Parameters<typeof listAll>[1]?]) =>
  withContainer(server, container, { prefix }, async (source) => (await listAll(source, options)).map(({ key }) => key))

/** Lists an answer of our own. */
const listAnswer = async (body: string, type = 'application/xml', prefix = '', options = {}) => {
  const listing = createServer((_, response) => response.writeHead(200, { 'content-type': type }).end(body))
  await new Promise<void>((resolve) => listing.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(listing.address() as AddressInfo).port}/account`
  try {
    const open = { url, credential: 'anonymous', prefix } as const
    return await withContainer(server, 'answers', open, (source) => listAll(source, options))
  } finally {
    listing.closeAllConnections()
    listing.close()
  }
}

const page = (rows: string, end = '<NextMarker />'): string =>
  `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="x" ContainerName="answers"><Blobs>${rows}</Blobs>${end}</EnumerationResults>`

const row = (name: string, properties = '', attributes = ''): string =>
  `<Blob><Name${attributes}>${name}</Name><Properties><Last-Modified>Sun, 22 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>1</Content-Length>${properties}</Properties><Metadata /></Blob>`

describe('the blob that is named like the prefix', () => {
  it('is a folder marker under the key /, in its place, and left out', async () => {
    const container = await containerWith(server, ['shop/', 'shop/!first', 'shop/-x', 'shop/a', 'shop/b/'])
    const entries = await withContainer(server, container, { prefix: 'shop/' }, listAll)
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['!first', undefined],
      ['-x', undefined],
      ['/', 'folder-marker'],
      ['a', undefined],
      ['b/', undefined],
    ])
    expect(entries.at(-1)?.kind).toBe('object')
  })

  it('is an object with the key / when it has bytes', async () => {
    const container = await containerWith(server, ['shop/a'])
    await server.admin.put(container, 'shop/', Buffer.from('data'))
    await withContainer(server, container, { prefix: 'shop/' }, async (source) => {
      const [root, a] = await listAll(source)
      expect(root).toMatchObject({ key: '/', kind: 'object', size: 4 })
      expect(a?.key).toBe('a')
      expect((await readAll(source, root!)).toString()).toBe('data')
    })
  })

  it('ends the listing where another blob has the same key', async () => {
    const container = await containerWith(server, ['shop/', 'shop//', 'shop/a'])
    const error = await failureOf(keysOf(container, 'shop/'))
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('shorter prefix') as string })
  })
})

describe('listing', () => {
  it('takes the prefix as it is, and keys as they are', async () => {
    const container = await containerWith(server, ['shop/a', 'shop//b', 'shopping', 'shop/c//d', 'other'])
    expect(await keysOf(container, 'shop')).toEqual(['//b', '/a', '/c//d', 'ping'])
    expect(await keysOf(container, 'shop/')).toEqual(['/b', 'a', 'c//d'])
    expect(await keysOf(container, 'shop/', { range: { from: 'a', to: 'b' } })).toEqual(['a'])
  })

  it('gives names that XML cannot carry, or only with care', async () => {
    const names = [
      '\u0001',
      'a\tb',
      'a\nb',
      'a\rb',
      'a\r\nb',
      '&amp;',
      '&#13;',
      '<Blob>',
      ' ',
      ' x ',
      '%41',
      '\uffff',
      '"',
    ]
    const container = await containerWith(server, names)
    const keys = await keysOf(container, '')
    expect([...keys].sort()).toEqual([...names].sort())
  })

  it('is in the order of UTF-16, which differs from that of UTF-8', async () => {
    const names = ['x\u{1f600}', 'x\uff5e', 'x\ufffd', 'x\ue000', 'xz', '\u{10ffff}']
    const container = await containerWith(server, names)
    const keys = await keysOf(container, '')
    expect(keys).toEqual([...names].sort())
    expect(keys).not.toEqual([...names].sort(compareKeys))
    await withContainer(server, container, {}, async (source) => {
      expect((await source.describe()).keyOrder).toBe('utf16')
    })
  })

  it('joins with a source in UTF-8 order, names beyond U+D7FF among them', async () => {
    const names = [
      'a.txt',
      'a/b',
      'x\u{1f600}',
      'x\uff5e',
      'x\ufffd',
      'x\ue000/y',
      'x\u{10ffff}',
      '\u{20000}',
      '\ue000',
      'z',
    ]
    const hierarchical = await startAzureServer({ hierarchical: true })
    const directory = await mkdtemp(join(tmpdir(), 'azure-order-'))
    try {
      for (const name of names) {
        await mkdir(dirname(join(directory, name)), { recursive: true })
        await writeFile(join(directory, name), name)
      }
      for (const one of [server, hierarchical]) {
        const container = freshName()
        one.admin.createContainer({ name: container })
        for (const name of names) await one.admin.put(container, name, Buffer.from(name))
        await withContainer(one, container, {}, async (replica) => {
          const source = localDirectory({ path: directory })
          const run = compare({ source, replicas: [replica], require: 'read' })
          const found: string[] = []
          for await (const findings of run) found.push(...findings.map(({ key, outcome }) => `${outcome} ${key}`))
          expect(found).toEqual(names.toSorted(compareKeys).map((name) => `match ${name}`))
        })
      }
    } finally {
      await rm(directory, { recursive: true })
      await hierarchical.close()
    }
  })

  it('goes over several pages', async () => {
    const names = Array.from({ length: 5_200 }, (_, i) => `part-${i % 17}/blob-${i.toString(36)}`)
    const container = await containerWith(server, names)
    server.requests.reset()
    expect(await keysOf(container, '')).toEqual([...names].sort())
    expect(server.requests.counts()).toEqual({ ListBlobs: 2 })
  })

  it('tells directories from data, by their type and by their metadata', async () => {
    const hierarchical = await startAzureServer({ hierarchical: true })
    const container = freshName()
    hierarchical.admin.createContainer({ name: container })
    await hierarchical.admin.put(container, 'A/dat1', Buffer.from('1'))
    await hierarchical.admin.put(container, 'A-B', Buffer.from('2'))
    await hierarchical.admin.put(container, 'empty', Buffer.alloc(0), { directory: true })
    await withContainer(hierarchical, container, {}, async (source) => {
      expect(await source.describe()).toMatchObject({ keyOrder: 'path', versions: false })
      const rows = await listAll(source)
      expect(rows.map(({ key, kind, excluded }) => [key, kind, excluded])).toEqual([
        ['A', 'special', 'folder-marker'],
        ['A/dat1', 'object', undefined],
        ['A-B', 'object', undefined],
        ['empty', 'special', 'folder-marker'],
      ])
      expect(await source.stat(rows[0]!.ref)).toMatchObject({ kind: 'special', excluded: 'folder-marker' })
    })
    await hierarchical.close()
    const flat = freshName()
    server.admin.createContainer({ name: flat })
    await server.admin.put(flat, 'dir', Buffer.alloc(0), { metadata: { hdi_isfolder: 'true' } })
    await server.admin.put(flat, 'file', Buffer.from('x'), { metadata: { hdi_isfolder: 'true' } })
    const rows = await withContainer(server, flat, {}, listAll)
    expect(rows.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['dir', 'folder-marker'],
      ['file', undefined],
    ])
  })

  it('promises no order where the account does not tell what it is', async () => {
    const container = await containerWith(server, ['a'])
    server.setFault(({ operation }) =>
      operation === 'GetAccountInfo' ? { status: 403, code: 'AuthorizationPermissionMismatch' } : undefined,
    )
    await withContainer(server, container, {}, async (source) => {
      expect((await source.describe()).keyOrder).toBe('none')
    })
  })

  it('is described for who may not list versions', async () => {
    const container = await containerWith(server, ['a'])
    server.setFault(({ operation, query }) =>
      operation === 'ListBlobs' && query.get('include')?.includes('versions') === true
        ? { status: 403, code: 'AuthorizationPermissionMismatch' }
        : undefined,
    )
    await withContainer(server, container, {}, async (source) => {
      expect((await source.describe()).versions).toBe(false)
      expect(await listAll(source)).toHaveLength(1)
      expect(await failureOf(listAll(source, { versions: true }))).toMatchObject({ code: 'access-denied' })
    })
  })

  it('marks what is archived, with its tier', async () => {
    const container = freshName()
    server.admin.createContainer({ name: container })
    for (const tier of ['Hot', 'Cold', 'Archive'] as const) {
      await server.admin.put(container, tier, Buffer.from('x'), { tier })
    }
    const rows = await withContainer(server, container, {}, listAll)
    expect(rows.map(({ storageClass, archived }) => [storageClass, archived])).toEqual([
      ['Archive', true],
      ['Cold', undefined],
      ['Hot', undefined],
    ])
  })

  it('carries MD5 and CRC64 as claims, where they are', async () => {
    const container = freshName()
    server.admin.createContainer({ name: container })
    const bytes = Buffer.from('Hello Azure!')
    await server.admin.put(container, 'a', bytes, { contentCrc64: 'right' })
    await server.admin.put(container, 'b', bytes, { contentCrc64: 'empty', contentMd5: 'absent' })
    await server.admin.put(container, 'c', bytes, { contentMd5: { base64: 'AAAA' } })
    const [a, b, c] = await withContainer(server, container, {}, listAll)
    expect(a?.digests?.map(({ algorithm, provenance }) => [algorithm, provenance])).toEqual([
      ['md5', 'claimed'],
      ['crc64nvme', 'claimed'],
    ])
    // The base64 is DtjZpL9/o8c=, least significant byte first.
    expect(a?.digests?.[1]?.value).toBe('c7a37fbfa4d9d80e')
    expect(b?.digests).toBeUndefined()
    expect(c?.digests?.[0]).toMatchObject({ algorithm: 'malformed:md5', equalityOnly: true })
  })
})

describe('listing all versions', () => {
  it('gives the newest first, and a delete marker where none is current', async () => {
    const versioned = await startAzureServer({ versioning: true, softDeleteDays: 7 })
    const container = freshName()
    versioned.admin.createContainer({ name: container })
    const ids: (string | undefined)[] = []
    for (const text of ['1', '22', '333']) {
      ids.push((await versioned.admin.put(container, 'a', Buffer.from(text))).versionId)
    }
    const taken = versioned.admin.takeSnapshot(container, 'a')
    await versioned.admin.put(container, 'b', Buffer.from('b'))
    versioned.admin.remove(container, 'b')
    await withContainer(versioned, container, {}, async (source) => {
      expect((await source.describe()).versions).toBe(true)
      const rows = await listAll(source, { versions: true })
      const ofA = rows.filter(({ key }) => key === 'a')
      expect(ofA.map(({ size }) => size)).toEqual([3, 2, 1])
      expect(ofA.map(({ version }) => version)).toEqual(ids.toReversed())
      const ofB = rows.filter(({ key }) => key === 'b')
      expect(ofB.map(({ kind }) => kind)).toEqual(['delete-marker', 'object'])
      expect((await readAll(source, ofB[1]!)).toString()).toBe('b')
      expect((await listAll(source)).map(({ key }) => key)).toEqual(['a'])
    })
    const all = await withContainer(versioned, container, { snapshots: true, deleted: true }, (source) =>
      listAll(source, { versions: true }),
    )
    expect(all.some(({ key, version }) => key === 'a' && version === `snapshot:${taken}`)).toBe(true)
    const named = all.map(({ key, kind, version }) => `${key} ${kind} ${version}`)
    expect(new Set(named).size).toBe(named.length)
    await versioned.close()
  })

  it('gives what was deleted softly as left out', async () => {
    const soft = await startAzureServer({ softDeleteDays: 7 })
    const container = freshName()
    soft.admin.createContainer({ name: container })
    await soft.admin.put(container, 'gone', Buffer.from('x'))
    await soft.admin.put(container, 'here', Buffer.from('x'))
    soft.admin.remove(container, 'gone')
    await withContainer(soft, container, { deleted: true }, async (source) => {
      expect((await listAll(source)).map(({ key }) => key)).toEqual(['here'])
      const rows = await listAll(source, { versions: true })
      expect(rows.map(({ key, kind, excluded }) => [key, kind, excluded])).toEqual([
        ['gone', 'special', 'soft-deleted'],
        ['here', 'object', undefined],
      ])
    })
    await soft.close()
  })
})

describe('an answer that is no listing', () => {
  it.each([
    ['a login page', '<html><body>Please log in</body></html>', 'text/html'],
    ['XML of something else', '<html><body>Please log in</body></html>', 'application/xml'],
    ['an empty one', '', 'application/xml'],
    ['a page that was cut', page(row('a')).slice(0, 300), 'application/xml'],
    ['a page that does not say whether it is the last', page(row('a'), ''), 'application/xml'],
  ])('is %s', async (_, body, type) => {
    for (const options of [{}, { versions: true }]) {
      expect(await failureOf(listAnswer(body, type, '', options))).toMatchObject({
        code: 'unavailable',
        retryable: true,
      })
    }
  })

  it('is one whose names cannot be decoded, or lie outside the prefix', async () => {
    const encoded = ' Encoded="true"'
    expect((await listAnswer(page(row('a%20b%0D', '', encoded))))[0]?.key).toBe('a b\r')
    expect((await listAnswer(page(row('a&#xD;b&#13;'))))[0]?.key).toBe('a\rb\r')
    expect(await failureOf(listAnswer(page(row('100%zz', '', encoded))))).toMatchObject({
      code: 'contract',
      message: expect.stringContaining('decoded') as string,
    })
    const outside = await failureOf(listAnswer(page(row('other/a')), 'application/xml', 'shop/'))
    expect(outside).toMatchObject({ code: 'contract', message: expect.stringContaining('other/a') as string })
  })

  it('is a page that repeats', async () => {
    const error = await failureOf(listAnswer(page(row('a'), '<NextMarker>again</NextMarker>')))
    expect(error).toMatchObject({ code: 'contract', retryable: false })
  })
})

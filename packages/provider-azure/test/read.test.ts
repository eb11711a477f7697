import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { entryOf, failureOf, freshName, listAll, readAll, withContainer } from './support/container.js'
import { secureUrl, withPlainTls } from './support/plain-tls.js'

let server: AzureServer
const container = freshName()
const LARGE = Buffer.alloc(600_000, 'some bytes ')
beforeAll(async () => {
  server = await startAzureServer()
  server.admin.createContainer({ name: container })
  await server.admin.put(container, 'large', LARGE)
})
withPlainTls()
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

type Fault = Exclude<ReturnType<Exclude<Parameters<AzureServer['setFault']>[0], undefined>>, undefined>

const failsWith = (fault: Fault, options = {}) =>
  withContainer(server, container, options, async (source) => {
    const entry = await entryOf(source, 'large')
    server.setFault(({ operation }) => (operation === 'GetBlob' ? fault : undefined))
    return failureOf(readAll(source, entry))
  })

/** A service that answers everything in one way, and its URL. */
const answering = async (
  listener: Parameters<typeof createServer>[1],
  use: (url: string) => Promise<void>,
): Promise<void> => {
  const other: Server = createServer(listener as never)
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  try {
    await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}/account`)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}

describe('a body that does not come whole', () => {
  it('is unavailable for now when the connection is reset', async () => {
    expect(await failsWith({ reset: 100_000 })).toMatchObject({ code: 'unavailable', retryable: true })
    expect(await failsWith({ reset: 'before-headers' })).toMatchObject({ code: 'unavailable', retryable: true })
  })

  it('is damaged when it ends early in good order, as far as one try can tell', async () => {
    const error = await failsWith({ truncate: 100_000 })
    expect(error).toMatchObject({ code: 'corrupt', retryable: true })
    expect(error.message).toMatch(/ended after \d+ of 600000 bytes/)
    expect(await failsWith({ truncate: 0 })).toMatchObject({ code: 'corrupt' })
  })

  it.each([599_999, 600_001])('is damaged when %i bytes are promised instead of 600,000', async (contentLength) => {
    expect(await failsWith({ contentLength })).toMatchObject({ code: 'corrupt' })
  })

  it('is late when nothing more comes, or no answer at all', async () => {
    const started = Date.now()
    expect(await failsWith({ stall: 100_000 }, { requestTimeoutMs: 300 })).toMatchObject({ code: 'timeout' })
    expect(await failsWith({ delayMs: 30_000 }, { requestTimeoutMs: 200 })).toMatchObject({ code: 'timeout' })
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  it('is damaged when the service has lost its tail', async () => {
    await server.admin.put(container, 'lost', LARGE)
    server.admin.dropTail(container, 'lost', 1_000)
    await withContainer(server, container, {}, async (source) => {
      const entry = await entryOf(source, 'lost')
      expect(entry.size).toBe(LARGE.length)
      expect(await failureOf(readAll(source, entry))).toMatchObject({ code: 'corrupt' })
    })
  })
})

describe('reading', () => {
  it('decompresses nothing', async () => {
    const bytes = gzipSync(Buffer.alloc(10_000))
    await server.admin.put(container, 'zipped', bytes, { contentEncoding: 'gzip' })
    await withContainer(server, container, {}, async (source) => {
      expect(await readAll(source, await entryOf(source, 'zipped'))).toEqual(bytes)
    })
  })

  it.each(['BlockBlob', 'AppendBlob', 'PageBlob'] as const)('takes a %s, whole and in ranges', async (type) => {
    const bytes = Buffer.alloc(1_024, type)
    await server.admin.put(container, type, bytes, { type })
    await withContainer(server, container, {}, async (source) => {
      const entry = await entryOf(source, type)
      expect(await readAll(source, entry)).toEqual(bytes)
      expect(await readAll(source, entry, { range: { start: 3, end: 700 } })).toEqual(bytes.subarray(3, 700))
    })
  })

  it('gives the claim of the blob, also with a range', async () => {
    const value = createHash('md5').update(LARGE).digest('hex')
    await withContainer(server, container, {}, async (source) => {
      const { ref } = await entryOf(source, 'large')
      for (const range of [undefined, { start: 0, end: 9 }]) {
        const { info, body } = await source.read(ref, { range })
        for await (const _ of body);
        expect(info.digests).toEqual([{ algorithm: 'md5', value, provenance: 'claimed' }])
      }
    })
  })

  it('asks for the MD5 of ranges up to 4 MiB, and holds the bytes to it', async () => {
    const MIB = 1024 * 1024
    const asked: (string | undefined)[] = []
    await answering(
      ({ headers }, response) => {
        asked.push(headers['x-ms-range-get-content-md5'] as string | undefined)
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(String(headers['x-ms-range'])) ?? []
        const bytes = Buffer.alloc(Number(to) - Number(from) + 1, 'x')
        const told = { etag: '"e"', 'content-range': `bytes ${from}-${to}/${9 * MIB}`, 'content-length': bytes.length }
        const sum = createHash('md5')
          .update(bytes)
          .update(from === '0' ? '' : 'other')
          .digest('base64')
        response.writeHead(206, asked.at(-1) === 'true' ? { ...told, 'content-md5': sum } : told).end(bytes)
      },
      async (url) => {
        const entry = { ref: { key: 'a', etag: 'e', size: 9 * MIB } }
        await withContainer(server, container, { url, credential: 'anonymous' }, async (source) => {
          expect(await readAll(source, entry, { range: { start: 0, end: 4 * MIB } })).toHaveLength(4 * MIB)
          expect(await readAll(source, entry, { range: { start: 1, end: 4 * MIB + 2 } })).toHaveLength(4 * MIB + 1)
          const error = await failureOf(readAll(source, entry, { range: { start: 1, end: 9 } }))
          expect(error).toMatchObject({ code: 'corrupt', retryable: true })
          expect(error.message).toContain('changed on their way')
        })
      },
    )
    expect(asked).toEqual(['true', undefined, 'true'])
  })

  it('does not find bytes that changed beneath the service, whose MD5 of a range is of what it has', async () => {
    await server.admin.put(container, 'rotten', Buffer.from('good bytes'))
    server.admin.corrupt(container, 'rotten', 3)
    await withContainer(server, container, {}, async (source) => {
      const entry = await entryOf(source, 'rotten')
      expect(await readAll(source, entry, { range: { start: 0, end: 10 } })).not.toEqual(Buffer.from('good bytes'))
    })
  })

  it('says changed when another blob is there, and not-found when none is', async () => {
    await server.admin.put(container, 'moving', Buffer.from('first'))
    await withContainer(server, container, {}, async (source) => {
      const entry = await entryOf(source, 'moving')
      await server.admin.put(container, 'moving', Buffer.from('other'))
      for (const range of [undefined, { start: 1, end: 2 }, { start: 1, end: 1 }]) {
        expect(await failureOf(readAll(source, entry, { range }))).toMatchObject({ code: 'changed', retryable: false })
      }
      server.admin.remove(container, 'moving')
      expect(await failureOf(readAll(source, entry))).toMatchObject({ code: 'not-found' })
    })
  })

  it('reads versions and snapshots, whatever became of the blob', async () => {
    const versioned = await startAzureServer({ versioning: true })
    versioned.admin.createContainer({ name: container })
    await versioned.admin.put(container, 'a', Buffer.from('first'))
    versioned.admin.takeSnapshot(container, 'a')
    await versioned.admin.put(container, 'a', Buffer.from('second'))
    await withContainer(versioned, container, { snapshots: true }, async (source) => {
      const rows = await listAll(source, { versions: true })
      const bytes = await Promise.all(rows.map(async (row) => (await readAll(source, row)).toString()))
      expect(bytes.toSorted()).toEqual(['first', 'first', 'second'])
    })
    await versioned.close()
  })

  it('needs the key of a blob that is encrypted with one', async () => {
    const customerKey = Buffer.alloc(32, 9)
    await server.admin.put(container, 'secret', Buffer.from('secret'), { customerKey })
    const read = (key: Buffer | undefined) =>
      withContainer(server, container, { customerKey: key, url: secureUrl(server) }, async (source) =>
        readAll(source, await entryOf(source, 'secret')),
      )
    expect((await read(customerKey)).toString()).toBe('secret')
    for (const key of [undefined, Buffer.alloc(32, 8)]) {
      const error = await failureOf(read(key))
      expect(error).toMatchObject({ code: 'access-denied' })
      expect(JSON.stringify(error)).not.toContain((key ?? customerKey).toString('base64'))
    }
  })

  it('tells archived blobs without a request for their bytes', async () => {
    await server.admin.put(container, 'cold', Buffer.from('cold'), { tier: 'Archive' })
    const archiveStatus = 'rehydrate-pending-to-cool'
    await server.admin.put(container, 'thawing', Buffer.from('thawing'), { tier: 'Archive', archiveStatus })
    await withContainer(server, container, {}, async (source) => {
      for (const key of ['cold', 'thawing']) {
        server.requests.reset()
        const entry = await entryOf(source, key)
        expect(entry.archived).toBe(true)
        expect(await failureOf(readAll(source, entry))).toMatchObject({ code: 'archived' })
        expect(server.requests.count('GetBlob')).toBe(0)
        const { ref } = entry as { ref: { archived?: string } }
        expect(await failureOf(readAll(source, { ref: { ...ref, archived: undefined } }))).toMatchObject({
          code: 'archived',
        })
      }
    })
  })

  it('reads names that URLs would resolve', async () => {
    const names = ['a/../b', 'a/./b', './a', '../up', 'b', 'a//b', '/a', 'a/..']
    for (const name of names) await server.admin.put(container, name, Buffer.from(`this is ${name}`))
    await withContainer(server, container, {}, async (source) => {
      for (const name of names) {
        const entry = await entryOf(source, name)
        expect((await readAll(source, entry)).toString()).toBe(`this is ${name}`)
        expect((await source.stat(entry.ref)).size).toBe(entry.size)
      }
    })
  })

  it('takes a login page for no blob', async () => {
    await answering(
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>'),
      async (url) => {
        await withContainer(server, container, { url, credential: 'anonymous' }, async (source) => {
          const ref = { key: 'a', etag: 'e', size: 26 }
          for (const call of [source.read(ref), source.stat(ref), source.read(ref, { range: { start: 0, end: 0 } })]) {
            expect(await failureOf(call)).toMatchObject({
              code: 'unavailable',
              message: expect.stringContaining('text/html') as string,
            })
          }
        })
      },
    )
  })
})

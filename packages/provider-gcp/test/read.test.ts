import { createServer, IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { Storage } from '@google-cloud/storage'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../src/client/connection.js'
import { getMedia } from '../src/client/requests.js'
import { gcsSettings } from '../src/options.js'
import { credentialsOf, entryOf, failureOf, freshName, listAll, readAll, withBucket } from './support/bucket.js'

let server: GcsServer
const name = freshName()
const LARGE = Buffer.alloc(600_000, 'some bytes ')
beforeAll(async () => {
  server = await startGcsServer()
  server.admin.createBucket({ name })
  await server.admin.put(name, 'large', LARGE)
})
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

type Fault = Exclude<ReturnType<Exclude<Parameters<GcsServer['setFault']>[0], undefined>>, undefined>

const failsWith = (fault: Fault, options = {}) =>
  withBucket(server, name, options, async (source) => {
    const entry = await entryOf(source, 'large')
    server.setFault(({ operation }) => (operation === 'objects.getMedia' ? fault : undefined))
    return failureOf(readAll(source, entry))
  })

/** A service that answers as it is told. */
const serving = async <T>(
  answer: (response: ServerResponse, url: string) => void,
  use: (endpoint: string) => Promise<T>,
): Promise<T> => {
  const other = createServer((request, response) => answer(response, request.url ?? ''))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}`)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}

const entry = { key: 'a', ref: { key: 'a', size: 5, generation: '7' }, kind: 'object' } as const

describe('a body that does not come whole', () => {
  it('is unavailable for now when the connection is reset', async () => {
    expect(await failsWith({ reset: 100_000 })).toMatchObject({ code: 'unavailable', retryable: true })
    expect(await failsWith({ reset: 'before-headers' })).toMatchObject({ code: 'unavailable', retryable: true })
  })

  it('is damaged when it ends early in good order, as far as one try can tell', async () => {
    const error = await failsWith({ truncate: 100_000 })
    expect(error).toMatchObject({ code: 'corrupt', retryable: true })
    expect(error.message).toMatch(/ended after \d+ of 600000 bytes/)
  })

  it.each([599_999, 600_001])('is damaged when %i bytes are promised instead of 600,000', async (contentLength) => {
    expect(await failsWith({ contentLength })).toMatchObject({ code: 'corrupt' })
  })

  it('is late when nothing more comes, or nothing at all', async () => {
    const started = Date.now()
    expect(await failsWith({ stall: 100_000 }, { requestTimeoutMs: 400 })).toMatchObject({ code: 'timeout' })
    expect(await failsWith({ delayMs: 30_000 }, { requestTimeoutMs: 400 })).toMatchObject({ code: 'timeout' })
    expect(Date.now() - started).toBeLessThan(8_000)
  })

  it('is damaged when the service has lost its tail', async () => {
    await server.admin.put(name, 'lost', LARGE)
    server.admin.dropTail(name, 'lost', 1_000)
    await withBucket(server, name, {}, async (source) => {
      expect(await failureOf(readAll(source, await entryOf(source, 'lost')))).toMatchObject({ code: 'corrupt' })
    })
  })

  it('is damaged when the service shows the object and does not give its bytes', async () => {
    const error = await serving(
      (response, url) => {
        if (url.includes('alt=media')) response.writeHead(404).end('No such object: backups/a')
        else response.end(JSON.stringify({ kind: 'storage#object', name: 'a', size: '5', generation: '7' }))
      },
      (endpoint) => withBucket(server, name, { endpoint }, (source) => failureOf(readAll(source, entry))),
    )
    expect(error).toMatchObject({ code: 'corrupt', retryable: true })
  })
})

describe('reading', () => {
  it('decompresses nothing, whole or in ranges', async () => {
    const bytes = gzipSync(Buffer.alloc(10_000))
    await server.admin.put(name, 'zipped', bytes, { contentEncoding: 'gzip' })
    await withBucket(server, name, {}, async (source) => {
      const zipped = await entryOf(source, 'zipped')
      expect(zipped.size).toBe(bytes.length)
      expect(await readAll(source, zipped)).toEqual(bytes)
      expect(await readAll(source, zipped, { range: { start: 5, end: 20 } })).toEqual(bytes.subarray(5, 20))
    })
  })

  it('tells bytes that were changed on their way from damage', async () => {
    for (const headers of [
      { 'x-goog-stored-content-encoding': 'gzip' },
      { warning: '214 UploadServer gunzipped' },
      { 'x-goog-stored-content-encoding': 'identity', 'content-encoding': 'gzip' },
    ]) {
      const error = await serving(
        (response) => response.writeHead(200, headers as never).end('decompressed bytes'),
        (endpoint) => withBucket(server, name, { endpoint }, (source) => failureOf(readAll(source, entry))),
      )
      expect(error).toMatchObject({ code: 'unsupported', retryable: false })
    }
  })

  it('needs no header beyond those of HTTP, not even a length: the generation is asked for at the end', async () => {
    const reading = (generation: string) =>
      serving(
        (response, url) => {
          response.writeHead(200)
          if (!url.includes('alt=media')) return response.end(JSON.stringify({ name: 'a', size: '5', generation }))
          response.write('he')
          return response.end('llo')
        },
        (endpoint) => withBucket(server, name, { endpoint }, (source) => readAll(source, entry)),
      )
    expect((await reading('7')).toString()).toBe('hello')
    expect(await failureOf(reading('8'))).toMatchObject({ code: 'changed' })
  })

  it('gives the digests that came with the bytes', async () => {
    await withBucket(server, name, {}, async (source) => {
      const large = await entryOf(source, 'large')
      const { info, body } = await source.read(large.ref)
      for await (const _ of body);
      expect(info).toMatchObject({ version: large.version, size: LARGE.length, storageClass: 'STANDARD' })
      expect(info.digests).toEqual(large.digests)
    })
  })

  it('hands the body through as it comes from the socket', async () => {
    const { url: endpoint, owner } = server
    const connection = connect(gcsSettings({ bucket: name, endpoint, ...credentialsOf(owner) }))
    const { output } = await getMedia(connection, { key: 'large' }, undefined, {})
    expect(output).toBeInstanceOf(IncomingMessage)
    output.destroy()
    connection.close()
  })

  it('says changed when another object is there, and not-found when none is', async () => {
    await server.admin.put(name, 'moving', Buffer.from('first'))
    await withBucket(server, name, {}, async (source) => {
      const moving = await entryOf(source, 'moving')
      await server.admin.put(name, 'moving', Buffer.from('other'))
      server.requests.reset()
      expect(await failureOf(readAll(source, moving))).toMatchObject({ code: 'changed', retryable: false })
      // Once, not again and again.
      expect(server.requests.counts()).toEqual({ 'objects.getMedia': 1, 'objects.get': 1 })
      for (const range of [
        { start: 1, end: 2 },
        { start: 1, end: 1 },
      ]) {
        expect(await failureOf(readAll(source, moving, { range }))).toMatchObject({ code: 'changed' })
      }
      server.admin.remove(name, 'moving')
      expect(await failureOf(readAll(source, moving))).toMatchObject({ code: 'not-found' })
    })
  })

  it('reads the generation that was listed, where versioning has kept it', async () => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket, versioning: true })
    await server.admin.put(bucket, 'a', Buffer.from('first'))
    await withBucket(server, bucket, {}, async (source) => {
      const [listed] = await listAll(source)
      await server.admin.put(bucket, 'a', Buffer.from('other'))
      expect((await readAll(source, listed!)).toString()).toBe('first')
    })
  })

  it('notices a service that gives another generation than it was asked for', async () => {
    const error = await serving(
      (response) => response.writeHead(200, { 'x-goog-generation': '8', 'content-length': '5' }).end('hello'),
      (endpoint) => withBucket(server, name, { endpoint }, (source) => failureOf(readAll(source, entry))),
    )
    expect(error).toMatchObject({ code: 'changed' })
  })

  it('needs the key of an object that is encrypted with one, and sends it for no other', async () => {
    const customerKey = Buffer.alloc(32, 9)
    await server.admin.put(name, 'secret', Buffer.from('secret'), { customerKey })
    const read = (key: Buffer | undefined, which: string) =>
      withBucket(server, name, { customerKey: key }, async (source) => readAll(source, await entryOf(source, which)))
    expect((await read(customerKey, 'secret')).toString()).toBe('secret')
    expect((await read(customerKey, 'large')).equals(LARGE)).toBe(true)
    for (const key of [undefined, Buffer.alloc(32, 8)]) {
      const error = await failureOf(read(key, 'secret'))
      expect(error).toMatchObject({ code: 'access-denied', retryable: false })
      expect(error.message).toContain('customerKey')
      expect(JSON.stringify(error)).not.toContain(key?.toString('base64') ?? customerKey.toString('base64'))
    }
  })

  it('finds the key to be needed, or not, for an object that was replaced', async () => {
    const customerKey = Buffer.alloc(32, 9)
    await server.admin.put(name, 'turns', Buffer.from('plain'))
    await withBucket(server, name, { customerKey }, async (source) => {
      const plain = await entryOf(source, 'turns')
      await server.admin.put(name, 'turns', Buffer.from('under key'), { customerKey })
      const info = await source.stat(plain.ref)
      expect(info.digests).toHaveLength(2)
      expect((await readAll(source, info)).toString()).toBe('under key')
      await server.admin.put(name, 'turns', Buffer.from('plain again'))
      expect((await readAll(source, await source.stat(info.ref))).toString()).toBe('plain again')
    })
  })

  it('uses a client that is given, leaves it as it is, and does not close it', async () => {
    const { credentials } = credentialsOf(server.owner)
    const client = new Storage({
      apiEndpoint: server.url,
      useAuthWithCustomEndpoint: true,
      userAgent: 'host/1.0',
      ...(credentials !== undefined && { credentials }),
    })
    const before = JSON.stringify([client.retryOptions, client.interceptors, client.apiEndpoint])
    for (let i = 0; i < 2; i++) {
      await withBucket(server, name, { client }, async (source) => {
        expect((await readAll(source, await entryOf(source, 'large'))).equals(LARGE)).toBe(true)
      })
    }
    expect(JSON.stringify([client.retryOptions, client.interceptors, client.apiEndpoint])).toBe(before)
    expect((await client.bucket(name).file('large').download())[0].equals(LARGE)).toBe(true)
  })
})

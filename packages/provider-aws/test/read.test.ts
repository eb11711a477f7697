import { createServer, IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { S3Client } from '@aws-sdk/client-s3'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../src/client/connection.js'
import { getObject } from '../src/client/requests.js'
import { s3Settings } from '../src/options.js'
import { entryOf, failureOf, freshName, readAll, withBucket } from './support/bucket.js'

let server: S3Server
const name = freshName()
beforeAll(async () => {
  server = await startS3Server()
  server.admin.createBucket({ name })
  await server.admin.put(name, 'large', LARGE)
})
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

const LARGE = Buffer.alloc(600_000, 'some bytes ')

type Fault = Exclude<ReturnType<Exclude<Parameters<S3Server['setFault']>[0], undefined>>, undefined>

const failsWith = (fault: Fault, options = {}) =>
  withBucket(server, name, options, async (source) => {
    const entry = await entryOf(source, 'large')
    server.setFault(({ operation }) => (operation === 'GetObject' ? fault : undefined))
    return failureOf(readAll(source, entry))
  })

describe('a body that does not come whole', () => {
  it('is unavailable for now when the connection is reset', async () => {
    expect(await failsWith({ reset: 100_000 })).toMatchObject({ code: 'unavailable', retryable: true })
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

  it('is late when nothing more comes', async () => {
    const started = Date.now()
    const error = await failsWith({ stall: 100_000 }, { requestTimeoutMs: 300 })
    expect(error).toMatchObject({ code: 'timeout', retryable: true })
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  it('is damaged when the service has lost its tail', async () => {
    await server.admin.put(name, 'lost', LARGE)
    server.admin.truncateTail(name, 'lost', 1_000)
    await withBucket(server, name, {}, async (source) => {
      const entry = await entryOf(source, 'lost')
      expect(entry.size).toBe(LARGE.length)
      expect(await failureOf(readAll(source, entry))).toMatchObject({ code: 'corrupt' })
    })
  })

  it('is damaged for good when the service no longer has the rest, and shows the object all the same', async () => {
    // As RADOS Gateway does when a tail object is lost: the body stops, a range of the rest is 404, HEAD is well.
    let there = true
    const gateway = createServer((request, response) => {
      const head = { etag: '"e"', 'content-length': request.headers.range === undefined ? 1_000 : 1 }
      if (request.method === 'HEAD') response.writeHead(there ? 200 : 404, there ? head : {}).end()
      else if (request.headers.range !== undefined) response.writeHead(404).end()
      else response.writeHead(200, head).write(Buffer.alloc(400))
    })
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
    const entry = { key: 'a', ref: { key: 'a', size: 1_000, etag: '"e"' }, kind: 'object' } as const
    const read = () =>
      withBucket(server, name, { endpoint, requestTimeoutMs: 200 }, (source) => failureOf(readAll(source, entry)))
    const error = await read()
    expect(error).toMatchObject({ code: 'corrupt', retryable: false })
    expect(error.message).toContain('lost its bytes from offset 400 on')
    there = false
    expect(await read()).toMatchObject({ code: 'not-found' })
    gateway.closeAllConnections()
    gateway.close()
  })

  it('fails within the time limit when no answer comes at all', async () => {
    const error = await failsWith({ delayMs: 30_000 }, { requestTimeoutMs: 200 })
    expect(error).toMatchObject({ code: 'timeout', retryable: true })
  })
})

describe('reading', () => {
  it('decompresses nothing', async () => {
    const bytes = gzipSync(Buffer.alloc(10_000))
    await server.admin.put(name, 'zipped', bytes, { contentEncoding: 'gzip' })
    await withBucket(server, name, {}, async (source) => {
      expect(await readAll(source, await entryOf(source, 'zipped'))).toEqual(bytes)
    })
  })

  it('gives the checksums that came with the bytes, and certain of the encryption', async () => {
    await withBucket(server, name, {}, async (source) => {
      const { info, body } = await source.read((await entryOf(source, 'large')).ref)
      for await (const _ of body);
      expect(info.digests?.map(({ algorithm, equalityOnly }) => [algorithm, equalityOnly])).toEqual([
        ['md5', undefined],
        ['crc64nvme', undefined],
      ])
    })
  })

  it('hands the body through as it comes, not through a stream that hashes in JavaScript', async () => {
    const { url: endpoint, region, credentials } = server
    const connection = connect(s3Settings({ bucket: name, endpoint, region, credentials }))
    const { output, headers } = await getObject(
      connection,
      { key: 'large' },
      { ifMatch: undefined, range: undefined },
      {},
    )
    expect(output.Body).toBeInstanceOf(IncomingMessage)
    expect(Object.keys(headers)).toContain('x-amz-checksum-crc64nvme')
    connection.close()
  })

  it('says changed when another object is there, and not-found when none is', async () => {
    await server.admin.put(name, 'moving', Buffer.from('first'))
    await withBucket(server, name, {}, async (source) => {
      const entry = await entryOf(source, 'moving')
      await server.admin.put(name, 'moving', Buffer.from('other'))
      expect(await failureOf(readAll(source, entry))).toMatchObject({ code: 'changed', retryable: false })
      expect(await failureOf(readAll(source, entry, { range: { start: 1, end: 2 } }))).toMatchObject({
        code: 'changed',
      })
      server.admin.remove(name, 'moving')
      expect(await failureOf(readAll(source, entry))).toMatchObject({ code: 'not-found' })
    })
  })

  it('needs the key of an object that is encrypted with one', async () => {
    const customerKey = Buffer.alloc(32, 9)
    await server.admin.put(name, 'secret', Buffer.from('secret'), { sse: { customerKey } })
    const read = (key: Buffer | undefined) =>
      withBucket(server, name, { customerKey: key }, async (source) => {
        const { ref } = await entryOf(source, 'secret')
        return readAll(source, { key: 'secret', ref, kind: 'object' })
      })
    expect((await read(customerKey)).toString()).toBe('secret')
    for (const key of [undefined, Buffer.alloc(32, 8)]) {
      const error = await failureOf(read(key))
      expect(error).toMatchObject({ code: 'access-denied' })
      expect(JSON.stringify(error)).not.toContain(key?.toString('base64') ?? customerKey.toString('base64'))
    }
  })

  it('tells archived objects without a request for their bytes, and reads what was restored', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000)
    await server.admin.put(name, 'cold', Buffer.from('cold'), { storageClass: 'GLACIER' })
    await server.admin.put(name, 'thawed', Buffer.from('thawed'), {
      storageClass: 'DEEP_ARCHIVE',
      restore: { ongoing: false, expiresAt },
    })
    await server.admin.put(name, 'tiered', Buffer.from('tiered'), {
      storageClass: 'INTELLIGENT_TIERING',
      archiveStatus: 'DEEP_ARCHIVE_ACCESS',
    })
    for (const profile of ['aws', 'other'] as const) {
      await withBucket(server, name, { profile }, async (source) => {
        server.requests.reset()
        expect(await failureOf(readAll(source, await entryOf(source, 'cold')))).toMatchObject({ code: 'archived' })
        const looked = await source.stat((await entryOf(source, 'tiered')).ref)
        expect(looked.archived).toBe(true)
        expect(await failureOf(readAll(source, looked))).toMatchObject({ code: 'archived' })
        expect(server.requests.count('GetObject')).toBe(0)
        expect(await failureOf(readAll(source, await entryOf(source, 'tiered')))).toMatchObject({ code: 'archived' })
        expect((await readAll(source, await entryOf(source, 'thawed'))).toString()).toBe('thawed')
      })
    }
  })

  it('uses a client that is given, leaves it as it is, and does not close it', async () => {
    const client = new S3Client({
      endpoint: server.url,
      region: server.region,
      credentials: server.credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    })
    const before = client.middlewareStack.identify()
    const own = { endpoint: undefined, region: undefined, credentials: undefined, client }
    for (let i = 0; i < 2; i++) {
      await withBucket(server, name, own, async (source) => {
        expect(await readAll(source, await entryOf(source, 'large'))).toEqual(LARGE)
      })
    }
    expect(client.middlewareStack.identify()).toEqual(before)
    client.destroy()
  })
})

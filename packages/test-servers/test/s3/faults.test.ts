import { connect } from 'node:net'
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { type Fault, type FaultRequest, type S3Server, startS3Server } from '@backproof/test-servers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bytesOf, clientOf, failureOf, pattern, startServer } from './clients.js'

const Bucket = 'bucket'
const BYTES = pattern(200_000)

const broken = async (fault: Fault, operation: string): Promise<S3Server> => {
  const server = await startServer()
  server.admin.createBucket({ name: Bucket })
  for (const key of ['a', 'b', 'c']) await server.admin.put(Bucket, key, BYTES)
  server.setFault((request) => (request.operation === operation ? fault : undefined))
  return server
}

/** Without checks of its own: the SDK's validating stream lets an aborted body end the process. */
const plainClient = (server: S3Server) => clientOf(server, { responseChecksumValidation: 'WHEN_REQUIRED' })
const get = (server: S3Server) => plainClient(server).send(new GetObjectCommand({ Bucket, Key: 'a' }))
const size = async (server: S3Server): Promise<number> => (await bytesOf((await get(server)).Body)).length
const list = (server: S3Server, input: object = {}) =>
  clientOf(server).send(new ListObjectsV2Command({ Bucket, ...input }))

/** How many bytes came before the body ended with an error. */
const receivedBefore = async (body: unknown): Promise<{ received: number; message: string }> => {
  let received = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) received += chunk.length
  } catch (error) {
    return { received, message: (error as Error).message }
  }
  throw new Error(`The body ended after ${received} bytes without an error.`)
}

/** Answers on the wire, until the server closes the connection. */
const raw = (server: S3Server, request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(request))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })

describe('faults', () => {
  test('a function sees each request and decides', async () => {
    const server = await broken({ delayMs: 0 }, 'none')
    const seen: FaultRequest[] = []
    server.setFault((request) => {
      seen.push(request)
      return request.operation === 'GetObject' && request.count === 1
        ? { status: 503, code: 'SlowDown', headers: { 'retry-after': '1' } }
        : undefined
    })
    const first = await failureOf(get(server))
    expect(first).toMatchObject({ name: 'SlowDown', status: 503, headers: { 'retry-after': '1' } })
    expect(await size(server)).toBe(BYTES.length)
    expect(seen.map(({ operation, bucket, key, count }) => [operation, bucket, key, count])).toEqual([
      ['GetObject', Bucket, 'a', 1],
      ['GetObject', Bucket, 'a', 2],
    ])
    expect(seen[0]!.query.get('x-id')).toBe('GetObject')
    server.setFault(undefined)
    await size(server)
    expect(seen).toHaveLength(2)
    expect(server.requests.log().map((row) => row.status)).toEqual([503, 200, 200])
    server.requests.reset()
    expect([server.requests.total(), server.requests.log()]).toEqual([0, []])
  })

  test('a reset before the headers', async () => {
    const server = await broken({ reset: 'before-headers' }, 'GetObject')
    expect((await failureOf(get(server))).message).toMatch(/ECONNRESET|socket hang up/)
    expect(server.requests.log()).toMatchObject([{ status: 0 }])
  })

  test('a reset in the middle of a body', async () => {
    const { Body } = await get(await broken({ reset: 50_000 }, 'GetObject'))
    const { received, message } = await receivedBefore(Body)
    expect(received).toBeLessThanOrEqual(50_000)
    expect(message).toMatch(/ECONNRESET|aborted/)
  })

  test('a body that ends early under the right length', async () => {
    const got = await get(await broken({ truncate: 50_000 }, 'GetObject'))
    expect(got.ContentLength).toBe(BYTES.length)
    expect(await receivedBefore(got.Body)).toEqual({ received: 50_000, message: 'aborted' })
  })

  test('a length that is too long, and one that is too short', async () => {
    const long = await get(await broken({ contentLength: BYTES.length + 1 }, 'GetObject'))
    expect(await receivedBefore(long.Body)).toEqual({ received: BYTES.length, message: 'aborted' })
    const short = await get(await broken({ contentLength: 1000 }, 'GetObject'))
    expect((await bytesOf(short.Body)).equals(BYTES.subarray(0, 1000))).toBe(true)
  })

  test('a stall stays until the client leaves', async () => {
    const server = await broken({ stall: 50_000 }, 'GetObject')
    const abort = new AbortController()
    const client = plainClient(server)
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a' }), { abortSignal: abort.signal })
    const reading = receivedBefore(got.Body)
    const first = await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 200, 'still there'))])
    expect(first).toBe('still there')
    ;(got.Body as unknown as { destroy(error: Error): void }).destroy(new Error('left'))
    expect(await reading).toEqual({ received: 50_000, message: 'left' })
  })

  test('XML that breaks off', async () => {
    const failure = await failureOf(list(await broken({ malformed: true }, 'ListObjectsV2')))
    expect(failure.message).toMatch(/xml|tag|element|document|parse|unexpected|deserial/i)
  })

  test('a page that repeats, with the token that led to it', async () => {
    const server = await broken({ delayMs: 0 }, 'none')
    server.setFault((request) =>
      request.operation === 'ListObjectsV2' && request.count > 1 ? { repeatToken: true } : undefined,
    )
    const first = await list(server, { MaxKeys: 1 })
    const second = await list(server, { MaxKeys: 1, ContinuationToken: first.NextContinuationToken })
    expect(second.Contents?.map((row) => row.Key)).toEqual(['a'])
    expect(second.NextContinuationToken).toBe(first.NextContinuationToken)
  })

  test('a delay, and a token that has expired', async () => {
    const slow = await broken({ delayMs: 150 }, 'GetObject')
    const start = performance.now()
    await size(slow)
    expect(performance.now() - start).toBeGreaterThanOrEqual(145)
    const expired = await broken({ expiredToken: true }, 'ListObjectsV2')
    expect(await failureOf(list(expired))).toMatchObject({ name: 'ExpiredToken', status: 400 })
  })

  test('errors have a document with ids, and none under HEAD', async () => {
    const server = await startServer()
    const answer = await raw(server, 'GET /bucket/a%26b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toMatch(/\r\nx-amz-request-id: [0-9A-F]{16}\r\n/)
    expect(answer).toMatch(
      /<Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><Resource>\/bucket\/a&amp;b<\/Resource><RequestId>[0-9A-F]{16}<\/RequestId><HostId>.+<\/HostId><\/Error>$/,
    )
    const head = await raw(server, 'HEAD /bucket/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 403 /)
    expect(head).toMatch(/\r\n\r\n$/)
    server.setFault(() => {
      throw new Error('a mistake in the test')
    })
    const thrown = await raw(server, 'GET /bucket/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(thrown).toMatch(/^HTTP\/1\.1 500 [\s\S]*a mistake in the test/)
    server.setFault(undefined)
    const bad = await raw(server, 'GET /bucket/%ff HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(bad).toContain('<Code>InvalidURI</Code>')
  })

  test('closing the server ends stalled answers and delays at once', async () => {
    const server = await startS3Server()
    server.admin.createBucket({ name: Bucket })
    await server.admin.put(Bucket, 'a', BYTES)
    server.setFault((request) => (request.operation === 'HeadObject' ? { delayMs: 60_000 } : { stall: 10 }))
    const client = clientOf(server)
    const delayed = failureOf(client.send(new HeadObjectCommand({ Bucket, Key: 'a' })))
    const stalled = get(server).then((got) => receivedBefore(got.Body))
    await new Promise((resolve) => setTimeout(resolve, 100))
    const start = performance.now()
    await server.close()
    expect(performance.now() - start).toBeLessThan(2000)
    expect((await stalled).received).toBe(10)
    expect((await delayed).message).toMatch(/ECONNRESET|socket hang up/)
    onTestFinished(() => client.destroy())
  })
})

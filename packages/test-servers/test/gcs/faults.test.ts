import { type Fault, type FaultRequest, type GcsServer, startGcsServer } from '@backproof/test-servers'
import { describe, expect, test } from 'vitest'
import { type ErrorDocument, json, O, pattern, send, startServer } from './clients.js'

const broken = async (fault: Fault, operation: string): Promise<GcsServer> => {
  const server = await startServer()
  for (const name of ['a', 'b']) await server.admin.put('bucket', name, pattern(100_000))
  server.setFault((request) => (request.operation === operation ? fault : undefined))
  return server
}

/** How many bytes of the media come, and whether they end as they should. */
const received = async (server: GcsServer): Promise<[number, boolean]> => {
  let count = 0
  try {
    const response = await send(server, `${O}/a?alt=media`)
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) count += chunk.length
    return [count, true]
  } catch {
    return [count, false]
  }
}

describe('faults', () => {
  test('a function sees each request and decides; errors are documents with its reason', async () => {
    const server = await startServer()
    const seen: FaultRequest[] = []
    server.setFault((request) => {
      seen.push(request)
      return { status: 429, code: 'rateLimitExceeded', headers: { 'retry-after': '1' } }
    })
    const answer = await send(server, `${O}?prefix=x`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
    const { error } = (await answer.json()) as ErrorDocument
    expect(error.errors[0]).toMatchObject({ domain: 'global', reason: 'rateLimitExceeded' })
    expect(seen[0]).toMatchObject({ operation: 'objects.list', bucket: 'bucket', key: '', count: 1 })
    expect(seen[0]!.query.get('prefix')).toBe('x')
  })

  test.each<[string, Fault, [number, boolean]]>([
    ['a reset before the answer', { reset: 'before-headers' }, [0, false]],
    ['a body that is too short', { truncate: 50_000 }, [50_000, false]],
    ['a length that is too long', { contentLength: 100_001 }, [100_000, false]],
    ['a delay', { delayMs: 50 }, [100_000, true]],
  ])('%s', async (_, fault, expected) => {
    expect(await received(await broken(fault, 'objects.getMedia'))).toEqual(expected)
  })

  test('a tail that is lost, also of what is decompressed', async () => {
    const server = await broken({ delayMs: 0 }, 'none')
    server.admin.dropTail('bucket', 'a', 10)
    expect(await received(server)).toEqual([99_990, false])
  })

  test('JSON that breaks off, a page that repeats, credentials whose time is over', async () => {
    const torn = await broken({ malformed: true }, 'objects.list')
    await expect(send(torn, O).then((answer) => answer.json())).rejects.toThrow(SyntaxError)
    const looping = await broken({ repeatToken: true }, 'none')
    const first = await json(send(looping, `${O}?maxResults=1`))
    looping.setFault(() => ({ repeatToken: true }))
    expect(await json(send(looping, `${O}?maxResults=1&pageToken=${String(first.body['nextPageToken'])}`))).toEqual(
      first,
    )
    const expired = await json(send(await broken({ expiredToken: true }, 'objects.list'), O))
    expect(expired).toMatchObject({ status: 401, body: { error: { errors: [{ reason: 'authError' }] } } })
  })

  test('closing the server ends stalled answers at once', async () => {
    const server = await startGcsServer()
    server.admin.createBucket({ name: 'bucket' })
    await server.admin.put('bucket', 'a', pattern(1000))
    server.setFault(() => ({ stall: 10 }))
    const reading = received(server)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.close()
    expect(await reading).toEqual([10, false])
  })

  test('what the server does not have is 501, and what is no URI is 400', async () => {
    const server = await startServer()
    expect((await json(send(server, '/storage/v1/b/bucket/notificationConfigs'))).status).toBe(501)
    expect((await json(send(server, '/storage/v1/b/%ff/o'))).status).toBe(400)
  })
})

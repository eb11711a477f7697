import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BackupError } from '@backproof/core/errors'
import { type CountedBodyOptions, countedBody, createLifetime } from '@backproof/core/object-store'
import { afterEach, describe, expect, it } from 'vitest'

let close: (() => Promise<void>) | undefined
afterEach(async () => {
  await close?.()
  close = undefined
})

/** The answer of a real server that does this with it. */
const answerOf = async (serve: (response: ServerResponse) => void): Promise<IncomingMessage> => {
  const server = createServer((_, response) => serve(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const { port } = server.address() as AddressInfo
  return await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, resolve).on('error', reject)
  })
}

const options = (stream: IncomingMessage, more: Partial<CountedBodyOptions> = {}): CountedBodyOptions => ({
  lifetime: createLifetime('store://place', 'store'),
  provider: 'store',
  operation: 'Get',
  uri: 'store://place',
  subject: 'a\nb',
  stream,
  offset: 100,
  length: 10,
  timeoutMs: 5_000,
  call: {},
  fromConnection: (cause) => new BackupError({ code: 'unavailable', message: 'broken off', cause }),
  ...more,
})

const drain = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  let text = ''
  for await (const chunk of body) text += Buffer.from(chunk).toString()
  return text
}

describe('a body', () => {
  it('gives exactly the bytes that were promised', async () => {
    const stream = await answerOf((response) => response.end('0123456789'))
    expect(await drain(countedBody(options(stream)))).toBe('0123456789')
  })

  it('that ends in good order before its length is corrupt, and may be tried again', async () => {
    const stream = await answerOf((response) => {
      response.write('0123')
      response.end()
    })
    const failed = drain(countedBody(options(stream)))
    await expect(failed).rejects.toMatchObject({ code: 'corrupt', retryable: true, subject: 'a\nb' })
    await expect(failed).rejects.toThrow('The body of a\\nb ended after 4 of 10 bytes.')
  })

  it('that goes on behind its length is corrupt', async () => {
    const stream = await answerOf((response) => response.end('0123456789x'))
    await expect(drain(countedBody(options(stream)))).rejects.toThrow('after 11 of 10 bytes and more')
  })

  it('that is closed before its Content-Length is corrupt; what examines it is asked for the rest', async () => {
    const stream = await answerOf((response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('0123', () => response.socket?.end())
    })
    const asked: unknown[] = []
    const examine = (missing: object): Promise<Error> => {
      asked.push(missing)
      return Promise.resolve(new BackupError({ code: 'corrupt', message: 'lost for good' }))
    }
    await expect(drain(countedBody(options(stream, { examine })))).rejects.toThrow('lost for good')
    expect(asked).toEqual([{ start: 104, end: 110 }])
  })

  it('that stops coming ends with its time', async () => {
    const stream = await answerOf((response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('01')
    })
    const failed = drain(countedBody(options(stream, { timeoutMs: 50 })))
    await expect(failed).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('after 2 bytes') })
    expect(stream.destroyed).toBe(true)
  })

  it('ends with the reason of the signal, and with its source', async () => {
    const hanging = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('01')
    }
    const controller = new AbortController()
    const aborted = await answerOf(hanging)
    const body = countedBody(options(aborted, { call: { signal: controller.signal } }))
    await body.next()
    setTimeout(() => controller.abort(new Error('enough')), 5)
    await expect(body.next()).rejects.toThrow('enough')
    expect(aborted.destroyed).toBe(true)
    await close?.()
    const disposed = await answerOf(hanging)
    const given = options(disposed)
    const other = countedBody(given)
    await other.next()
    given.lifetime.close()
    await expect(other.next()).rejects.toThrow('was disposed of before a\\nb was read to its end')
  })

  it('that nobody starts is closed by returning', async () => {
    const stream = await answerOf((response) => response.end('0123456789'))
    const body = countedBody(options(stream))
    expect(await body.return?.()).toMatchObject({ done: true })
    expect(stream.destroyed).toBe(true)
    expect(await body.next()).toMatchObject({ done: true })
  })
})

import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { compare } from '@backproof/core/compare'
import { memorySource } from '@backproof/core/testing'
import { expect, test } from 'vitest'
import { startFront } from './support/front.js'
import { KEYS, QUICK, type Vault } from './support/vault.js'

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))

/** Places where nobody answers, or somebody else; credentials that do not come. */
export const networkFaults = (vault: () => Vault): void => {
  test('connection refused: nothing starts (unavailable), tried as often as asked', async () => {
    const told = await vault().compare('refused', { s3: { endpoint: `http://127.0.0.1:${await closedPort()}` } })
    expect(told).toMatchObject({ exit: undefined, code: 'unavailable', keys: {} })
    expect(told.message).toMatch(/s3:\/\/vault: nobody answers at 127\.0\.0\.1\. Check the endpoint.*ECONNREFUSED/)
    expect(told.ms).toBeLessThan(5_000)
  })

  test('no such host: nothing starts', async () => {
    const told = await vault().compare('no host', {
      s3: { endpoint: 'http://nonexistent.invalid', requestTimeoutMs: 2_000 },
    })
    expect(told).toMatchObject({ exit: undefined, keys: {} })
    // A machine without any name server answers EAI_AGAIN, or not at all.
    expect(['unavailable', 'timeout']).toContain(told.code)
    expect(told.message).toMatch(/there is no host vault\.nonexistent\.invalid|did not answer in time|no answer within/)
  })

  test('gone half way: what was read matches, the rest are errors (unavailable)', async () => {
    const front = await startFront(vault().server.url)
    let closing: PromiseLike<void> | undefined
    front.answer(({ url }) => {
      if (url.pathname !== `/vault/${KEYS.plain}`) return undefined
      closing = front[Symbol.asyncDispose]()
      return { status: 503 }
    })
    const told = await vault().compare('gone half way', {
      require: 'read',
      concurrency: 1,
      s3: { endpoint: front.url },
    })
    await closing
    expect(told.keys).toEqual({ ...allMatch, [KEYS.plain]: 'error: unavailable', [KEYS.last]: 'error: unavailable' })
    expect(told).toMatchObject({ exit: 3, complete: true })
  })

  test('https where http is spoken: nothing starts, tried once, and the words say what to check', async () => {
    const endpoint = vault().server.url.replace('http:', 'https:')
    const told = await vault().compare('https', { s3: { endpoint } })
    expect(told).toMatchObject({ exit: undefined, code: 'unavailable', keys: {} })
    expect(told.message).toMatch(
      /127\.0\.0\.1 does not speak the protocol of the endpoint\. Check whether it is http or https/,
    )
  })

  test('a server of another protocol: nothing starts (unavailable)', async () => {
    const { endpoint, close } = await serverThat((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'))
    const told = await vault().compare('ssh', { s3: { endpoint } })
    await close()
    expect(told).toMatchObject({ exit: undefined, code: 'unavailable', keys: {} })
    expect(told.message).toMatch(/s3:\/\/vault: 127\.0\.0\.1 (?:does not speak the protocol|broke off the connection)/)
  })

  test('a server that takes connections and says nothing: nothing starts (timeout), within the time that it has', async () => {
    const { endpoint, close } = await serverThat(() => undefined)
    const told = await vault().compare('silence', { s3: { endpoint, requestTimeoutMs: 200 } })
    await close()
    expect(told).toMatchObject({ exit: undefined, code: 'timeout', keys: {} })
    expect(told.message).toMatch(/had no answer within 200 ms/)
    expect(told.ms).toBeLessThan(5_000)
  })

  test('credentials that never come: nothing starts (timeout)', async () => {
    const told = await vault().compare('no credentials come', {
      s3: { credentials: () => new Promise<never>(() => undefined), requestTimeoutMs: 200 },
    })
    expect(told).toMatchObject({ exit: undefined, code: 'timeout', keys: {} })
    expect(told.ms).toBeLessThan(5_000)
  })

  test('credentials that never come, aborted: at once', async () => {
    await using source = vault().open({ credentials: () => new Promise<never>(() => undefined) })
    const signal = AbortSignal.timeout(100)
    const start = performance.now()
    const run = compare({ source: memorySource(vault().files), replicas: [source], signal, retry: QUICK })
    expect((await run.report()).result).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
    expect(performance.now() - start).toBeLessThan(1_500)
  })
}

interface OtherServer {
  readonly endpoint: string
  close(): Promise<void>
}

const serverThat = async (greet: (socket: Socket) => void): Promise<OtherServer> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // Clients may leave as they like.
    socket.on('error', () => socket.destroy())
    greet(socket)
  })
  const port = await portOf(server)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const closedPort = async (): Promise<number> => {
  const server = createServer()
  const port = await portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type GcsSourceOptions, gcsSource } from '@backproof/provider-gcp'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openClient } from '../src/client/client.js'
import { gcsSettings } from '../src/options.js'
import { credentialsOf, entryOf, failureOf, freshName, listAll, readAll, withBucket } from './support/bucket.js'

let server: GcsServer
let folder: string
const name = freshName()
const LARGE = Buffer.alloc(1_000_000, 'some bytes ')
beforeAll(async () => {
  server = await startGcsServer()
  folder = await mkdtemp(join(tmpdir(), 'backproof-gcp-'))
  server.admin.createBucket({ name })
  await server.admin.put(name, 'a', Buffer.from('a'))
  await server.admin.put(name, 'large', LARGE)
})
afterEach(() => {
  vi.unstubAllEnvs()
  server.setFault(undefined)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** A port at which nobody listens. */
const closedPort = async (): Promise<number> => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  return port
}

describe('options', () => {
  it.each<[string, unknown]>([
    ['bucket', {}],
    ['bucket', { bucket: 'gs://backups' }],
    ['bucket', { bucket: 'a/b' }],
    ['prefix', { prefix: 7 }],
    ['prefix', { prefix: '\ud800' }],
    ['prefix', { prefix: 'x'.repeat(1_025) }],
    ['projectId', { projectId: 'my project' }],
    ['keyFile', { keyFile: '' }],
    ['credentials', { credentials: 'text' }],
    ['authClient', { authClient: {} }],
    ['anonymous', { anonymous: 'yes' }],
    ['keyFile and anonymous', { anonymous: true, keyFile: 'key.json' }],
    ['keyFile and credentials', { credentials: {}, keyFile: 'key.json' }],
    ['client', { client: {} }],
    ['endpoint', { endpoint: 'example.org' }],
    ['endpoint', { endpoint: 'ftp://example.org' }],
    ['userProject', { userProject: '' }],
    ['customerKey', { customerKey: 'short' }],
    ['customerKey', { customerKey: new Uint8Array(31) }],
    ['softDeleted', { softDeleted: 1 }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['listConcurrency', { listConcurrency: 1.5 }],
    ['"prefixx"', { prefixx: '' }],
    ['endpoint has no effect', { client: { authClient: {}, apiEndpoint: '' }, endpoint: 'https://example.org' }],
  ])('are refused at once where %s is wrong', (option, options) => {
    const bucket =
      (options as { bucket?: string }).bucket === undefined && option !== 'bucket' ? { bucket: 'backups' } : {}
    const open = () => gcsSource({ ...bucket, ...(options as GcsSourceOptions) })
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    expect(open).toThrow(option)
  })

  it('never show what may be a secret', () => {
    for (const options of [
      { customerKey: 'my-customer-key' },
      { endpoint: 'https://user:my-customer-key@example.org' },
      { endpoint: 'https://example.org/?token=my-customer-key' },
      { credentials: 'my-customer-key' as never },
    ]) {
      try {
        gcsSource({ bucket: 'backups', ...options })
        expect.unreachable()
      } catch (error) {
        expect(String(error)).not.toContain('my-customer-key')
      }
    }
  })
})

describe('where requests go', () => {
  it.each(['', '/', '/storage/v1', '/storage/v1/'])(
    'to STORAGE_EMULATOR_HOST, without credentials: http://host:port%s',
    async (path) => {
      const bucket = freshName()
      server.admin.createBucket({
        name: bucket,
        bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }],
      })
      await server.admin.put(bucket, 'a', Buffer.from('a'))
      vi.stubEnv('STORAGE_EMULATOR_HOST', `${server.url}${path}`)
      const source = gcsSource({ bucket })
      expect((await source.describe()).place).toBe(`${server.url}/${bucket}/`)
      expect((await readAll(source, await entryOf(source, 'a'))).toString()).toBe('a')
      await source[Symbol.asyncDispose]()
      expect(process.env['STORAGE_EMULATOR_HOST']).toBe(`${server.url}${path}`)
    },
  )

  it('to the endpoint that is given, whatever the environment says', async () => {
    vi.stubEnv('STORAGE_EMULATOR_HOST', `http://127.0.0.1:${await closedPort()}`)
    expect(await withBucket(server, name, { endpoint: `${server.url}/storage/v1/` }, listAll)).toHaveLength(2)
  })

  it.each([
    ['Google', {}, true],
    ['a regional endpoint of Google', { endpoint: 'https://storage.us-central1.rep.googleapis.com' }, true],
    ['somebody else', { endpoint: 'https://googleapis.com.example.org' }, false],
    ['somebody else who was given credentials', { endpoint: 'https://example.org', keyFile: 'key.json' }, true],
    ['somebody else, where that is said', { endpoint: 'https://example.org', anonymous: false }, true],
    ['Google, for what is public', { anonymous: true }, false],
  ])('with the tokens that are found: %s', (_, options, authenticated) => {
    const opened = openClient(gcsSettings({ bucket: 'backups', ...options }), new AbortController().signal)
    expect(opened.authenticated).toBe(authenticated)
    expect(opened.endpoint).toMatch(/^https:\/\/[a-z0-9.-]+$/)
  })

  it('through the proxy of the environment', async () => {
    const tunnels: string[] = []
    const sockets = new Set<Socket>()
    const proxy = createServer()
    proxy.on('connect', (request, socket: Socket) => {
      tunnels.push(request.url ?? '')
      const { port } = new URL(server.url)
      const there = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        there.pipe(socket).pipe(there)
      })
      sockets.add(there).add(socket)
      for (const one of [there, socket]) one.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    expect(await withBucket(server, name, { endpoint: 'http://storage.example.org' }, listAll)).toHaveLength(2)
    expect(tunnels).toContain('storage.example.org:80')
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })

  it('says that nobody answers, and ends', async () => {
    const endpoint = `http://127.0.0.1:${await closedPort()}`
    const error = await failureOf(withBucket(server, 'backups', { endpoint, anonymous: true }, (s) => s.describe()))
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
  })
})

describe('credentials', () => {
  it('are those of the environment (ADC), of a key file, or given', async () => {
    const keyFile = join(folder, 'key.json')
    await writeFile(keyFile, JSON.stringify(server.owner.credentials))
    const own = { endpoint: server.url, bucket: name }
    for (const options of [{ keyFile }, credentialsOf(server.owner)]) {
      const source = gcsSource({ ...own, ...options })
      expect(await listAll(source)).toHaveLength(2)
      await source[Symbol.asyncDispose]()
    }
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', keyFile)
    const found = gcsSource({ ...own, anonymous: false })
    expect(await listAll(found)).toHaveLength(2)
    await found[Symbol.asyncDispose]()
    // By itself, ADC goes to hosts of Google only.
    const source = gcsSource(own)
    expect(await failureOf(source.describe())).toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('no credentials were sent') as string,
    })
    await source[Symbol.asyncDispose]()
  })

  it.each([
    ['is not there', undefined, 'does not exist'],
    ['is no JSON', '{"private_key":"topsecret', 'malformed'],
    ['is no object', '["topsecret"]', 'malformed'],
    ['has no key', '{"type":"service_account","client_email":"a@b"}', ''],
  ])('say so when the key file %s', async (_, content, text) => {
    const keyFile = join(folder, `wrong-${freshName()}.json`)
    if (content !== undefined) await writeFile(keyFile, content)
    const source = gcsSource({ bucket: name, endpoint: server.url, keyFile })
    const error = await failureOf(source.describe())
    expect(error).toMatchObject({ code: 'invalid-config', retryable: false })
    expect(error.message).toContain(text)
    expect(JSON.stringify(error)).not.toContain('topsecret')
    await source[Symbol.asyncDispose]()
  })

  it('that are refused by the server of tokens are told as such', async () => {
    const credentials = {
      ...server.owner.credentials,
      credential_source: { url: `${server.url}/subject-token/nobody` },
    }
    const error = await failureOf(withBucket(server, name, { credentials } as never, (source) => source.describe()))
    expect(error).toMatchObject({ code: 'access-denied', retryable: false })
    expect(error.message).toContain('gcloud auth')
  })
})

describe('a client for tokens of the host', () => {
  interface Given {
    readonly url: string
    readonly headers: Record<string, string>
    readonly signal: AbortSignal
    readonly adapter: (options: object) => Promise<{ readonly status: number; readonly data: unknown }>
  }
  const opening = (request: (options: Given) => Promise<unknown>) => ({
    authClient: { request } as unknown as GcsSourceOptions['authClient'],
  })
  const withToken = (options: Given, token: string): Given => ({
    ...options,
    headers: { ...options.headers, authorization: `Bearer ${token}` },
  })

  it('may renew a token that has run out, and send again', async () => {
    let token = 'ya29.run-out'
    const authClient = opening(async (options) => {
      const answer = await options.adapter(withToken(options, token))
      if (answer.status !== 401) return answer
      token = server.owner.token
      return options.adapter(withToken(options, token))
    })
    server.requests.reset()
    await withBucket(server, name, authClient, async (source) => {
      expect((await readAll(source, await entryOf(source, 'a'))).toString()).toBe('a')
    })
    expect(server.requests.count('buckets.get')).toBe(2)
    expect(server.requests.count('objects.getMedia')).toBe(1)
  })

  it('may send by itself, as a browser would', async () => {
    const authClient = opening(async (options) => {
      const { url, headers, signal } = withToken(options, server.owner.token)
      const answer = await fetch(url, { headers, signal })
      if (answer.ok) return { data: answer.body, status: answer.status, headers: answer.headers }
      const data = await answer.text()
      throw Object.assign(new Error('refused'), {
        config: options,
        response: { ...answer, status: answer.status, data },
      })
    })
    await withBucket(server, name, authClient, async (source) => {
      expect((await readAll(source, await entryOf(source, 'large'))).equals(LARGE)).toBe(true)
      expect(await failureOf(source.stat({ key: 'missing' }))).toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('HTTP 404') as string,
      })
    })
  })

  it('shows its token to nobody', async () => {
    const token = 'ya29.a-token-that-no-pattern-finds'
    server.setFault(({ operation }) =>
      operation === 'objects.get' ? { status: 403, code: 'forbidden', message: `You sent ${token}.` } : undefined,
    )
    const authClient = opening(async (options) => {
      const answer = await options.adapter(withToken(options, token))
      if (answer.status >= 300) throw new Error(`Bearer ${token}`)
      return answer
    })
    await withBucket(server, name, authClient, async (source) => {
      const error = await failureOf(source.stat({ key: 'a' }))
      expect(error).toMatchObject({ code: 'access-denied', message: expect.stringContaining('You sent') as string })
      expect(inspect(error, { depth: 9 })).not.toContain(token)
    })
  })
})

describe('requests', () => {
  it('name who pays, where a requester has to', async () => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket, requesterPays: true })
    await server.admin.put(bucket, 'a', Buffer.from('a'))
    const refused = await failureOf(withBucket(server, bucket, {}, listAll))
    expect(refused).toMatchObject({ code: 'access-denied', message: expect.stringContaining('userProject') as string })
    const bytes = await withBucket(server, bucket, { userProject: 'payer' }, async (source) =>
      readAll(source, await entryOf(source, 'a')),
    )
    expect(bytes.toString()).toBe('a')
  })

  it('are made once, and told to who counts', async () => {
    server.setFault(({ operation }) =>
      operation === 'objects.list' ? { status: 503, code: 'backendError', headers: { 'retry-after': '3' } } : undefined,
    )
    const told: string[] = []
    server.requests.reset()
    const onRequest = (operation: string): void => {
      told.push(operation)
    }
    const error = await failureOf(withBucket(server, name, {}, (source) => listAll(source, { onRequest })))
    expect(error).toMatchObject({ code: 'throttled', retryable: true, retryAfterMs: 3_000 })
    expect(told).toEqual(['buckets.get', 'objects.list'])
    const { 'objects.list': lists, 'buckets.get': settings } = server.requests.counts()
    expect([lists, settings]).toEqual([1, 1])
  })
})

describe('a call that is cancelled', () => {
  const STOP = new Error('stop')

  /** Connections that the server has for requests which are under way. */
  const openTo = async (use: (endpoint: string, count: () => number) => Promise<void>): Promise<void> => {
    const sockets = new Set<Socket>()
    const silent = createServer((request, response) => {
      // Headers and a beginning for downloads, nothing for all else.
      if (request.url?.includes('alt=media') !== true) return
      response.writeHead(200, { 'content-length': '1000000', 'x-goog-generation': '7' })
      response.write(Buffer.alloc(1_000))
    })
    silent.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    try {
      await use(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, () => sockets.size)
    } finally {
      silent.closeAllConnections()
      silent.close()
    }
  }

  it.each(['describe', 'list', 'stat', 'read', 'body'] as const)(
    'ends %s at once, with no socket open',
    async (which) => {
      await openTo(async (endpoint, count) => {
        const options = which === 'body' ? credentialsOf(server.owner) : { anonymous: true }
        const source = gcsSource({ bucket: name, endpoint, ...options })
        const controller = new AbortController()
        const { signal } = controller
        const ref = { key: 'a', generation: '7', size: 1_000_000 }
        const calls = {
          describe: () => source.describe({ signal }),
          list: () => listAll(source, { signal }),
          stat: () => source.stat(ref, { signal }),
          read: () => source.read(ref, { signal, range: { start: 3, end: 3 } }),
          body: () => readAll(source, { key: 'a', kind: 'object', ref }, { signal }),
        }
        const call = calls[which]()
        await vi.waitFor(() => expect(count()).toBe(1), { timeout: 5_000 })
        const started = Date.now()
        controller.abort(STOP)
        await expect(call).rejects.toBe(STOP)
        await vi.waitFor(() => expect(count()).toBe(0), { timeout: 1_000, interval: 5 })
        expect(Date.now() - started).toBeLessThan(1_000)
        await source[Symbol.asyncDispose]()
      })
    },
  )

  it('ends what is under way when its source is disposed of, and closes idle connections', async () => {
    await openTo(async (endpoint, count) => {
      const source = gcsSource({ bucket: name, endpoint, anonymous: true })
      const call = failureOf(source.stat({ key: 'a' }))
      await vi.waitFor(() => expect(count()).toBe(1), { timeout: 5_000 })
      await source[Symbol.asyncDispose]()
      expect(await call).toMatchObject({ code: 'invalid-config' })
      await vi.waitFor(() => expect(count()).toBe(0), { timeout: 1_000 })
    })
  })

  it('keeps its connection from request to request, also where a token had to be got', async () => {
    const opened: unknown[] = []
    const onSocket = (message: unknown): void => {
      opened.push(message)
    }
    subscribe('net.client.socket', onSocket)
    try {
      const source = gcsSource({ bucket: name, endpoint: server.url, ...credentialsOf(server.owner) })
      for (let i = 0; i < 5; i++) await listAll(source)
      // The token of a workload takes two requests, each on a connection of its own.
      expect(opened.length).toBe(3)
      await source[Symbol.asyncDispose]()
    } finally {
      unsubscribe('net.client.socket', onSocket)
    }
  })
})

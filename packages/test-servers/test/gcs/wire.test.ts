import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type ErrorDocument, json, O, pattern, send, startServer } from './clients.js'

/** The check value of CRC-32C in the catalogue of CRCs, e3069283, and the MD5 25f9e794323b453885f5181f1b624d0b. */
const CHECK = { bytes: '123456789', crc32c: '4waSgw==', md5: 'JfnnlDI7RTiF9RgfG2JNCw==' }

describe('objects.get', () => {
  test('a resource has the members that the reference names', async () => {
    const server = await startServer()
    const generation = await server.admin.put('bucket', 'a b/c', Buffer.from(''), {
      timeCreated: new Date('2026-01-02T03:04:05.678Z'),
    })
    const { status, body } = await json(send(server, `${O}/a%20b%2Fc`))
    expect(status).toBe(200)
    expect(body).toEqual({
      kind: 'storage#object',
      id: `bucket/a b/c/${generation}`,
      selfLink: `${server.url}/storage/v1/b/bucket/o/a%20b%2Fc`,
      mediaLink: `${server.url}/download/storage/v1/b/bucket/o/a%20b%2Fc?generation=${generation}&alt=media`,
      name: 'a b/c',
      bucket: 'bucket',
      generation,
      metageneration: '1',
      contentType: 'application/octet-stream',
      storageClass: 'STANDARD',
      size: '0',
      md5Hash: '1B2M2Y8AsgTpgAmY7PhCfg==',
      crc32c: 'AAAAAA==',
      etag: expect.stringMatching(/^C[A-P].*EAE=$/),
      timeCreated: '2026-01-02T03:04:05.678Z',
      updated: '2026-01-02T03:04:05.678Z',
      timeStorageClassUpdated: '2026-01-02T03:04:05.678Z',
      timeFinalized: '2026-01-02T03:04:05.678Z',
    })
    expect(generation).toMatch(/^\d{16}$/)
  })

  test.each(['/storage/v1/b/bucket/o/a?alt=media', '/download/storage/v1/b/bucket/o/a?alt=media'])(
    'media with its headers: %s',
    async (path) => {
      const server = await startServer()
      const bytes = pattern(1000)
      const generation = await server.admin.put('bucket', 'a', bytes, { contentType: 'text/plain' })
      const { body: metadata } = await json<Record<string, string>>(send(server, `${O}/a`))
      const whole = await send(server, path)
      expect(whole.status).toBe(200)
      expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
      expect(Object.fromEntries(whole.headers)).toMatchObject({
        'content-length': '1000',
        'content-type': 'text/plain',
        etag: metadata['etag'],
        'x-goog-generation': generation,
        'x-goog-metageneration': '1',
        'x-goog-hash': `crc32c=${metadata['crc32c']},md5=${metadata['md5Hash']}`,
        'x-goog-storage-class': 'STANDARD',
        'x-goog-stored-content-encoding': 'identity',
        'x-goog-stored-content-length': '1000',
      })
      const ranges: [string, number, number][] = [
        ['bytes=10-19', 10, 20],
        ['bytes=990-', 990, 1000],
        ['bytes=-5', 995, 1000],
        ['bytes=0-99999', 0, 1000],
      ]
      for (const [range, start, end] of ranges) {
        const part = await send(server, path, { headers: { range } })
        expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/1000`])
        expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(start, end))).toBe(true)
      }
      const beyond = await send(server, path, { headers: { range: 'bytes=1000-' } })
      expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000'])
      expect(await beyond.text()).toBe('Request range not satisfiable')
    },
  )

  test('preconditions, generations, and what is missing', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: 'versioned', versioning: true })
    const first = await server.admin.put('versioned', 'a', Buffer.from('1'))
    const second = await server.admin.put('versioned', 'a', Buffer.from('2'))
    const path = '/storage/v1/b/versioned/o/a'
    const answer = async (query: string): Promise<[number, string]> => {
      const response = await send(server, `${path}?alt=media&${query}`)
      return [response.status, await response.text()]
    }
    expect(await answer('')).toEqual([200, '2'])
    expect(await answer(`generation=${first}`)).toEqual([200, '1'])
    expect(await answer(`generation=${second}&ifGenerationMatch=${second}&ifMetagenerationMatch=1`)).toEqual([200, '2'])
    expect((await answer(`ifGenerationMatch=${first}`))[0]).toBe(412)
    expect((await answer('ifMetagenerationMatch=2'))[0]).toBe(412)
    expect((await answer(`ifGenerationNotMatch=${second}`))[0]).toBe(304)
    expect(await answer('generation=1')).toEqual([404, 'No such object: versioned/a'])
    expect((await answer('generation=x'))[0]).toBe(400)
    const etag = String((await json(send(server, path))).body['etag'])
    const named = (header: string, value: string) => send(server, path, { headers: { [header]: value } })
    expect((await named('if-match', etag)).status).toBe(200)
    expect((await named('if-match', 'CAE=')).status).toBe(412)
    expect((await named('if-none-match', etag)).status).toBe(304)
    const conflict = await json<ErrorDocument>(send(server, `${path}?ifGenerationMatch=${first}`))
    expect(conflict.body.error).toEqual({
      code: 412,
      message: 'At least one of the pre-conditions you specified did not hold.',
      errors: [
        {
          message: 'At least one of the pre-conditions you specified did not hold.',
          domain: 'global',
          reason: 'conditionNotMet',
          locationType: 'header',
          location: 'If-Match',
        },
      ],
    })
    const missing = await json(send(server, `${O}/none`))
    expect(missing).toEqual({
      status: 404,
      body: {
        error: {
          code: 404,
          message: 'No such object: bucket/none',
          errors: [{ message: 'No such object: bucket/none', domain: 'global', reason: 'notFound' }],
        },
      },
    })
    expect((await json<ErrorDocument>(send(server, '/storage/v1/b/nobody/o'))).body.error.message).toBe(
      'The specified bucket does not exist.',
    )
  })
})

describe('decompressive transcoding', () => {
  const content = Buffer.from('hello '.repeat(500))

  test('who does not take gzip gets the content, without a length and whatever range was asked for', async () => {
    const server = await startServer()
    await server.admin.put('bucket', 'z', gzipSync(content), { contentEncoding: 'gzip', contentType: 'text/plain' })
    const headers = { 'accept-encoding': 'identity', range: 'bytes=0-9' }
    const plain = await send(server, `${O}/z?alt=media`, { headers })
    expect(plain.status).toBe(200)
    expect(Buffer.from(await plain.arrayBuffer()).equals(content)).toBe(true)
    expect(plain.headers.get('content-length')).toBeNull()
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(plain.headers.get('x-goog-stored-content-encoding')).toBe('gzip')
    expect(plain.headers.get('warning')).toBe('214 UploadServer gunzipped')
  })

  test('who takes gzip gets what is stored, also in ranges; no-transform keeps it', async () => {
    const server = await startServer()
    const stored = gzipSync(content)
    await server.admin.put('bucket', 'z', stored, { contentEncoding: 'gzip' })
    const part = await send(server, `${O}/z?alt=media`, { headers: { 'accept-encoding': 'gzip', range: 'bytes=-3' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes ${stored.length - 3}-${stored.length - 1}/${stored.length}`,
    ])
    expect(part.headers.get('content-encoding')).toBe('gzip')
    await part.body?.cancel()
    await server.admin.put('bucket', 'k', stored, {
      contentEncoding: 'gzip',
      resource: { cacheControl: 'no-transform' },
    })
    const kept = await send(server, `${O}/k?alt=media`, { headers: { 'accept-encoding': 'identity' } })
    expect(kept.headers.get('content-length')).toBe(String(stored.length))
    await kept.body?.cancel()
  })
})

describe('uploads', () => {
  const media = (query: string): string => `/upload/storage/v1/b/bucket/o?${query}`

  test('the digests of known bytes', async () => {
    const server = await startServer()
    const made = await json(send(server, media('uploadType=media&name=check'), { method: 'POST', body: CHECK.bytes }))
    expect(made).toMatchObject({ status: 200, body: { crc32c: CHECK.crc32c, md5Hash: CHECK.md5, size: '9' } })
  })

  test.each([
    ['x-goog-hash', `crc32c=${CHECK.crc32c},md5=${CHECK.md5}`, 200],
    ['x-goog-hash', 'crc32c=AAAAAA==', 400],
    ['x-goog-hash', 'md5=1B2M2Y8AsgTpgAmY7PhCfg==', 400],
    ['content-md5', CHECK.md5, 200],
    ['content-md5', '1B2M2Y8AsgTpgAmY7PhCfg==', 400],
  ])('%s: %s is checked: %s', async (name, value, status) => {
    const server = await startServer()
    const init = { method: 'POST', body: CHECK.bytes, headers: { [name]: value } }
    expect((await json(send(server, media('uploadType=media&name=a'), init))).status).toBe(status)
    expect(server.admin.snapshot('bucket')).toHaveLength(status === 200 ? 1 : 0)
  })

  test('multipart, with the digest in the resource', async () => {
    const server = await startServer()
    const body = (resource: object): string =>
      `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(resource)}\r\n--b\r\nContent-Type: text/x\r\n\r\n${CHECK.bytes}\r\n--b--\r\n`
    const post = (text: string) =>
      json(
        send(server, media('uploadType=multipart'), {
          method: 'POST',
          headers: { 'content-type': 'multipart/related; boundary="b"' },
          body: text,
        }),
      )
    expect(await post(body({ name: 'a', md5Hash: CHECK.md5, metadata: { k: 'v' } }))).toMatchObject({
      status: 200,
      body: { name: 'a', contentType: 'text/x', metadata: { k: 'v' }, size: '9' },
    })
    expect((await post(body({ name: 'a', crc32c: 'AAAAAA==' }))).status).toBe(400)
    expect((await post(body({}))).status).toBe(400)
    expect((await post('--b\r\n\r\n{}')).status).toBe(400)
  })

  test('resumable: 308 tells how far it is, and what was sent twice is left out', async () => {
    const server = await startServer()
    const bytes = pattern(256 * 1024 + 5)
    const begun = await send(server, media('uploadType=resumable&name=a'), { method: 'POST', body: '{}' })
    const address = begun.headers.get('location')!.slice(server.url.length)
    const put = async (range: string, body?: Buffer) => {
      const init = { method: 'PUT', headers: { 'content-range': range }, ...(body && { body }) }
      const response = await send(server, address, { ...init, user: undefined } as RequestInit)
      await response.arrayBuffer()
      return [response.status, response.headers.get('range')]
    }
    expect(await put('bytes */*')).toEqual([308, null])
    expect(await put('bytes 0-9/*', bytes.subarray(0, 10))).toEqual([400, null])
    expect(await put('bytes 0-262143/*', bytes.subarray(0, 262144))).toEqual([308, 'bytes=0-262143'])
    expect(await put('bytes 262200-262300/*', bytes.subarray(0, 101))).toEqual([400, null])
    expect(await put('bytes 262140-262148/262149', bytes.subarray(262140))).toEqual([200, null])
    expect(await put('bytes */262149')).toEqual([200, null])
    const whole = await send(server, `${O}/a?alt=media`)
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
  })

  test.each(['', 'a\nb', 'a\rb', '.', '..', 'x'.repeat(1025)])('the name %j is refused', async (name) => {
    const server = await startServer()
    const path = media(`uploadType=media&${new URLSearchParams({ name })}`)
    expect((await json(send(server, path, { method: 'POST', body: 'a' }))).status).toBe(400)
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryOf, failureOf, freshName, listAll, withBucket } from './support/bucket.js'

let server: GcsServer
const name = freshName()
beforeAll(async () => {
  server = await startGcsServer()
  server.admin.createBucket({ name })
})
afterAll(() => server.close())

type PutOptions = Parameters<GcsServer['admin']['put']>[3]

const statOf = async (key: string, put: PutOptions, want: readonly string[] = []) => {
  await server.admin.put(name, key, Buffer.from('some bytes'), put)
  return withBucket(server, name, {}, async (source) => {
    const { ref } = await entryOf(source, key)
    server.requests.reset()
    return source.stat(ref, { want })
  })
}

describe('stat', () => {
  it('tells size, generation, digests and class from one request', async () => {
    const info = await statOf('a', { storageClass: 'COLDLINE' })
    expect(info).toMatchObject({ key: 'a', kind: 'object', size: 10, storageClass: 'COLDLINE' })
    expect(info.digests).toEqual([
      expect.objectContaining({ algorithm: 'crc32c', provenance: 'service' }),
      expect.objectContaining({ algorithm: 'md5', provenance: 'service' }),
    ])
    // Reading it costs, and needs no restore.
    expect(info.archived).toBeUndefined()
    expect(server.requests.counts()).toEqual({ 'objects.get': 1 })
  })

  it('tells the present state of what was replaced, with a ref that opens it', async () => {
    await server.admin.put(name, 'moving', Buffer.from('first'))
    await withBucket(server, name, {}, async (source) => {
      const listed = await entryOf(source, 'moving')
      const generation = await server.admin.put(name, 'moving', Buffer.from('other bytes'))
      const info = await source.stat(listed.ref)
      expect(info).toMatchObject({ size: 11, version: generation })
      server.admin.remove(name, 'moving')
      expect(await failureOf(source.stat(listed.ref))).toMatchObject({ code: 'not-found', retryable: false })
    })
  })

  it('leaves time and version as they are when only metadata change', async () => {
    const timeCreated = new Date('2024-05-06T07:08:09.123Z')
    const info = await statOf('dated', { timeCreated })
    expect(info.modified).toBe(timeCreated.getTime())
  })

  it('tells of an object under a key of its owner no digests, and nothing fails', async () => {
    const customerKey = Buffer.alloc(32, 7)
    const info = await statOf('own-key', { customerKey })
    expect(info.size).toBe(10)
    expect(info.digests).toBeUndefined()
    const known = await withBucket(server, name, { customerKey }, async (source) =>
      source.stat((await entryOf(source, 'own-key')).ref),
    )
    expect(known.digests?.map(({ algorithm }) => algorithm)).toEqual(['crc32c', 'md5'])
    expect(JSON.stringify(known)).not.toContain(customerKey.toString('base64'))
  })

  it('tells holds and retention where that is asked', async () => {
    const until = new Date('2031-01-01T00:00:00.000Z')
    const retention = { mode: 'Unlocked', retainUntilTime: until.toISOString() }
    const held = await statOf('held', { temporaryHold: true, resource: { retention } }, ['retention'])
    expect(held).toMatchObject({ legalHold: true, retainUntil: until.getTime() })
    expect(await statOf('free', {}, ['retention'])).not.toHaveProperty('retainUntil')
    expect(await statOf('not-asked', { temporaryHold: true })).not.toHaveProperty('legalHold')
  })

  it('tells of the bucket until when it retains its objects', async () => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket, retentionSeconds: 3_600 })
    await server.admin.put(bucket, 'a', Buffer.from('a'))
    const info = await withBucket(server, bucket, {}, async (source) =>
      source.stat((await listAll(source))[0]!.ref, { want: ['retention'] }),
    )
    expect(info.retainUntil).toBeGreaterThan(Date.now() + 3_500_000)
  })

  it.each<unknown>([
    null,
    'a',
    { key: 7 },
    { key: 'a', generation: 'x' },
    { key: 'a', generation: 7 },
    { key: 'a', size: -1 },
    { key: 'a', version: 'yes' },
  ])('refuses the ref %j, which it never gave out', async (ref) => {
    await withBucket(server, name, {}, async (source) => {
      expect(await failureOf(source.stat(ref as never))).toMatchObject({ code: 'invalid-config' })
      expect(await failureOf(source.read(ref as never))).toMatchObject({ code: 'invalid-config' })
    })
  })

  it('finds no object under a name that is no UTF-8', async () => {
    await withBucket(server, name, {}, async (source) => {
      expect(await failureOf(source.stat({ key: '\udcff' }))).toMatchObject({ code: 'not-found' })
    })
  })

  it.each([
    ['of something else', '{"hello":"you"}', 'unavailable'],
    ['of another object', '{"name":"b","size":"5","generation":"7"}', 'unavailable'],
    ['with another size', '{"name":"a","size":"6","generation":"7"}', 'corrupt'],
  ])('takes an answer %s for none', async (_, body, code) => {
    const other = createServer((_request, response) => response.end(body))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const error = await failureOf(
      withBucket(server, name, { endpoint, anonymous: true }, (source) =>
        source.stat({ key: 'a', size: 5, generation: '7' }),
      ),
    )
    expect(error).toMatchObject({ code, retryable: true })
    other.closeAllConnections()
    other.close()
  })
})

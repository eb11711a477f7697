import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Digest } from '@backproof/core/digest'
import type { ObjectInfo } from '@backproof/core/source'
import type { S3SourceOptions } from '@backproof/provider-aws'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concludedLayout, withLayout } from '../src/object/parts.js'
import { entryOf, failureOf, freshName, withBucket } from './support/bucket.js'

let server: S3Server
const name = freshName()
beforeAll(async () => {
  server = await startS3Server()
  server.admin.createBucket({ name })
})
afterAll(() => server.close())

type PutOptions = Parameters<S3Server['admin']['put']>[3]

const pattern = (length: number): Buffer => Buffer.alloc(length, 'pattern of bytes ')

const statOf = async (
  key: string,
  bytes: Uint8Array,
  put: PutOptions,
  { want = ['digests'], ...options }: Partial<S3SourceOptions> & { want?: readonly string[] } = {},
): Promise<ObjectInfo> => {
  await server.admin.put(name, key, bytes, put)
  return withBucket(server, name, options, async (source) => {
    const entry = await entryOf(source, key)
    server.requests.reset()
    return source.stat(entry.ref, { want })
  })
}

const byAlgorithm = ({ digests = [] }: ObjectInfo, algorithm: string): Digest | undefined =>
  digests.find((digest) => digest.algorithm === algorithm)

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

describe('stat', () => {
  it('knows the MD5 and the checksum of a single upload from one request', async () => {
    const bytes = pattern(1_000)
    const info = await statOf('single', bytes, {})
    expect(byAlgorithm(info, 'md5')).toEqual({ algorithm: 'md5', value: md5(bytes), provenance: 'service' })
    expect(byAlgorithm(info, 'crc64nvme')?.provenance).toBe('service')
    expect(server.requests.counts()).toEqual({ HeadObject: 1 })
  })

  it('leaves an object of a versioned bucket readable for who may not read versions', async () => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket, versioning: 'Enabled' })
    await server.admin.put(bucket, 'k', pattern(100), {})
    const resources = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
    const allow = [{ effect: 'Allow', actions: ['s3:ListBucket', 's3:GetObject'], resources }] as const
    await withBucket(server, bucket, { credentials: server.addUser({ allow }) }, async (source) => {
      const info = await source.stat((await entryOf(source, 'k')).ref, { want: ['digests'] })
      expect(info.version).toBeDefined()
      const chunks: Uint8Array[] = []
      for await (const chunk of (await source.read(info.ref)).body) chunks.push(chunk)
      expect(Buffer.concat(chunks)).toEqual(pattern(100))
    })
  })

  it.each(['aws:kms', 'aws:kms:dsse'] as const)('takes no ETag for an MD5 under %s', async (sse) => {
    const info = await statOf(`under-${sse}`, pattern(10), { sse })
    expect(byAlgorithm(info, 'md5')).toBeUndefined()
    expect(byAlgorithm(info, 'crc64nvme')).toBeDefined()
  })

  it('looks at what is under a key of the caller, and takes its ETag for nothing', async () => {
    const customerKey = Buffer.alloc(32, 7)
    const put = { sse: { customerKey } }
    const info = await statOf('own-key', pattern(10), put, { customerKey })
    expect(info.size).toBe(10)
    expect(byAlgorithm(info, 'md5')).toBeUndefined()
    expect(JSON.stringify(info)).not.toContain(customerKey.toString('base64'))
    const error = await failureOf(statOf('own-key', pattern(10), put))
    expect(error.message).toContain('customerKey')
  })

  it('knows the parts of a composite checksum, their digests, and those of the ETag', async () => {
    const sizes = [7_000, 6_000, 5_000, 1]
    const bytes = pattern(18_001)
    const info = await statOf('parts', bytes, { partSizes: sizes, checksum: { algorithm: 'SHA256' } })
    const sha = byAlgorithm(info, 'sha256')
    const first = createHash('sha256').update(bytes.subarray(0, 7_000)).digest('hex')
    expect(sha?.coverage).toMatchObject({ parts: 4, sizes })
    expect(sha?.coverage).not.toHaveProperty('inferred')
    expect(sha?.coverage).toMatchObject({ values: expect.arrayContaining([first]) as string[] })
    expect(byAlgorithm(info, 'md5')?.coverage).toEqual({ parts: 4, sizes })
    expect(server.requests.counts()).toEqual({ HeadObject: 1, GetObjectAttributes: 1 })
  })

  it('knows ten thousand parts, page by page', async () => {
    const sizes = Array.from({ length: 10_000 }, (_, i) => 1 + (i % 3))
    const bytes = pattern(sizes.reduce((sum, size) => sum + size, 0))
    const info = await statOf('many-parts', bytes, { partSizes: sizes, checksum: { algorithm: 'CRC32C' } })
    expect(byAlgorithm(info, 'crc32c')?.coverage).toMatchObject({ parts: 10_000, sizes })
    expect(server.requests.count('GetObjectAttributes')).toBe(10)
  })

  it('asks for the first part where the parts are not told', async () => {
    const two = await statOf('two', pattern(9_000), { partSizes: [4_000, 5_000], checksum: 'none' })
    expect(byAlgorithm(two, 'md5')?.coverage).toEqual({ parts: 2, sizes: [4_000, 5_000] })
    expect(server.requests.counts()).toEqual({ HeadObject: 2, GetObjectAttributes: 1 })
    const three = await statOf('three', pattern(9_000), { partSizes: [4_000, 4_000, 1_000], checksum: 'none' })
    expect(byAlgorithm(three, 'md5')?.coverage).toEqual({ parts: 3, sizes: [4_000, 4_000, 1_000], inferred: true })
    const odd = await statOf('odd', pattern(9_000), { partSizes: [1_000, 4_000, 4_000], checksum: 'none' })
    expect(byAlgorithm(odd, 'md5')?.coverage).toEqual({ parts: 3 })
  })

  it('asks for the first part where attributes are denied', async () => {
    await server.admin.put(name, 'denied', pattern(9_000), {
      partSizes: [5_000, 4_000],
      checksum: { algorithm: 'SHA256' },
    })
    const credentials = server.addUser({
      allow: [{ effect: 'Allow', actions: ['s3:ListBucket', 's3:GetObject'], resources: ['*'] }],
    })
    await withBucket(server, name, { credentials }, async (source) => {
      const { ref } = await entryOf(source, 'denied')
      const { digests = [] } = await source.stat(ref, { want: ['digests'] })
      const coverage = { parts: 2, sizes: [5_000, 4_000] }
      expect(digests.map((digest) => digest.coverage)).toEqual([coverage, coverage])
    })
  })

  it('does not take the object itself for its attributes, and asks a service that knows none but once', async () => {
    // RADOS Gateway 16 sends the object, as if it were read, and takes no notice of PartNumber.
    const asked: string[] = []
    const gateway = createServer((request, response) => {
      const attributes = request.url?.includes('attributes') === true
      asked.push(attributes ? 'attributes' : (request.method ?? ''))
      const etag = `"${md5(pattern(1))}-3"`
      response.writeHead(200, { etag, 'content-length': 1e9, 'content-type': 'application/octet-stream' })
      if (attributes) response.write(pattern(10_000))
      else response.end()
    })
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
    await withBucket(server, name, { endpoint, profile: 'ceph', requestTimeoutMs: 2_000 }, async (source) => {
      for (const key of ['a', 'b']) {
        const { digests } = await source.stat({ key }, { want: ['digests'] })
        expect(digests?.[0]?.coverage).toEqual({ parts: 3 })
      }
    })
    expect(asked).toEqual(['HEAD', 'attributes', 'HEAD', 'HEAD'])
    gateway.closeAllConnections()
    gateway.close()
  })

  it('asks nothing about parts unless digests are wanted', async () => {
    await statOf('plain', pattern(9_000), { partSizes: [5_000, 4_000] }, { want: [] })
    expect(server.requests.counts()).toEqual({ HeadObject: 1 })
  })

  it('finds out when the digests of the parts do not make up that of the whole', async () => {
    const sha = (text: string) => createHash('sha256').update(text).digest()
    const values = [sha('a'), sha('b')]
    const value = createHash('sha256').update(Buffer.concat(values)).digest('hex')
    const digest: Digest = { algorithm: 'sha256', value, coverage: { parts: 2 }, provenance: 'service' }
    const object = { ref: { key: 'a' }, size: 2, etag: '"x-2"', parts: 2 }
    const layout = (of: readonly Buffer[]) => ({
      sizes: [1, 1],
      inferred: false,
      values: new Map([['sha256', of.map((part) => part.toString('hex'))]]),
    })
    const whole = await withLayout(digest, layout(values), object)
    expect(whole.coverage).toMatchObject({ sizes: [1, 1], values: values.map((part) => part.toString('hex')) })
    const error = await failureOf(withLayout(digest, layout([...values].reverse()), object))
    expect(error).toMatchObject({ code: 'corrupt', retryable: false })
  })

  it('tells class, lock and legal hold', async () => {
    const retainUntil = new Date(Date.now() + 86_400_000)
    retainUntil.setMilliseconds(0)
    const objectLock = { mode: 'COMPLIANCE', retainUntil, legalHold: true } as const
    const info = await statOf(
      'locked',
      pattern(1),
      { storageClass: 'STANDARD_IA', objectLock },
      { want: ['retention'] },
    )
    expect(info).toMatchObject({ storageClass: 'STANDARD_IA', retainUntil: retainUntil.getTime(), legalHold: true })
  })

  it('takes what a service that is not known says for claims', async () => {
    const info = await statOf('claims', pattern(10), {}, { profile: 'other' })
    expect(info.digests?.every(({ provenance }) => provenance === 'claimed')).toBe(true)
    expect(byAlgorithm(info, 'md5')?.equalityOnly).toBe(true)
  })
})

describe('the layout that follows from the first part', () => {
  it('adds up, and has no part larger than the first where there are more than two', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 50 }), fc.nat(50_000), (first, parts, size) => {
        const layout = concludedLayout(first, parts, size)
        if (layout === undefined) return
        expect(layout.sizes).toHaveLength(parts)
        expect(layout.sizes.reduce((sum, part) => sum + part, 0)).toBe(size)
        expect(layout.inferred).toBe(parts > 2)
        if (parts > 2) expect(layout.sizes.at(-1)).toBeLessThanOrEqual(first)
      }),
    )
  })
})

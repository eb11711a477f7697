import { Agent } from 'node:http'
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { S3Server } from '@backproof/test-servers'
import { describe, expect, test } from 'vitest'
import { clientOf, failureOf, startServer } from './clients.js'

const Bucket = 'bucket'
const HOSTILE = [
  ' leading',
  'a/b',
  'a-b',
  'a.txt',
  'a/ü',
  'a/😀',
  'a/\uffee',
  'plus+percent%20and space',
  'quote"\'<&>',
  'control\u0001\u0008\r\n\t',
  'a//b',
  'dot/../dot/./x',
  'z?x=y#f',
  'back\\slash',
]
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const filled = async (keys: readonly string[], options: object = {}): Promise<[S3Server, S3Client]> => {
  const server = await startServer()
  server.admin.createBucket({ name: Bucket, ...options })
  for (const key of keys) await server.admin.put(Bucket, key, Buffer.from(key))
  return [server, clientOf(server)]
}

/** SDKs leave the decoding to their users. */
const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** Keys and common prefixes of all pages. */
const listAll = async (client: S3Client, input: Partial<ListObjectsV2CommandInput> = {}): Promise<string[]> => {
  const found: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket,
        EncodingType: 'url',
        ...input,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    )
    const rows = [
      ...(page.Contents ?? []).map((row) => row.Key!),
      ...(page.CommonPrefixes ?? []).map((row) => row.Prefix!),
    ]
    expect(rows.length).toBe(page.KeyCount)
    found.push(...rows.map(decode))
    ContinuationToken = page.NextContinuationToken
    expect(ContinuationToken !== undefined).toBe(page.IsTruncated)
  } while (ContinuationToken !== undefined)
  return found
}

describe('ListObjectsV2', () => {
  test('hostile keys come in the order of their UTF-8 bytes, on pages of any size', async () => {
    const [, client] = await filled(HOSTILE)
    const sorted = [...HOSTILE].sort(byBytes)
    for (const MaxKeys of [1, 3, 1000]) expect(await listAll(client, { MaxKeys })).toEqual(sorted)
    expect(await listAll(client, { Prefix: 'a/' })).toEqual(sorted.filter((key) => key.startsWith('a/')))
    expect(await listAll(client, { StartAfter: 'a/b', MaxKeys: 2 })).toEqual(
      sorted.filter((key) => byBytes(key, 'a/b') > 0),
    )
    expect(await listAll(client, { Prefix: 'none' })).toEqual([])
    expect((await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).IsTruncated).toBe(false)
  })

  test('what is put over HTTP under a hostile key is found under it', async () => {
    const [server, client] = await filled([])
    for (const Key of HOSTILE) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
    expect(server.admin.snapshot(Bucket).map((row) => row.key)).toEqual([...HOSTILE].sort(byBytes))
    for (const Key of HOSTILE) {
      const got = await client.send(new GetObjectCommand({ Bucket, Key }))
      expect(await got.Body?.transformToString()).toBe(Key)
    }
  })

  test('a delimiter gathers keys, and a common prefix comes once over all pages', async () => {
    const keys = ['a/1', 'a/2', 'a/3', 'b', 'c/1', 'c/d/1', 'd']
    const [, client] = await filled(keys)
    for (const MaxKeys of [1, 2, 1000])
      expect((await listAll(client, { Delimiter: '/', MaxKeys })).sort()).toEqual(['a/', 'b', 'c/', 'd'])
    expect(await listAll(client, { Delimiter: '/', Prefix: 'c/' })).toEqual(['c/1', 'c/d/'])
    const v1 = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1 }))
    expect(v1).toMatchObject({ NextMarker: 'a/', CommonPrefixes: [{ Prefix: 'a/' }] })
    const next = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'a/' }))
    expect(next.Contents?.map((row) => row.Key)).toEqual(['b', 'd'])
  })

  test('without encoding a key that XML cannot carry comes as an illegal reference', async () => {
    const [server, client] = await filled(['a\u0001b'])
    const { url, credentials } = server
    expect(url).toContain('127.0.0.1')
    expect(credentials.accessKeyId).toMatch(/^AKIA/)
    let raw = ''
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        const { body } = result.response as { body: AsyncIterable<Buffer> }
        const chunks: Buffer[] = []
        for await (const chunk of body) chunks.push(chunk)
        raw = Buffer.concat(chunks).toString()
        return result
      },
      { step: 'deserialize', priority: 'low', name: 'raw' },
    )
    await client.send(new ListObjectsV2Command({ Bucket })).catch(() => 'the SDK may refuse what it was sent')
    expect(raw).toContain('<Key>a&#x1;b</Key>')
  })

  test('wrong parameters are refused', async () => {
    const [, client] = await filled(['a'])
    const list = (input: object) => failureOf(client.send(new ListObjectsV2Command({ Bucket, ...input })))
    expect(await list({ ContinuationToken: 'AAAA' })).toMatchObject({ name: 'InvalidArgument' })
    expect(await list({ EncodingType: 'hex' })).toMatchObject({ name: 'InvalidArgument' })
  })

  test('10,000 keys come in 10 pages', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const keys = Array.from({ length: 10_000 }, (_, i) => `k/${String(i).padStart(5, '0')}`)
    for (const key of keys) await server.admin.put(Bucket, key, Buffer.alloc(0), { checksum: 'none' })
    expect(await listAll(clientOf(server))).toEqual(keys)
    expect(server.requests.count('ListObjectsV2')).toBe(10)
  })

  test('a directory bucket lists everything once in no order, and takes no start-after and no open prefix', async () => {
    const name = 'fast--use1-az4--x-s3'
    const server = await startServer()
    server.admin.createBucket({ name, kind: 'directory' })
    const keys = Array.from({ length: 50 }, (_, i) => `k/${String(i).padStart(2, '0')}`)
    for (const key of keys) await server.admin.put(name, key, Buffer.from(key))
    const client = clientOf(server)
    const listed = await listAll(client, { Bucket: name, MaxKeys: 7 })
    expect(listed).not.toEqual(keys)
    expect([...listed].sort()).toEqual(keys)
    expect(await listAll(client, { Bucket: name, MaxKeys: 50 })).toEqual(listed)
    expect(await failureOf(listAll(client, { Bucket: name, StartAfter: 'k/1' }))).toMatchObject({ status: 501 })
    expect(await failureOf(listAll(client, { Bucket: name, Prefix: 'k' }))).toMatchObject({ name: 'InvalidArgument' })
    expect(server.requests.count('CreateSession')).toBe(1)
    const head = await client.send(new HeadObjectCommand({ Bucket: name, Key: 'k/01' }))
    expect(head).toMatchObject({ StorageClass: 'EXPRESS_ONEZONE', ContentLength: 4 })
  })

  test('virtual-host style', async () => {
    const [server] = await filled(['a/b'])
    const toLoopback = new Agent({
      lookup: (_name, options, done) =>
        options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
    })
    const client = clientOf(server, {
      endpoint: server.url.replace('127.0.0.1', 'localhost'),
      forcePathStyle: false,
      requestHandler: { httpAgent: toLoopback },
    })
    expect(await listAll(client)).toEqual(['a/b'])
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'a/b' }))).ContentLength).toBe(3)
    expect(server.requests.log().at(-1)).toMatchObject({ bucket: Bucket, key: 'a/b', status: 200 })
  })
})

describe('versions', () => {
  test('come newest first, with delete markers and null versions, on pages of any size', async () => {
    const [server, client] = await filled(['a'])
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    const second = await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '2' }))
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    await client.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'b' }))
    expect(marker.DeleteMarker).toBe(true)
    const rows: string[] = []
    for (const MaxKeys of [1, 2, 1000]) {
      rows.length = 0
      let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
      while (markers !== undefined) {
        const page: Awaited<ReturnType<typeof list>> = await list(client, { ...markers, MaxKeys })
        for (const row of page.Versions ?? []) rows.push(`${row.Key} ${row.VersionId} ${row.IsLatest}`)
        for (const row of page.DeleteMarkers ?? []) rows.push(`${row.Key} ${row.VersionId} ${row.IsLatest} marker`)
        markers =
          page.IsTruncated === true
            ? {
                KeyMarker: page.NextKeyMarker!,
                ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
              }
            : undefined
      }
      expect(rows.slice().sort()).toEqual(
        [
          `a ${marker.VersionId} true marker`,
          `a ${second.VersionId} false`,
          'a null false',
          `b ${server.admin.snapshot(Bucket).at(-1)!.versionId} true`,
        ].sort(),
      )
    }
    expect(await listAll(client)).toEqual(['b'])
    const gone = await failureOf(client.send(new GetObjectCommand({ Bucket, Key: 'a' })))
    expect(gone).toMatchObject({ name: 'NoSuchKey', headers: { 'x-amz-delete-marker': 'true' } })
    const named = new GetObjectCommand({ Bucket, Key: 'a', VersionId: marker.VersionId! })
    expect(await failureOf(client.send(named))).toMatchObject({ name: 'MethodNotAllowed', status: 405 })
    const old = await client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: 'null' }))
    expect(await old.Body?.transformToString()).toBe('a')
    const none = new GetObjectCommand({ Bucket, Key: 'a', VersionId: 'x'.repeat(32) })
    expect(await failureOf(client.send(none))).toMatchObject({ name: 'NoSuchVersion', status: 404 })
  })

  test('suspended versioning replaces the null version; a delete by id removes for good', async () => {
    const [server, client] = await filled([], { versioning: 'Enabled' })
    const first = await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1' }))
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }))
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '2' }))
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '3' }))
    expect(server.admin.snapshot(Bucket).map((row) => row.versionId)).toEqual(['null', first.VersionId])
    const result = await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'a', VersionId: first.VersionId! }, { Key: 'a' }, { Key: 'none' }] },
      }),
    )
    expect(result.Deleted).toHaveLength(3)
    expect(server.admin.snapshot(Bucket).map((row) => [row.key, row.versionId, row.deleteMarker])).toEqual([
      ['a', 'null', true],
      ['none', 'null', true],
    ])
  })
})

const list = (client: S3Client, input: object) => client.send(new ListObjectVersionsCommand({ Bucket, ...input }))

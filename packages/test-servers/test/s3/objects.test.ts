import { createHash } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { bytesOf, clientOf, failureOf, pattern, startServer } from './clients.js'

const Bucket = 'bucket'

describe('objects over HTTP', () => {
  test('what is put comes back, with the MD5 as ETag and the default checksum', async () => {
    const server = await startServer()
    const client = clientOf(server)
    await client.send(new CreateBucketCommand({ Bucket }))
    const bytes = pattern(300_000)
    const md5 = createHash('md5').update(bytes).digest('hex')
    const Key = 'a b/ä+ü/%20&<>"\'*~!().txt'
    const put = await client.send(
      new PutObjectCommand({ Bucket, Key, Body: bytes, ContentType: 'text/x', Metadata: { one: '1' } }),
    )
    expect(put.ETag).toBe(`"${md5}"`)
    const got = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect((await bytesOf(got.Body)).equals(bytes)).toBe(true)
    expect(got).toMatchObject({ ContentType: 'text/x', Metadata: { one: '1' }, ContentLength: 300_000 })
    expect(got).toMatchObject({ ETag: `"${md5}"`, ChecksumType: 'FULL_OBJECT', ServerSideEncryption: 'AES256' })
    const list = await client.send(new ListObjectsV2Command({ Bucket }))
    expect(list.Contents).toMatchObject([
      { Key, Size: 300_000, ETag: `"${md5}"`, ChecksumAlgorithm: ['CRC32'], ChecksumType: 'FULL_OBJECT' },
    ])
    expect((await client.send(new ListBucketsCommand({}))).Buckets).toMatchObject([{ Name: Bucket }])
    await client.send(new DeleteObjectCommand({ Bucket, Key }))
    expect(await failureOf(client.send(new GetObjectCommand({ Bucket, Key })))).toMatchObject({
      name: 'NoSuchKey',
      status: 404,
    })
    expect(await failureOf(client.send(new HeadObjectCommand({ Bucket, Key })))).toMatchObject({
      name: 'NotFound',
      status: 404,
    })
    expect(server.requests.counts()).toMatchObject({ PutObject: 1, GetObject: 2, HeadObject: 1, ListObjectsV2: 1 })
    expect(server.requests.log().at(-1)).toEqual({ operation: 'HeadObject', bucket: Bucket, key: Key, status: 404 })
  })

  test('ranges: from, to, suffix, beyond the end, and not satisfiable', async () => {
    const server = await startServer()
    const client = clientOf(server)
    server.admin.createBucket({ name: Bucket })
    const bytes = pattern(1000)
    await server.admin.put(Bucket, 'k', bytes)
    const range = async (Range: string): Promise<[Buffer, string | undefined]> => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range }))
      return [await bytesOf(got.Body), got.ContentRange]
    }
    expect(await range('bytes=10-19')).toEqual([bytes.subarray(10, 20), 'bytes 10-19/1000'])
    expect(await range('bytes=990-')).toEqual([bytes.subarray(990), 'bytes 990-999/1000'])
    expect(await range('bytes=-5')).toEqual([bytes.subarray(995), 'bytes 995-999/1000'])
    expect(await range('bytes=990-5000')).toEqual([bytes.subarray(990), 'bytes 990-999/1000'])
    expect(await range('nonsense')).toEqual([bytes, undefined])
    expect(
      await failureOf(client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=1000-' }))),
    ).toMatchObject({ name: 'InvalidRange', status: 416 })
  })

  test('conditions of reads give 412 and 304, and a match beats a date', async () => {
    const server = await startServer()
    const client = clientOf(server)
    server.admin.createBucket({ name: Bucket })
    const { etag } = await server.admin.put(Bucket, 'k', pattern(10), {
      lastModified: new Date('2026-01-02T03:04:05Z'),
    })
    const read = (conditions: object) => client.send(new GetObjectCommand({ Bucket, Key: 'k', ...conditions }))
    const [before, after] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')]
    expect((await read({ IfMatch: `"${etag}"`, IfUnmodifiedSince: before })).ContentLength).toBe(10)
    expect(await failureOf(read({ IfMatch: '"other"' }))).toMatchObject({ name: 'PreconditionFailed', status: 412 })
    expect(await failureOf(read({ IfUnmodifiedSince: before }))).toMatchObject({ status: 412 })
    expect(await failureOf(read({ IfNoneMatch: `"${etag}"` }))).toMatchObject({ status: 304 })
    expect(await failureOf(read({ IfModifiedSince: after }))).toMatchObject({ status: 304 })
    expect((await read({ IfNoneMatch: '"other"', IfModifiedSince: after })).ContentLength).toBe(10)
  })

  test('a bucket of another region answers 301 and says which region; a missing one 404', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket, region: 'eu-west-1' })
    const redirected = await failureOf(clientOf(server).send(new ListObjectsV2Command({ Bucket })))
    expect(redirected).toMatchObject({ name: 'PermanentRedirect', status: 301 })
    const head = await failureOf(clientOf(server).send(new HeadBucketCommand({ Bucket })))
    expect(head).toMatchObject({ status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } })
    const right = clientOf(server, { region: 'eu-west-1' })
    expect((await right.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-1')
    expect(await failureOf(right.send(new ListObjectsV2Command({ Bucket: 'none' })))).toMatchObject({
      name: 'NoSuchBucket',
      status: 404,
    })
  })
})

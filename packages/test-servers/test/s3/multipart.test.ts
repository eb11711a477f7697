import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import {
  type ChecksumAlgorithm,
  type ChecksumType,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { createHasher, digestToBase64 } from '@backproof/core/digest'
import { describe, expect, test } from 'vitest'
import { bytesOf, clientOf, failureOf, pattern, startServer } from './clients.js'

const Bucket = 'bucket'
const Key = 'big'
const PIECES = [pattern(1000, 1), pattern(1000, 2), pattern(77, 3)]
const WHOLE = Buffer.concat(PIECES)
const hash = (algorithm: string, bytes: Buffer): Buffer => createHash(algorithm).update(bytes).digest()

const upload = async (
  client: S3Client,
  options: { algorithm?: ChecksumAlgorithm; type?: ChecksumType; complete?: object; parts?: CompletedPart[] } = {},
) => {
  const { algorithm, type } = options
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      Bucket,
      Key,
      ...(algorithm && { ChecksumAlgorithm: algorithm }),
      ...(type && { ChecksumType: type }),
    }),
  )
  const Parts: CompletedPart[] = []
  for (const [index, Body] of PIECES.entries()) {
    const PartNumber = index + 1
    const { $metadata: _, ...part } = await client.send(
      new UploadPartCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        Body,
        ...(algorithm && { ChecksumAlgorithm: algorithm }),
      }),
    )
    Parts.push({ PartNumber, ...part })
  }
  const command = { Bucket, Key, UploadId, MultipartUpload: { Parts: options.parts ?? Parts }, ...options.complete }
  return { UploadId, Parts, command, send: () => client.send(new CompleteMultipartUploadCommand(command)) }
}

describe('multipart uploads', () => {
  test('the ETag is the MD5 of the MD5s, and the default checksum is CRC64NVME of the whole', async () => {
    const server = await startServer({ minPartSize: 1000 })
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server, { requestChecksumCalculation: 'WHEN_REQUIRED' })
    const started = await upload(client)
    const parts = await client.send(new ListPartsCommand({ Bucket, Key, UploadId: started.UploadId, MaxParts: 2 }))
    expect(parts).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 1000 }, { PartNumber: 2 }] })
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([{ Key }])
    const done = await started.send()
    const md5s = Buffer.concat(PIECES.map((piece) => hash('md5', piece)))
    expect(done.ETag).toBe(`"${hash('md5', md5s).toString('hex')}-3"`)
    const hasher = await createHasher(['crc64nvme'])
    hasher.update(WHOLE)
    const crc64 = digestToBase64(hasher.digest()['crc64nvme']!)
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({ ChecksumCRC64NVME: crc64, ChecksumType: 'FULL_OBJECT', ContentLength: 2077 })
    const got = await client.send(new GetObjectCommand({ Bucket, Key }))
    expect((await bytesOf(got.Body)).equals(WHOLE)).toBe(true)
  })

  test('composite checksums cover the checksums of the parts', async () => {
    const server = await startServer({ minPartSize: 1000 })
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const sha = await (await upload(client, { algorithm: 'SHA256' })).send()
    const digests = Buffer.concat(PIECES.map((piece) => hash('sha256', piece)))
    expect(sha.ChecksumSHA256).toBe(`${hash('sha256', digests).toString('base64')}-3`)
    expect(sha.ChecksumType).toBe('COMPOSITE')
    const crc = await (await upload(client, { algorithm: 'CRC32' })).send()
    const raw = (value: number): Buffer => Buffer.from(value.toString(16).padStart(8, '0'), 'hex')
    const crcs = Buffer.concat(PIECES.map((piece) => raw(crc32(piece))))
    expect(crc.ChecksumCRC32).toBe(`${raw(crc32(crcs)).toString('base64')}-3`)
    const full = await (await upload(client, { algorithm: 'CRC32', type: 'FULL_OBJECT' })).send()
    expect(full).toMatchObject({ ChecksumCRC32: raw(crc32(WHOLE)).toString('base64'), ChecksumType: 'FULL_OBJECT' })
  })

  test('wrong types, missing and wrong checksums, order, sizes and ETags are refused', async () => {
    const server = await startServer({ minPartSize: 1000 })
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    expect(await failureOf(upload(client, { algorithm: 'SHA256', type: 'FULL_OBJECT' }))).toMatchObject({
      name: 'InvalidRequest',
    })
    expect(await failureOf(upload(client, { algorithm: 'CRC64NVME', type: 'COMPOSITE' }))).toMatchObject({
      name: 'InvalidRequest',
    })
    const { command, Parts } = await upload(client, { algorithm: 'SHA256' })
    const complete = (parts: CompletedPart[], extra: object = {}) =>
      failureOf(
        client.send(new CompleteMultipartUploadCommand({ ...command, MultipartUpload: { Parts: parts }, ...extra })),
      )
    const [first, second, third] = Parts as [CompletedPart, CompletedPart, CompletedPart]
    expect(await complete([second, first, third])).toMatchObject({ name: 'InvalidPartOrder' })
    expect(await complete([first, third, { ...third, PartNumber: 4 }])).toMatchObject({ name: 'InvalidPart' })
    expect(await complete([first, { ...second, ETag: '"0"' }])).toMatchObject({ name: 'InvalidPart' })
    expect(await complete([{ PartNumber: 1, ETag: first.ETag }])).toMatchObject({ name: 'InvalidRequest' })
    expect(await complete(Parts, { MpuObjectSize: 1 })).toMatchObject({ name: 'InvalidRequest' })
    expect(await complete(Parts, { UploadId: 'none' })).toMatchObject({ name: 'NoSuchUpload', status: 404 })
    const strict = await startServer()
    strict.admin.createBucket({ name: Bucket })
    const small = await upload(clientOf(strict), { algorithm: 'CRC32C' })
    expect(await failureOf(small.send())).toMatchObject({ name: 'EntityTooSmall' })
    const wrongFull = await upload(client, {
      algorithm: 'CRC32',
      type: 'FULL_OBJECT',
      complete: { ChecksumCRC32: 'AAAAAA==' },
    })
    expect(await failureOf(wrongFull.send())).toMatchObject({ name: 'BadDigest' })
  })

  test('part numbers give the parts, their sizes and their count', async () => {
    const server = await startServer({ minPartSize: 1000 })
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    await (await upload(client, { algorithm: 'SHA256' })).send()
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 3, ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({ ContentLength: 77, PartsCount: 3 })
    expect(head.ChecksumSHA256).toBe(hash('sha256', PIECES[2]!).toString('base64'))
    const got = await client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }))
    expect([await bytesOf(got.Body), got.ContentRange]).toEqual([PIECES[1], 'bytes 1000-1999/2077'])
    expect(await failureOf(client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 4 })))).toMatchObject({
      name: 'InvalidPartNumber',
      status: 416,
    })
    await server.admin.put(Bucket, 'single', pattern(5))
    const single = await client.send(new HeadObjectCommand({ Bucket, Key: 'single', PartNumber: 1 }))
    expect([single.ContentLength, single.PartsCount]).toEqual([5, undefined])
  })

  test('a copy is one part with the MD5 as ETag', async () => {
    const server = await startServer({ minPartSize: 1000 })
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    await (await upload(client, { algorithm: 'SHA256' })).send()
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy ü', CopySource: `${Bucket}/${Key}` }))
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'copy ü', ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({
      ETag: `"${hash('md5', WHOLE).toString('hex')}"`,
      ChecksumSHA256: hash('sha256', WHOLE).toString('base64'),
    })
  })
})

describe('checksums of uploads', () => {
  test('the SDK computes them and the server checks them, in headers and in trailers', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
      const { Readable } = await import('node:stream')
      const put = new PutObjectCommand({
        Bucket,
        Key,
        Body: Readable.from([PIECES[0], PIECES[1]]),
        ContentLength: 2000,
        ChecksumAlgorithm,
      })
      await client.send(put)
      const got = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
      expect(got[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm).toBeTypeOf('string')
      expect((await bytesOf(got.Body)).equals(WHOLE.subarray(0, 2000)), ChecksumAlgorithm).toBe(true)
    }
  })

  test('the algorithms of 2026 are computed as the SDK gives them', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const value = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
    // Of "123456789": OpenSSL for MD5 and SHA-512; `xxhsum -H1` printed the other.
    const known = {
      MD5: hash('md5', Buffer.from('123456789')).toString('base64'),
      SHA512: hash('sha512', Buffer.from('123456789')).toString('base64'),
      XXHASH64: value('8cb841db40e6ae83'),
    }
    for (const [algorithm, checksum] of Object.entries(known)) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: '123456789', [`Checksum${algorithm}`]: checksum }))
      const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
      expect(head, algorithm).toMatchObject({ [`Checksum${algorithm}`]: checksum, ChecksumType: 'FULL_OBJECT' })
    }
    for (const algorithm of ['XXHASH3', 'XXHASH128']) {
      await server.admin.put(Bucket, Key, WHOLE, { checksum: { algorithm }, partSizes: [2000, 77] })
      const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
      expect((head as unknown as Record<string, string>)[`Checksum${algorithm}`], algorithm).toMatch(/^[\w+/]+=*-2$/)
    }
  })

  test('a wrong checksum or Content-MD5 is BadDigest, a malformed one is refused', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const put = (extra: object) => failureOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...extra })))
    expect(await put({ ChecksumSHA256: hash('sha256', WHOLE).toString('base64') })).toMatchObject({ name: 'BadDigest' })
    expect(await put({ ContentMD5: hash('md5', WHOLE).toString('base64') })).toMatchObject({ name: 'BadDigest' })
    expect(await put({ ContentMD5: 'abc' })).toMatchObject({ name: 'InvalidDigest' })
    expect(await put({ ChecksumCRC32: 'abc' })).toMatchObject({ name: 'InvalidRequest' })
    expect(await put({ ChecksumCRC32: 'AAAAAA==', ChecksumCRC32C: 'AAAAAA==' })).toMatchObject({
      name: 'InvalidRequest',
    })
    expect(server.admin.snapshot(Bucket)).toEqual([])
  })

  test('a byte that rots beneath keeps ETag and checksum, and the SDK notices it', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const { etag } = await server.admin.put(Bucket, Key, WHOLE, { checksum: { algorithm: 'SHA256' } })
    server.admin.corrupt(Bucket, Key, 1500)
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({
      ETag: `"${etag}"`,
      ContentLength: WHOLE.length,
      ChecksumSHA256: hash('sha256', WHOLE).toString('base64'),
    })
    const got = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect((await failureOf(bytesOf(got.Body))).message).toContain('Checksum mismatch')
  })

  test('a lost tail: HEAD tells the full size, the body breaks off', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server, { responseChecksumValidation: 'WHEN_REQUIRED' })
    await server.admin.put(Bucket, Key, WHOLE)
    server.admin.truncateTail(Bucket, Key, 77)
    expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(WHOLE.length)
    const got = await client.send(new GetObjectCommand({ Bucket, Key }))
    expect(await failureOf(bytesOf(got.Body))).toMatchObject({ message: 'aborted' })
    const start = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-1999' }))
    expect((await bytesOf(start.Body)).equals(WHOLE.subarray(0, 2000))).toBe(true)
  })
})

describe('GetObjectAttributes', () => {
  test('parts come in pages, with checksums where a client asked for them', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const partSizes = [1000, 1000, 77]
    const { etag } = await server.admin.put(Bucket, Key, WHOLE, { partSizes, checksum: { algorithm: 'SHA1' } })
    const ask = (extra: object = {}, key = Key) =>
      client.send(
        new GetObjectAttributesCommand({
          Bucket,
          Key: key,
          ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'],
          ...extra,
        }),
      )
    const first = await ask({ MaxParts: 2 })
    expect(first).toMatchObject({ ETag: etag, ObjectSize: 2077, StorageClass: 'STANDARD' })
    expect(first.Checksum).toMatchObject({ ChecksumType: 'COMPOSITE' })
    expect(first.ObjectParts).toMatchObject({ TotalPartsCount: 3, IsTruncated: true, NextPartNumberMarker: '2' })
    const second = await ask({ PartNumberMarker: '2' })
    expect(second.ObjectParts).toMatchObject({ IsTruncated: false, PartNumberMarker: '2' })
    const rows = [...first.ObjectParts!.Parts!, ...second.ObjectParts!.Parts!]
    expect(rows).toEqual(
      PIECES.map((piece, index) => ({
        PartNumber: index + 1,
        Size: piece.length,
        ChecksumSHA1: hash('sha1', piece).toString('base64'),
      })),
    )
    await server.admin.put(Bucket, 'default', WHOLE, { partSizes })
    const plain = await ask({}, 'default')
    expect(plain.ObjectParts).toEqual({ TotalPartsCount: 3 })
    expect(plain.Checksum).toMatchObject({ ChecksumType: 'FULL_OBJECT' })
    await server.admin.put(Bucket, 'old', WHOLE, { checksum: 'none' })
    const old = await ask({}, 'old')
    expect([old.Checksum, old.ObjectParts]).toEqual([undefined, undefined])
  })

  test('directory buckets always tell the parts; full-object rows are an option', async () => {
    const server = await startServer({ fullObjectPartRows: false })
    const name = 'fast--use1-az4--x-s3'
    server.admin.createBucket({ name, kind: 'directory' })
    server.admin.createBucket({ name: Bucket })
    const checksum = { algorithm: 'CRC32', type: 'FULL_OBJECT' } as const
    for (const bucket of [name, Bucket]) await server.admin.put(bucket, Key, WHOLE, { partSizes: [2000, 77], checksum })
    const client = clientOf(server)
    const ask = async (bucket: string) =>
      (await client.send(new GetObjectAttributesCommand({ Bucket: bucket, Key, ObjectAttributes: ['ObjectParts'] })))
        .ObjectParts
    expect((await ask(name))?.Parts).toMatchObject([{ Size: 2000 }, { Size: 77 }])
    expect(await ask(Bucket)).toEqual({ TotalPartsCount: 2 })
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { File } from '@google-cloud/storage'
import { expect, onTestFinished, test, vi } from 'vitest'
import { pattern, startServer, storageOf } from './clients.js'

test('what the SDK uploads at once, it reads back, with metadata, digests and preconditions', async () => {
  const server = await startServer()
  const file = storageOf(server).bucket('bucket').file('dir/ü %2F?#+&.txt')
  const bytes = pattern(100_000)
  await file.save(bytes, {
    resumable: false,
    validation: 'crc32c',
    metadata: { contentType: 'text/plain', metadata: { origin: 'test' } },
  })
  const [metadata] = await file.getMetadata()
  expect(metadata).toMatchObject({
    kind: 'storage#object',
    bucket: 'bucket',
    name: 'dir/ü %2F?#+&.txt',
    size: '100000',
    contentType: 'text/plain',
    metadata: { origin: 'test' },
    storageClass: 'STANDARD',
    metageneration: '1',
  })
  expect(metadata.md5Hash).toHaveLength(24)
  expect(metadata.crc32c).toHaveLength(8)
  const [all] = await file.download({ validation: 'crc32c' })
  expect(all.equals(bytes)).toBe(true)
  const [range] = await file.download({ start: 10, end: 19 })
  expect(range.equals(bytes.subarray(10, 20))).toBe(true)
  await expect(file.save('x', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } })).rejects.toMatchObject({
    code: 412,
  })
  const generation = metadata.generation!
  await file.save('new', { resumable: false, preconditionOpts: { ifGenerationMatch: Number(generation) } })
  const before = storageOf(server).bucket('bucket').file(file.name, { generation })
  await expect(before.getMetadata()).rejects.toMatchObject({ code: 404 })
  expect(server.requests.count('objects.insert')).toBe(3)
})

test('resumable uploads of the SDK, in one piece and in chunks', async () => {
  const server = await startServer()
  const bucket = storageOf(server).bucket('bucket')
  const bytes = pattern(700_001)
  for (const chunkSize of [undefined, 256 * 1024]) {
    const file = bucket.file(`resumable-${chunkSize}`)
    // The SDK's own start of an upload brings no token to an endpoint that is not Google's.
    const [uri] = await file.createResumableUpload()
    await file.save(bytes, { uri, resumable: true, validation: 'crc32c', ...(chunkSize && { chunkSize }) })
    expect((await file.download())[0].equals(bytes)).toBe(true)
  }
  // For each address that it is given the SDK asks first how far the upload is.
  expect(server.requests.log().filter((row) => row.status === 308)).toHaveLength(2 + 2)
})

test('the SDK notices damage by the digest', async () => {
  const server = await startServer()
  await server.admin.put('bucket', 'a', pattern(1000))
  server.admin.corrupt('bucket', 'a', 500)
  const file = storageOf(server).bucket('bucket').file('a')
  await expect(file.download({ validation: 'crc32c' })).rejects.toMatchObject({ code: 'CONTENT_DOWNLOAD_MISMATCH' })
})

test('listings of the SDK: pages, prefixes, versions, soft-deleted objects', async () => {
  const server = await startServer()
  const bucket = storageOf(server).bucket('bucket')
  await bucket.setMetadata({ versioning: { enabled: true } })
  for (const name of ['a', 'b/1', 'b/2', 'c', '\u{1F600}', '\uFFFD'])
    await server.admin.put('bucket', name, Buffer.from(name))
  const all = []
  for await (const file of bucket.getFilesStream({ maxApiCalls: 9, maxResults: 6 })) all.push(file as File)
  expect(all.map((file) => file.name)).toEqual(['a', 'b/1', 'b/2', 'c', '\uFFFD', '\u{1F600}'])
  const [top, , response] = await bucket.getFiles({ delimiter: '/', autoPaginate: false })
  expect(top.map((file) => file.name)).toEqual(['a', 'c', '\uFFFD', '\u{1F600}'])
  expect((response as { prefixes: string[] }).prefixes).toEqual(['b/'])
  await server.admin.put('bucket', 'a', Buffer.from('second'))
  await bucket.file('c').delete()
  const [versions] = await bucket.getFiles({ versions: true })
  expect(versions.map((file) => [file.name, file.metadata.timeDeleted !== undefined])).toEqual([
    ['a', true],
    ['a', false],
    ['b/1', false],
    ['b/2', false],
    ['c', true],
    ['\uFFFD', false],
    ['\u{1F600}', false],
  ])
  await bucket.file('c', { generation: versions[4]!.metadata.generation! }).delete()
  const [deleted] = await bucket.getFiles({ softDeleted: true })
  expect(deleted.map((file) => file.name)).toEqual(['c'])
  expect(deleted[0]!.metadata.hardDeleteTime).toBeDefined()
  const restored = await bucket.file('c').restore({ generation: Number(deleted[0]!.metadata.generation) })
  expect(restored.name).toBe('c')
  expect((await bucket.file('c').download())[0].toString()).toBe('c')
})

test('the SDK composes, copies, moves metadata and deletes', async () => {
  const server = await startServer()
  const bucket = storageOf(server).bucket('bucket')
  for (const name of ['1', '2', '3']) await server.admin.put('bucket', name, Buffer.from(name))
  const [made] = await bucket.combine(['1', '2', '3'], 'all')
  const [metadata] = await made.getMetadata()
  expect(metadata).toMatchObject({ componentCount: 3, size: '3' })
  expect(metadata.md5Hash).toBeUndefined()
  await bucket.combine(['all', '1'], 'nested')
  expect((await bucket.file('nested').getMetadata())[0].componentCount).toBe(4)
  await made.copy('copy')
  expect((await bucket.file('copy').download())[0].toString()).toBe('123')
  await made.setMetadata({ metadata: { a: 'b' } })
  expect((await made.getMetadata())[0]).toMatchObject({
    metageneration: '2',
    metadata: { a: 'b' },
    generation: metadata.generation!,
  })
  await made.delete()
  expect((await made.exists())[0]).toBe(false)
})

test('a key that the customer keeps: without it no digests and no bytes', async () => {
  const server = await startServer()
  const bucket = storageOf(server).bucket('bucket')
  const key = Buffer.alloc(32, 7)
  const file = bucket.file('secret', { encryptionKey: key })
  await file.save('content', { resumable: false })
  expect((await file.download())[0].toString()).toBe('content')
  expect((await bucket.file('secret').getMetadata())[0]).toMatchObject({
    customerEncryption: { encryptionAlgorithm: 'AES256' },
  })
  expect((await bucket.file('secret').getMetadata())[0].crc32c).toBeUndefined()
  expect((await file.getMetadata())[0].crc32c).toBeDefined()
  await expect(bucket.file('secret').download()).rejects.toMatchObject({ code: 400 })
  const other = bucket.file('secret', { encryptionKey: Buffer.alloc(32, 8) })
  await expect(other.download()).rejects.toMatchObject({ code: 400 })
})

test('gzip: the SDK asks for the stored bytes, and decompresses if it is told to', async () => {
  const server = await startServer()
  const content = Buffer.from('hello '.repeat(1000))
  const compressed = gzipSync(content)
  await server.admin.put('bucket', 'z', compressed, { contentEncoding: 'gzip', contentType: 'text/plain' })
  const file = storageOf(server).bucket('bucket').file('z')
  expect((await file.download({ decompress: false }))[0].equals(compressed)).toBe(true)
  expect((await file.download())[0].equals(content)).toBe(true)
})

test('Application Default Credentials from a file that names this server', async () => {
  const server = await startServer()
  await server.admin.put('bucket', 'a', Buffer.from('a'))
  const user = server.addUser({ allow: [{ permissions: ['storage.objects.get'], resources: ['bucket/a'] }] })
  const directory = await mkdtemp(join(tmpdir(), 'backproof-gcs-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'adc.json'), JSON.stringify(user.credentials))
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(directory, 'adc.json'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const storage = storageOf(server, { credentials: undefined as never })
  expect((await storage.bucket('bucket').file('a').download())[0].toString()).toBe('a')
  await expect(storage.bucket('bucket').file('b').download()).rejects.toMatchObject({ code: 403 })
  expect(server.requests.count('token')).toBe(1)
})

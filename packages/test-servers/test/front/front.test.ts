import { setTimeout as sleep } from 'node:timers/promises'
import { type BlobItem, BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../../src/azurite/index.js'
import { azurePlatform, type Front, startFront } from '../../src/front/index.js'
import type { Fault } from '../../src/http/faults.js'

let azurite: Azurite
let front: Front
let container: ContainerClient
const bytes = Buffer.alloc(200_000, 'some bytes of a blob ')

beforeAll(async () => {
  azurite = await startAzurite()
  front = await startFront({ target: azurite.url, platform: azurePlatform() })
  const credential = new StorageSharedKeyCredential(azurite.account, azurite.key)
  const service = new BlobServiceClient(front.url, credential, { retryOptions: { maxTries: 1 } })
  container = service.getContainerClient('fronted')
  await container.create()
  front.requests.reset()
  for (const name of ['a', 'b', 'c/ü &', 'd']) await azurite.put('fronted', name, bytes)
})

afterAll(async () => {
  await front?.close()
  await azurite?.close()
})

afterEach(() => {
  front.setFault(undefined)
  front.setIntercept(undefined)
  front.requests.reset()
})

const once = (operation: string, fault: Fault): void => {
  front.requests.reset()
  front.setFault((request) => (request.operation === operation && request.count === 1 ? fault : undefined))
}

const read = async (name = 'a'): Promise<Buffer> => {
  const { readableStreamBody } = await container.getBlobClient(name).download(0, undefined, { maxRetryRequests: 0 })
  const chunks: Buffer[] = []
  for await (const chunk of readableStreamBody!) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const failureOf = async (
  promise: Promise<unknown>,
): Promise<{ statusCode?: number; code?: string; message: string }> => {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('It did not fail.')
}

const pages = async (): Promise<readonly (readonly BlobItem[])[]> => {
  const all: BlobItem[][] = []
  for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 2 })) all.push(page.segment.blobItems)
  return all
}

test('requests are handed on with their signatures, and counted by operation', async () => {
  expect((await read()).equals(bytes)).toBe(true)
  expect((await read('c/ü &')).equals(bytes)).toBe(true)
  const { contentLength } = await container.getBlobClient('a').getProperties()
  expect(contentLength).toBe(bytes.length)
  await container.getBlockBlobClient('up').upload('uploaded', 8)
  expect(String(await container.getBlobClient('up').downloadToBuffer())).toBe('uploaded')
  await container.getBlobClient('up').delete()
  expect((await pages()).map((page) => page.map((row) => row.name))).toEqual([
    ['a', 'b'],
    ['c/ü &', 'd'],
  ])
  expect(front.requests.counts()).toEqual({
    GetBlob: 3,
    GetBlobProperties: expect.any(Number),
    PutBlob: 1,
    DeleteBlob: 1,
    ListBlobs: 2,
  })
  expect(front.requests.log()[1]).toEqual({ operation: 'GetBlob', bucket: 'fronted', key: 'c/ü &', status: 200 })
})

test('errors are in the format of the platform', async () => {
  once('GetBlob', { status: 503, code: 'ServerBusy', headers: { 'retry-after': '1' } })
  expect(await failureOf(read())).toMatchObject({ statusCode: 503, code: 'ServerBusy' })
  expect((await read()).equals(bytes)).toBe(true)
  once('GetBlobProperties', { status: 403, code: 'AuthorizationFailure' })
  expect(await failureOf(container.getBlobClient('a').getProperties())).toMatchObject({
    statusCode: 403,
    details: { errorCode: 'AuthorizationFailure' },
  })
  once('ListBlobs', { expiredToken: true })
  expect(await failureOf(pages())).toMatchObject({ statusCode: 401, code: 'InvalidAuthenticationInfo' })
})

test('bodies break off, are reset, stall, or have another length', async () => {
  for (const fault of [{ truncate: 1000 }, { reset: 1000 }, { contentLength: bytes.length + 10 }]) {
    once('GetBlob', fault)
    expect((await failureOf(read())).message, JSON.stringify(fault)).toMatch(/abort|less data|reset|hang up/i)
  }
  once('GetBlob', { reset: 'before-headers' })
  expect(await failureOf(read())).toMatchObject({ code: 'ECONNRESET' })
  expect(front.requests.log().at(-1)).toMatchObject({ status: 0 })
  once('GetBlob', { contentLength: 10 })
  expect(await read()).toHaveLength(10)
  once('GetBlob', { stall: 1000 })
  const first = await Promise.race([
    read().then(
      () => 'ended',
      () => 'failed',
    ),
    sleep(300, 'waits'),
  ])
  expect(first).toBe('waits')
})

test('listings are malformed, or repeat a page', async () => {
  once('ListBlobs', { malformed: true })
  expect((await failureOf(pages())).message).toMatch(/parsing|Unclosed/i)
  front.requests.reset()
  front.setFault(({ operation, count }) =>
    operation === 'ListBlobs' && count > 1 && count < 4 ? { repeatToken: true } : undefined,
  )
  expect((await pages()).map((page) => page[0]?.name)).toEqual(['a', 'a', 'a', 'c/ü &'])
})

test('an answer comes late', async () => {
  once('GetBlobProperties', { delayMs: 150 })
  const start = performance.now()
  await container.getBlobClient('a').getProperties()
  expect(performance.now() - start).toBeGreaterThan(140)
})

test('a test answers itself, or changes what the server said', async () => {
  front.setIntercept(async ({ operation, key }, handOn) => {
    if (key === 'b') return { status: 200, headers: { etag: '"other"' }, body: Buffer.from('instead') }
    const reply = await handOn()
    if (operation !== 'ListBlobs') return reply
    return { ...reply, body: String(reply.body).replaceAll('<Name>a</Name>', '<Name>renamed</Name>') }
  })
  expect(String(await read('b'))).toBe('instead')
  expect((await pages()).flat().map((row) => row.name)).toEqual(['renamed', 'b', 'c/ü &', 'd'])
})

test('a server that is gone is told as such', async () => {
  await using other = await startFront({ target: 'http://127.0.0.1:9', platform: azurePlatform() })
  const response = await fetch(`${other.url}/acct/c/b`)
  expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('ECONNREFUSED')])
})

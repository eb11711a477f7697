import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AnonymousCredential,
  BlobServiceClient,
  ContainerClient as Container,
  type ContainerClient,
} from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../src/azurite/index.js'

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64')

/** Bytes that differ from place to place. */
const content = (size: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((Math.imul(at, 2654435761) + seed) >>> 0, at)
  return bytes
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const until = async (what: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 100 && !what(); tries++) await sleep(100)
  expect(what()).toBe(true)
}

const failureOf = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    const { statusCode, code } = error as { statusCode?: number; code?: string }
    return [statusCode, code]
  }
  throw new Error('It did not fail.')
}

describe('azurite', () => {
  let azurite: Azurite
  let container: ContainerClient
  const name = 'plain'

  beforeAll(async () => {
    azurite = await startAzurite()
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString, { retryOptions: { maxTries: 1 } })
    container = service.getContainerClient(name)
    await azurite.createContainer(name)
  })

  afterAll(() => azurite?.close())

  const md5Of = async (blob: string): Promise<string | undefined> => {
    const { contentMD5 } = await container.getBlobClient(blob).getProperties()
    return contentMD5 && Buffer.from(contentMD5).toString('base64')
  }

  it('keeps what is put, of every type', async () => {
    const bytes = content(1024 * 1024, 1)
    const cases = {
      once: {},
      blocks: { blocks: [500_000, 1, 548_575] },
      append: { blobType: 'append', blocks: [300_000, 1, 300_000, 448_575] },
      page: { blobType: 'page' },
    } as const
    for (const [blob, options] of Object.entries(cases)) {
      const { etag } = await azurite.put(name, blob, bytes, options)
      expect((await container.getBlobClient(blob).getProperties()).etag, blob).toBe(etag)
      expect((await container.getBlobClient(blob).downloadToBuffer()).equals(bytes), blob).toBe(true)
    }
    await expect(azurite.put(name, 'sum', bytes, { blocks: [1, 2] })).rejects.toMatchObject({ code: 'invalid-config' })
    const types: unknown[] = []
    for await (const row of container.listBlobsFlat())
      types.push([row.name, row.properties.blobType, row.properties.contentMD5 !== undefined])
    expect(types).toEqual([
      ['append', 'AppendBlob', false],
      ['blocks', 'BlockBlob', false],
      ['once', 'BlockBlob', true],
      ['page', 'PageBlob', false],
    ])
  })

  it('stores the Content-MD5 that is asked for, whatever the bytes are', async () => {
    const bytes = Buffer.from('content')
    for (const blobType of ['block', 'append', 'page'] as const) {
      const body = blobType === 'page' ? Buffer.alloc(1024, 'content') : bytes
      const put = async (contentMd5: 'right' | 'absent' | 'wrong' | Uint8Array): Promise<string | undefined> => {
        const { etag } = await azurite.put(name, blobType, body, { blobType, contentMd5 })
        expect((await container.getBlobClient(blobType).getProperties()).etag).toBe(etag)
        return md5Of(blobType)
      }
      expect(await put('right')).toBe(md5(body))
      expect(await put('absent')).toBe(undefined)
      expect(await put(Buffer.alloc(16, 7))).toBe(Buffer.alloc(16, 7).toString('base64'))
      const wrong = await put('wrong')
      expect(wrong).not.toBe(md5(body))
      expect(Buffer.from(wrong!, 'base64')).toHaveLength(16)
      expect((await container.getBlobClient(blobType).downloadToBuffer()).equals(body)).toBe(true)
    }
  })

  it('keeps metadata, content headers and tiers, and refuses to read what is archived', async () => {
    const { etag } = await azurite.put(name, 'cold', Buffer.from('x'), {
      tier: 'Archive',
      metadata: { made: 'by-a-test' },
      contentType: 'text/x',
      contentEncoding: 'gzip',
      contentMd5: 'absent',
    })
    const properties = await container.getBlobClient('cold').getProperties()
    expect(properties).toMatchObject({
      etag,
      accessTier: 'Archive',
      metadata: { made: 'by-a-test' },
      contentType: 'text/x',
      contentEncoding: 'gzip',
    })
    expect(await failureOf(container.getBlobClient('cold').download())).toEqual([409, 'BlobArchived'])
  })

  it('serves a byte that rotted on disk, under the same ETag, MD5, size and time', async () => {
    const bytes = content(1024 * 1024, 2)
    const blocks = [100, 1, 400_000, 1, 648_474]
    const whole = {
      one: {},
      // The same bytes again: the ones of the right blob have to be found.
      other: {},
      blocks: { blocks, contentMd5: 'right' },
      append: { blobType: 'append', blocks },
      page: { blobType: 'page', blocks: [512, 1024, 1024 * 1024 - 1536] },
    } as const
    for (const [blob, options] of Object.entries(whole)) await azurite.put(name, `rot/${blob}`, bytes, options)
    for (const blob of ['other', 'blocks', 'append', 'page', 'one']) {
      const client = container.getBlobClient(`rot/${blob}`)
      const before = await client.getProperties()
      const offsets = [0, 100, 511, 400_101, bytes.length - 1]
      for (const offset of offsets) await azurite.rot(name, `rot/${blob}`, offset)
      const after = await client.getProperties()
      for (const what of ['etag', 'contentLength', 'lastModified', 'contentMD5'] as const)
        expect(after[what], `${blob} ${what}`).toEqual(before[what])
      const served = await client.downloadToBuffer()
      const different = [...served.keys()].filter((at) => served[at] !== bytes[at])
      expect(different, blob).toEqual(offsets)
      for (const at of offsets) expect(served[at]).toBe(bytes[at]! ^ 0xff)
    }
    await azurite.rot(name, 'rot/one', 100)
    expect((await container.getBlobClient('rot/one').downloadToBuffer(100, 1))[0]).toBe(bytes[100])
    await expect(azurite.rot(name, 'rot/one', bytes.length)).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(azurite.rot(name, 'rot/none', 0)).rejects.toMatchObject({ statusCode: 404 })
  })

  it('makes signatures of account, container and blob that work until they expire', async () => {
    await azurite.put(name, 'a b/ü', Buffer.from('signed'))
    const blobs = async (sas: string): Promise<unknown> => {
      const client = new Container(`${azurite.url}/${name}?${sas}`, new AnonymousCredential(), {
        retryOptions: { maxTries: 1 },
      })
      const listed = await client
        .listBlobsFlat({ prefix: 'a b' })
        .next()
        .then(
          ({ value }) => value?.name as unknown,
          (error: { statusCode: number }) => error.statusCode,
        )
      const read = await client
        .getBlobClient('a b/ü')
        .downloadToBuffer()
        .then(String, (error: { statusCode: number }) => error.statusCode)
      return [listed, read]
    }
    expect(await blobs(azurite.sas())).toEqual(['a b/ü', 'signed'])
    expect(await blobs(azurite.sas({ container: name }))).toEqual(['a b/ü', 'signed'])
    expect(await blobs(azurite.sas({ container: name, permissions: 'l' }))).toEqual(['a b/ü', 403])
    expect(await blobs(azurite.sas({ container: name, blob: 'a b/ü' }))).toEqual([403, 'signed'])
    expect(await blobs(azurite.sas({ container: 'other' }))).toEqual([403, 403])
    const hour = 3_600_000
    const over = { startsOn: new Date(Date.now() - 2 * hour), expiresOn: new Date(Date.now() - hour) }
    expect(await blobs(azurite.sas(over))).toEqual([403, 403])
    expect(await blobs(azurite.sas({ container: name, startsOn: new Date(Date.now() + hour) }))).toEqual([403, 403])
  })

  it('lets anonymous clients read where the container says so', async () => {
    await azurite.createContainer('public', 'blob')
    await azurite.put('public', 'x', Buffer.from('open'))
    expect(await (await fetch(`${azurite.url}/public/x`)).text()).toBe('open')
    expect((await fetch(`${azurite.url}/${name}/a`)).status).toBeGreaterThanOrEqual(400)
  })

  it('ends with its process, and leaves nothing', async () => {
    const script = join(import.meta.dirname, 'owner-child.ts')
    const child = spawn(process.execPath, ['--conditions=backproof-source', '--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const line = await Promise.race([
      createInterface({ input: child.stdout })
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => String(value)),
      new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('it ended')))),
    ])
    const { directory, pid } = JSON.parse(line) as { directory: string; pid: number }
    expect(isRunning(pid)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !isRunning(pid) && !existsSync(directory))
  })

  it('closes, any number at once, and is not started for who has given up', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'backproof-azurites-'))
    try {
      const controller = new AbortController()
      const given = expect(startAzurite({ directory: parent, signal: controller.signal })).rejects.toThrow()
      setTimeout(() => controller.abort(), 100)
      const [one, two] = await Promise.all([
        startAzurite({ directory: parent }),
        startAzurite({ directory: parent, account: 'second' }),
      ])
      await given
      expect(two.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/second$/)
      await one.createContainer('one')
      expect(await failureOf(two.put('one', 'x', Buffer.from('x')))).toEqual([404, 'ContainerNotFound'])
      await Promise.all([one.close(), one.close(), two.close()])
      expect([one.pid, two.pid].map(isRunning)).toEqual([false, false])
      expect(await readdir(parent)).toEqual([])
    } finally {
      await rm(parent, { recursive: true })
    }
  })
})

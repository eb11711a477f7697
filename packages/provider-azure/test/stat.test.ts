import { createHash } from 'node:crypto'
import type { ObjectInfo } from '@backproof/core/source'
import type { AzureBlobSourceOptions } from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { entryOf, failureOf, freshName, withContainer } from './support/container.js'
import { secureUrl, withPlainTls } from './support/plain-tls.js'

let server: AzureServer
const container = freshName()
beforeAll(async () => {
  server = await startAzureServer()
  server.admin.createContainer({ name: container })
})
withPlainTls()
afterEach(() => server.setFault(undefined))
afterAll(() => server.close())

type PutOptions = Parameters<AzureServer['admin']['put']>[3]

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

const statOf = async (
  name: string,
  bytes: Uint8Array,
  put: PutOptions,
  options: Partial<AzureBlobSourceOptions> = {},
): Promise<ObjectInfo> => {
  await server.admin.put(container, name, bytes, put)
  return withContainer(server, container, options, async (source) => {
    const entry = await entryOf(source, name)
    server.requests.reset()
    return source.stat(entry.ref, { want: ['digests', 'retention'] })
  })
}

describe('stat', () => {
  it('knows the MD5 as a claim, and the tier, from one request', async () => {
    const bytes = Buffer.from('some bytes')
    const info = await statOf('single', bytes, { tier: 'Cool' })
    expect(info).toMatchObject({
      key: 'single',
      size: 10,
      storageClass: 'Cool',
      digests: [{ algorithm: 'md5', value: md5(bytes), provenance: 'claimed' }],
    })
    expect(server.requests.counts()).toEqual({ GetBlobProperties: 1 })
  })

  it.each(['BlockBlob', 'AppendBlob', 'PageBlob'] as const)('takes a %s', async (type) => {
    const info = await statOf(`of-${type}`, Buffer.alloc(512), { type, contentMd5: 'absent' })
    expect(info).toMatchObject({ kind: 'object', size: 512 })
    expect(info.digests).toBeUndefined()
  })

  it('tells what is archived, and what is on its way back', async () => {
    expect(await statOf('cold', Buffer.from('x'), { tier: 'Archive' })).toMatchObject({ archived: true })
    const archiveStatus = 'rehydrate-pending-to-hot'
    expect(await statOf('thawing', Buffer.from('x'), { tier: 'Archive', archiveStatus })).toMatchObject({
      archived: true,
    })
  })

  it('needs the key of a blob that is encrypted with one, and shows it nowhere', async () => {
    const customerKey = Buffer.alloc(32, 7)
    const url = secureUrl(server)
    const info = await statOf('sealed', Buffer.from('sealed'), { customerKey }, { customerKey, url })
    expect(info.size).toBe(6)
    expect(JSON.stringify(info)).not.toContain(customerKey.toString('base64'))
    const missing = await failureOf(statOf('sealed', Buffer.from('sealed'), { customerKey }, { url }))
    expect(missing).toMatchObject({ code: 'access-denied', message: expect.stringContaining('customerKey') as string })
    // Other blobs of the same container need none, and would refuse it.
    expect(await statOf('open', Buffer.from('open'), {}, { customerKey, url })).toMatchObject({ size: 4 })
  })

  it('is about the blob as it is now, and about a version for ever', async () => {
    const versioned = await startAzureServer({ versioning: true })
    versioned.admin.createContainer({ name: container })
    const first = await versioned.admin.put(container, 'a', Buffer.from('1'))
    const taken = versioned.admin.takeSnapshot(container, 'a')
    await versioned.admin.put(container, 'a', Buffer.from('22'))
    await withContainer(versioned, container, {}, async (source) => {
      expect(await source.stat({ key: 'a', etag: first.etag, size: 1 })).toMatchObject({ size: 2 })
      expect(await source.stat({ key: 'a', version: first.versionId! })).toMatchObject({
        size: 1,
        version: first.versionId,
      })
      expect(await source.stat({ key: 'a', snapshot: taken })).toMatchObject({ size: 1, version: `snapshot:${taken}` })
      expect(await failureOf(source.stat({ key: 'b' }))).toMatchObject({ code: 'not-found' })
    })
    await versioned.close()
  })

  it('does not take another length under the same ETag for the blob', async () => {
    await server.admin.put(container, 'short', Buffer.alloc(100))
    await withContainer(server, container, {}, async (source) => {
      const { ref } = await entryOf(source, 'short')
      const error = await failureOf(source.stat({ ...(ref as object), size: 101 }))
      expect(error).toMatchObject({ code: 'corrupt', retryable: true })
    })
  })

  it('refuses refs that are none of its own', async () => {
    await withContainer(server, container, {}, async (source) => {
      for (const ref of [{}, { key: 1 }, 'a', null, { key: 'a', etag: 1 }, { key: 'a', archived: true }]) {
        expect(await failureOf(source.stat(ref as never))).toMatchObject({ code: 'invalid-config' })
      }
    })
  })
})

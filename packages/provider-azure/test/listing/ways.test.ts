import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/connection.js'
import { listPage } from '../../src/client/requests.js'
import { readListedPage } from '../../src/listing/pages.js'
import { azureSettings } from '../../src/options.js'
import { containerWith, failureOf, freshName, listAll, withContainer } from '../support/container.js'

const clientOf = ({ url, account, key }: AzureServer): BlobServiceClient =>
  new BlobServiceClient(url, new StorageSharedKeyCredential(account, key), { retryOptions: { maxTries: 1 } })

/** Answers every request with one page. */
const startListing = async (body: string | Buffer): Promise<{ readonly url: string; close(): void }> => {
  const listing = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/xml' }).end(body),
  )
  await new Promise<void>((resolve) => listing.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(listing.address() as AddressInfo).port}/account`,
    close: () => {
      listing.closeAllConnections()
      listing.close()
    },
  }
}

const row = (name: string): string =>
  `<Blob><Name>${name}</Name><Properties><Creation-Time>Sun, 22 Nov 2026 10:00:00 GMT</Creation-Time><Last-Modified>Sun, 22 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x8DE29A0B1C2D3E4</Etag><Content-Length>1</Content-Length><Content-Type>text/plain</Content-Type><Content-Encoding /><Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5><Cache-Control /><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><Metadata /><OrMetadata /></Blob>`

const page = (rows: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${rows}</Blobs><NextMarker /></EnumerationResults>`

const NAMES = ['a b', '&amp;<Blob>', 'x\ry\u0001', ' ', '%41', '\u{1f600}', '\uffff', 'q\'q"]]>', 'dir/', 'dir/file']

describe('a container that is listed by an own client, and by one of the caller', () => {
  it.each([{}, { versioning: true, softDeleteDays: 7 }, { softDeleteDays: 7 }, { hierarchical: true }])(
    'has the same entries: %j',
    async (account) => {
      const server = await startAzureServer(account)
      const container = freshName()
      const { admin } = server
      admin.createContainer({ name: container })
      // Where directories are real, names are paths.
      const names = 'hierarchical' in account ? ['a b', 'dir/&amp;', 'x'] : NAMES
      for (const name of names) await admin.put(container, name, Buffer.from(name))
      await admin.put(container, names[0]!, Buffer.from('again'), { tier: 'Archive', metadata: { Some: '<b>' } })
      await admin.put(container, 'folder', Buffer.alloc(0), { metadata: { Hdi_isFolder: 'TRUE' } })
      await admin.put(container, 'claim', Buffer.from('x'), { contentMd5: 'wrong', contentCrc64: 'right' })
      if (!('hierarchical' in account)) admin.takeSnapshot(container, names[1]!)
      admin.remove(container, names.at(-1)!)
      for (const options of [{}, { versions: true }]) {
        if ('hierarchical' in account && options.versions === true) continue
        const all = { snapshots: true, deleted: true }
        const own = await withContainer(server, container, all, (source) => listAll(source, options))
        const foreign = { ...all, client: clientOf(server) }
        expect(own.length).toBeGreaterThan(names.length - 1)
        expect(await withContainer(server, container, foreign, (source) => listAll(source, options))).toEqual(own)
      }
      await server.close()
    },
  )

  it('comes in pages of 5,000, or of 1,000', async () => {
    const server = await startAzureServer()
    const container = await containerWith(
      server,
      Array.from({ length: 1_001 }, (_, i) => `blob-${i}`),
    )
    const own = await withContainer(server, container, {}, listAll)
    expect(server.requests.counts()).toEqual({ ListBlobs: 1 })
    server.requests.reset()
    expect(await withContainer(server, container, { client: clientOf(server) }, listAll)).toEqual(own)
    expect(server.requests.counts()).toEqual({ ListBlobs: 2 })
    await server.close()
  })

  it('is refused where an answer is damaged', async () => {
    const listing = await startListing(page(row('a')).slice(0, -1))
    const client = new BlobServiceClient(listing.url, new AnonymousCredential(), { retryOptions: { maxTries: 1 } })
    for (const access of [{ url: listing.url, credential: 'anonymous' as const }, { client }]) {
      const server = { account: 'account', key: '', url: listing.url } as AzureServer
      const error = await failureOf(withContainer(server, 'answers', access, listAll))
      expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    }
    listing.close()
  })
})

describe('a page of 5,000 rows', () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => row(`folder/${i}`)).join('')
  const connectionTo = (url: string) => connect(azureSettings({ url, container: 'answers', credential: 'anonymous' }))

  it('is not read by the SDK, whose parser holds the process up for half a second and more', async () => {
    const listing = await startListing(page(rows))
    const connection = connectionTo(listing.url)
    const { output } = await listPage(connection, {}, {})
    expect(output).toMatchObject({ segment: { blobItems: [] }, _response: { status: 200, bodyAsText: page(rows) } })
    connection.close()
    listing.close()
  })

  it('lets other work go on between its rows', async () => {
    const listing = await startListing(page(rows))
    const connection = connectionTo(listing.url)
    let read = 0
    let before = 0
    let most = 0
    const look = (): void => {
      most = Math.max(most, read - before)
      before = read
    }
    const turn = (): void => {
      look()
      if (read < 5_000) setImmediate(turn)
    }
    turn()
    const { rows: made } = await readListedPage(connection, {}, {}, ({ name }) => {
      read += 1
      return name
    })
    look()
    expect(made).toHaveLength(5_000)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(500)
    connection.close()
    listing.close()
  })

  it('is left between its rows when its signal aborts', async () => {
    const listing = await startListing(page(rows))
    const connection = connectionTo(listing.url)
    const controller = new AbortController()
    const reason = new Error('enough')
    let read = 0
    const reading = readListedPage(connection, {}, { signal: controller.signal }, () => {
      read += 1
      if (read === 300) setImmediate(() => controller.abort(reason))
    })
    await expect(reading).rejects.toBe(reason)
    expect(read).toBeLessThan(1_000)
    connection.close()
    listing.close()
  })
})

describe('bytes of a page that are not UTF-8', () => {
  it('are no name of a blob', async () => {
    const listing = await startListing(Buffer.from(page(row('\u00e9')), 'latin1'))
    const open = { url: listing.url, credential: 'anonymous' } as const
    const server = { account: 'account', key: '' } as AzureServer
    const error = await failureOf(withContainer(server, 'answers', open, listAll))
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    listing.close()
  })
})

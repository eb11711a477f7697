import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { type AzureServer, type Azurite, startAzureServer, startAzurite } from '@backproof/test-servers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, keyClient, sasClient } from './clients.js'

type Server = AzureServer | Azurite

const container = 'agreement'
const NAMES = [
  'a.txt',
  'a/b',
  'a/c/d',
  'a-b',
  'é',
  '😀',
  '\uffee',
  'plus+',
  'per%20cent',
  ' blank',
  'quote"\'<&>',
  'z//z',
  'A',
]

/** Blobs that both servers are given, through their own ways in. */
const fill = async (server: Server): Promise<void> => {
  const put = async (
    name: string,
    bytes: Buffer,
    more: { tier?: 'Archive'; contentMd5?: 'absent' | 'wrong'; contentEncoding?: string } = {},
  ) => {
    const options = { metadata: { name: 'of-a-test' }, contentType: 'text/x', ...more }
    if ('admin' in server) await server.admin.put(container, name, bytes, options)
    else await server.put(container, name, bytes, options)
  }
  if ('admin' in server) server.admin.createContainer({ name: container })
  else await server.createContainer(container)
  for (const name of NAMES) await put(name, Buffer.from(name))
  await put('range', Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
  await put('claimed', Buffer.from('x'), { contentMd5: 'absent', contentEncoding: 'gzip' })
  await put('archived', Buffer.from('x'), { tier: 'Archive' })
}

const base64 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64')

/**
 * What both servers are asked; each answer is made of what the API promises to be the same. Left out is where azurite is not
 * what the reference says: it serves ranges beyond the end, and its code for any wrong signature is AuthorizationFailure.
 */
const QUESTIONS: Readonly<Record<string, (client: ContainerClient, server: Server) => Promise<unknown>>> = {
  'the whole listing': async (client) => {
    const rows: unknown[] = []
    for await (const { name, properties, metadata } of client.listBlobsFlat({ includeMetadata: true }))
      rows.push([
        name,
        properties.contentLength,
        base64(properties.contentMD5),
        properties.blobType,
        properties.accessTier,
        properties.contentType,
        metadata,
      ])
    return rows
  },
  'pages of two': async (client) => {
    const pages: unknown[] = []
    for await (const page of client.listBlobsFlat().byPage({ maxPageSize: 2 }))
      pages.push(page.segment.blobItems.map((row) => row.name))
    return pages
  },
  'prefixes and delimiters': async (client) =>
    Promise.all(
      ['', 'a', 'a/', 'none', 'z/', 'z//'].map(async (prefix) => {
        const found: string[] = []
        for await (const row of client.listBlobsByHierarchy('/', { prefix })) found.push(`${row.kind} ${row.name}`)
        return found
      }),
    ),
  properties: async (client) =>
    Promise.all(
      [...NAMES, 'range', 'claimed', 'archived'].map(async (name) => {
        const got = await client.getBlobClient(name).getProperties()
        const {
          contentLength,
          contentType,
          contentEncoding,
          metadata,
          blobType,
          accessTier,
          acceptRanges,
          isServerEncrypted,
        } = got
        return [
          contentLength,
          contentType,
          contentEncoding,
          metadata,
          blobType,
          accessTier,
          acceptRanges,
          isServerEncrypted,
          base64(got.contentMD5),
        ]
      }),
    ),
  bytes: async (client) =>
    Promise.all(NAMES.map(async (name) => String(await client.getBlobClient(name).downloadToBuffer()))),
  ranges: async (client) =>
    Promise.all(
      (
        [
          [0, 10],
          [250, 6],
          [250, 500],
          [255, undefined],
          [0, undefined],
        ] as const
      ).map(async ([from, count]) => {
        const got = await client
          .getBlobClient('range')
          .download(from, count, { rangeGetContentMD5: count !== undefined })
        const chunks: Buffer[] = []
        for await (const chunk of got.readableStreamBody!) chunks.push(Buffer.from(chunk))
        return [
          got._response.status,
          got.contentRange,
          Buffer.concat(chunks).toString('hex'),
          count !== undefined && base64(got.contentMD5),
        ]
      }),
    ),
  conditions: async (client) => {
    const blob = client.getBlobClient('range')
    const { etag = '', lastModified } = await blob.getProperties()
    const earlier = new Date(lastModified!.getTime() - 10_000)
    const later = new Date(lastModified!.getTime() + 10_000)
    const status = async (conditions: object): Promise<unknown> =>
      blob.getProperties({ conditions }).then(
        (got) => got._response.status,
        (error: { statusCode: number }) => error.statusCode,
      )
    return Promise.all(
      [
        { ifMatch: etag },
        { ifMatch: '"0x0"' },
        { ifNoneMatch: etag },
        { ifNoneMatch: '"0x0"' },
        { ifModifiedSince: earlier },
        { ifModifiedSince: later },
        { ifUnmodifiedSince: earlier },
        { ifUnmodifiedSince: later },
      ].map(status),
    )
  },
  'what is missing': async (client) => [
    await failureOf(client.getBlobClient('missing').download()),
    (await failureOf(client.getBlobClient('missing').getProperties()))[0],
    await failureOf(client.getBlobClient('range').withSnapshot('2020-01-01T00:00:00.0000000Z').download()),
  ],
  'a container that is missing': async (_, server) => {
    const client = keyClient(server).getContainerClient('missing')
    return [
      await failureOf(client.listBlobsFlat().next()),
      (await failureOf(client.getProperties()))[0],
      await failureOf(client.getBlobClient('x').download()),
    ]
  },
  'what is archived': async (client) => failureOf(client.getBlobClient('archived').download()),
  'a wrong key': async (_, server) => {
    const wrong = { url: server.url, account: server.account, key: Buffer.alloc(64).toString('base64') }
    return (await failureOf(keyClient(wrong).getContainerClient(container).listBlobsFlat().next()))[0]
  },
  signatures: async (_, server) => {
    const past = new Date(Date.now() - 3_600_000)
    const signed = [
      server.sas(),
      server.sas({ permissions: 'l' }),
      server.sas({ permissions: 'r', resourceTypes: 'o' }),
      server.sas({ container }),
      server.sas({ container, permissions: 'r' }),
      server.sas({ container, blob: 'a/b' }),
      server.sas({ container: 'other' }),
      server.sas({ container, expiresOn: past }),
      `${server.sas({ container })}x`,
    ]
    const status = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => 200,
        (error: { statusCode: number }) => error.statusCode,
      )
    return Promise.all(
      signed.map(async (sas) => {
        const client = sasClient(server.url, sas).getContainerClient(container)
        return [await status(client.listBlobsFlat().next()), await status(client.getBlobClient('a/b').download())]
      }),
    )
  },
}

describe('our server answers as azurite does', () => {
  let ours: AzureServer
  let azurite: Azurite

  beforeAll(async () => {
    ;[ours, azurite] = await Promise.all([startAzureServer(), startAzurite()])
    await fill(ours)
    await fill(azurite)
  }, 60_000)

  afterAll(async () => {
    await Promise.all([ours?.close(), azurite?.close()])
  })

  const clientOf = (server: Server): ContainerClient =>
    new BlobServiceClient(server.url, new StorageSharedKeyCredential(server.account, server.key), {
      retryOptions: { maxTries: 1 },
    }).getContainerClient(container)

  for (const [name, ask] of Object.entries(QUESTIONS)) {
    test(name, async () => {
      const mine = await ask(clientOf(ours), ours)
      expect(mine).toEqual(await ask(clientOf(azurite), azurite))
    })
  }
})

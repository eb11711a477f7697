import { createHash } from 'node:crypto'
import type { ClientRequest } from 'node:http'
import { type AzureBlobSourceOptions, azureBlobSource } from '@backproof/provider-azure'
import {
  type AzureServer,
  type Azurite,
  azurePlatform,
  type FaultFunction,
  type Front,
  type RequestCounters,
  startAzureServer,
  startAzurite,
  startFront,
} from '@backproof/test-servers'
import { BUCKET, type FaultPlatform, type PlaceOptions, type PlatformSecrets } from '@backproof/test-servers/suites'
import { azureLogins } from './azure-logins.js'
import { APPENDED, ASKED, ASKED_KEY, FIRST, FRONT, REFUSALS, TARGETS } from './azure-requests.js'
import { azuriteAdmin } from './azurite-admin.js'

export type AzureOptions = Partial<AzureBlobSourceOptions>

/** azurite behind a front, as the fault matrix drives it; what is large comes from the server of our own behind another. */
export interface AzurePlatform extends FaultPlatform<AzureOptions> {
  readonly account: string
  readonly azurite: Azurite
  /** What azurite lacks, of the same account. */
  readonly server: AzureServer
  /** Of the front before it. */
  readonly serverUrl: string
}

/** Rows of a page: services may give fewer than the 5,000 that they give at most. */
const PAGE_ROWS = 500
const UNORDERED = 'page-by-page'
/** Containers of thousands of blobs, which azurite would take a minute to be given, and of those that are read again and again. */
const IN_MEMORY: ReadonlySet<string> = new Set([UNORDERED, 'many', 'side-good', 'side-bad', 'large'])

export const openAzurePlatform = async (): Promise<AzurePlatform> => {
  const azurite = await startAzurite()
  const { account, key } = azurite
  const server = await startAzureServer({ account, key, pageRows: PAGE_ROWS })
  const fronts = {
    azurite: await startFront({ target: originOf(azurite.url), platform: FRONT }),
    server: await startFront({ target: originOf(server.url), platform: FRONT }),
  }
  const admin = azuriteAdmin(azurite)
  const writes = new Set<Promise<unknown>>()
  /** What is written while a request waits is there when it is answered. */
  const written = <T>(write: Promise<T>): Promise<T> => {
    const done = write.finally(() => writes.delete(done))
    writes.add(done)
    return done
  }
  listWithoutDigest(fronts.azurite, writes)

  const open = ({ bucket = BUCKET, url, requestTimeoutMs, own }: PlaceOptions<AzureOptions>) => {
    const front = IN_MEMORY.has(bucket) ? fronts.server : fronts.azurite
    if (own?.client !== undefined) return azureBlobSource({ container: bucket, requestTimeoutMs, ...own })
    return azureBlobSource({
      ...placeOf(url ?? front.url, account),
      credential: { accountName: account, accountKey: key },
      container: bucket,
      requestTimeoutMs,
      ...own,
    })
  }

  return {
    name: 'Azure',
    account,
    azurite,
    server,
    serverUrl: fronts.server.url,
    words: {
      service: 'Blob Storage',
      bucket: 'container',
      goneObject: /azblob:\/\/backproof\/vault\/d\/plain: there is no such blob \(any more\)\..*BlobNotFound, HTTP 404/,
      requestId: '[0-9a-f-]{36}',
      document: 'XML',
      missingHost: 'nonexistent.invalid',
      expired: /has expired, or is not valid yet\..*Give a new one.*HTTP 40[13], request/s,
    },
    operations: { list: 'ListBlobs', read: 'GetBlob' },
    failures: {
      throttled: { status: 503, code: 'ServerBusy' },
      failed: { status: 500, code: 'InternalError' },
      denied: { status: 403, code: 'AuthorizationPermissionMismatch' },
      objectGone: { status: 404, code: 'BlobNotFound' },
      bucketGone: { status: 404, code: 'ContainerNotFound' },
    },
    errorReply: (status, code, message) => azurePlatform().injected({ status, code, message }, NO_REQUEST),
    url: fronts.azurite.url,
    requests: bothOf(fronts.azurite.requests, fronts.server.requests),
    setFault: (fault: FaultFunction | undefined) => {
      for (const front of Object.values(fronts)) front.setFault(fault)
    },
    front: FRONT,
    uri: (bucket) => `azblob://${account}/${bucket}`,
    open,
    createBucket: async (name) => {
      if (IN_MEMORY.has(name)) server.admin.createContainer({ name })
      else await admin.createContainer(name)
    },
    put: (bucket, name, bytes) =>
      IN_MEMORY.has(bucket) ? server.admin.put(bucket, name, bytes) : written(upload(admin, bucket, name, bytes)),
    remove: async (bucket, name) => {
      await written(admin.getContainerClient(bucket).deleteBlob(name))
    },
    close: async () => {
      for (const { close } of [...Object.values(fronts), server, azurite]) await close()
    },
    kinds: new Map([
      [ASKED_KEY, 200_000],
      [APPENDED, 200_000],
    ]),
    asked: ASKED,
    proves: 'claimed',
    reach: { operation: FIRST },
    uploadsLookAlike: false,
    probesBodies: false,
    targets: TARGETS,
    refusals: REFUSALS,
    logins: azureLogins(azurite, fronts.server.url),
    listings: {
      pageRows: PAGE_ROWS,
      resumable: { absent: 'A listing of blobs goes on behind a page of its own only.' },
      unordered: { bucket: UNORDERED },
      // Of the last name of a page nobody knows whether it has more versions.
      versions: { operation: 'ListBlobs', held: 1 },
      foreign: [
        { name: 'an empty listing element', answer: { status: 200, body: '<EnumerationResults/>' } },
        {
          name: 'a page without NextMarker',
          answer: (xml) => xml.replace(/<NextMarker ?\/>|<NextMarker>.*<\/NextMarker>/, ''),
        },
      ],
    },
    secrets: secretsOf(azurite),
    command: {
      env: {
        AZURE_STORAGE_CONNECTION_STRING: connectionString(azurite, fronts.azurite.url),
        AZURE_STORAGE_ACCOUNT: undefined,
        AZURE_STORAGE_KEY: undefined,
        AZURE_STORAGE_SAS_TOKEN: undefined,
      },
      args: [],
      wrongLogin: {
        env: {
          AZURE_STORAGE_CONNECTION_STRING: connectionString(
            { account, key: createHash('sha512').update('of somebody else').digest('base64') },
            fronts.server.url,
          ),
        },
        words: /refused the credential/,
      },
      nobody: { env: { AZURE_STORAGE_CONNECTION_STRING: connectionString(azurite, 'http://127.0.0.1:9') } },
      readPermission: /containers\/blobs\/read/,
    },
  }
}

/** What came to one or the other. */
const bothOf = (a: RequestCounters, b: RequestCounters): RequestCounters => {
  const count = (operation: string): number => a.count(operation) + b.count(operation)
  return {
    count,
    counts: () => Object.fromEntries(Object.keys({ ...a.counts(), ...b.counts() }).map((name) => [name, count(name)])),
    total: () => a.total() + b.total(),
    log: () => [...a.log(), ...b.log()],
    reset: () => {
      a.reset()
      b.reset()
    },
  }
}

const NO_REQUEST = { method: 'GET', rawPath: '/', parameters: [], query: new Map(), headers: new Map() } as const

const originOf = (url: string): string => new URL(url).origin

/** Emulators have the account in the path; the hosts of accounts have names. */
const placeOf = (url: string, account: string): AzureOptions =>
  /^https?:\/\/[\d.]+(?::|$)/.test(url) ? { url: `${url}/${account}` } : { url, account }

const connectionString = ({ account, key }: Pick<Azurite, 'account' | 'key'>, origin: string): string =>
  `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${origin}/${account};`

const upload = async (
  admin: ReturnType<typeof azuriteAdmin>,
  container: string,
  name: string,
  bytes: Uint8Array,
): Promise<unknown> => {
  const client = admin.getContainerClient(container)
  const body = Buffer.from(bytes)
  if (name !== APPENDED) return await client.getBlockBlobClient(name).upload(body, body.length)
  const blob = client.getAppendBlobClient(name)
  await blob.create()
  await blob.appendBlock(body, body.length)
  // The service computes none of what is appended.
  return await blob.setHTTPHeaders({ blobContentMD5: createHash('md5').update(body).digest() })
}

/**
 * Has listings keep quiet about the digest of one blob, as they may of one under a key of its owner: so it is asked about. And
 * waits for what is being written.
 */
const listWithoutDigest = (front: Front, writes: ReadonlySet<Promise<unknown>>): void => {
  const row = new RegExp(`(<Name>${ASKED_KEY}</Name>(?:(?!</Blob>).)*?)<Content-MD5>[^<]*</Content-MD5>`, 's')
  front.setIntercept(async ({ operation }, handOn) => {
    await Promise.allSettled(writes)
    const reply = await handOn()
    return operation === 'ListBlobs' ? { ...reply, body: String(reply.body).replace(row, `$1${SEALED}`) } : reply
  })
}

const SEALED = `<CustomerProvidedKeySha256>${createHash('sha256').update('a key').digest('base64')}</CustomerProvidedKeySha256>`

const secretsOf = ({ account, key }: Azurite): PlatformSecrets => ({
  values: { 'account key': key },
  forms: [
    {
      name: 'a signature in a query',
      form: /[?&\s"';]sig=(?!\[redacted\])/i,
      example: 'https://host/c?sv=2026-04-06&sig=abc',
    },
    { name: 'a signature', form: /\bSharedKey \w+:(?!\[redacted\])/i, example: `SharedKey ${account}:abc=` },
    { name: 'a key of an account', form: /AccountKey=(?!\[redacted\])/i, example: 'AccountName=x;AccountKey=abc' },
    {
      name: 'a key of the owner of a blob',
      form: /x-ms-encryption-key["']?\s*[:=]\s*["']?(?!\[redacted\])[A-Za-z0-9]/i,
      example: { 'x-ms-encryption-key': 'Zm9v' },
    },
    { name: 'a token', form: /\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{8,}/, example: 'Bearer eyJ0eXAi.c29tZXRoaW5n' },
  ],
  signatures: { form: /[A-Za-z0-9+/]{43}=/g, example: `${'f'.repeat(43)}=`, of: signaturesOf },
  signedQuery: ({ headers, query }) => {
    const [, scheme = '', signature = ''] = /^(\w+) [^:]+:(.*)$/.exec(headers.get('authorization') ?? '') ?? []
    return new URLSearchParams({ sv: '2026-04-06', scheme, sig: query.get('sig') ?? signature }).toString()
  },
  // What stands before each signature; the signatures differ from request to request.
  sent: 'SharedKey',
})

const signaturesOf = (request: ClientRequest): readonly string[] => {
  const authorization = String(request.getHeader('authorization') ?? '')
  const inQuery = new URLSearchParams(request.path.split('?')[1] ?? '').get('sig')
  return [/^SharedKey [^:]+:(.+)$/.exec(authorization)?.[1] ?? [], inQuery ?? []].flat()
}

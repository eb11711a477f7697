import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type GcsSource, type GcsSourceOptions, gcsSource } from '@backproof/provider-gcp'
import {
  type GcsPutOptions,
  type GcsServer,
  gcsPlatform as gcsFront,
  type Reply,
  startGcsServer,
} from '@backproof/test-servers'
import { BUCKET, type FaultPlatform, type PlatformSecrets } from '@backproof/test-servers/suites'
import { withoutTokens } from '../../support/requests.js'
import { clientOf, gcsLogins, subjectToken } from './gcs-logins.js'
import { ASKED, COMPOSITE, CSEK, REFUSALS, TARGETS } from './gcs-requests.js'

export type GcsOptions = Partial<GcsSourceOptions>

/** The Cloud Storage test server as the fault matrix drives it. */
export interface GcsFaultPlatform extends FaultPlatform<GcsOptions> {
  readonly server: GcsServer
}

/** Of the object under a key of its owner. */
export const CUSTOMER_KEY: Uint8Array = Buffer.alloc(32, 'kept with care')

const HIERARCHICAL = 'pages-in-folders'

export const openGcsPlatform = async (): Promise<GcsFaultPlatform> => {
  const server = await startGcsServer()
  const { owner, admin } = server
  const folder = await mkdtemp(join(tmpdir(), 'backproof-gcs-faults-'))
  const [keyFile, wrongKeyFile] = [join(folder, 'right.json'), join(folder, 'wrong.json')]
  await writeFile(keyFile, JSON.stringify(owner.credentials))
  await writeFile(wrongKeyFile, JSON.stringify(owner.credentials).replace(subjectToken(owner.credentials), WRONG))
  return {
    name: 'Cloud Storage',
    server,
    words: {
      service: 'Cloud Storage',
      bucket: 'bucket',
      goneObject:
        /gs:\/\/vault\/d\/plain \(generation \d+\): there is no such generation of the object \(any more\)\. \(.*HTTP 404, request/,
      requestId: '[\\w-]{40,}',
      document: 'JSON',
      missingHost: 'nonexistent.invalid',
      expired: /does not accept the credentials.*They may have expired.*HTTP 401, request/s,
    },
    operations: { list: 'objects.list', read: 'objects.getMedia' },
    failures: {
      throttled: { status: 429, code: 'rateLimitExceeded' },
      failed: { status: 500, code: 'internalError' },
      denied: { status: 403, code: 'forbidden' },
      objectGone: { status: 404, code: 'notFound' },
      bucketGone: { status: 404, code: 'notFound', message: 'The specified bucket does not exist.' },
    },
    errorReply,
    url: server.url,
    requests: withoutTokens(server.requests),
    setFault: server.setFault,
    front: gcsFront(),
    uri: (bucket) => `gs://${bucket}`,
    open: ({ bucket = BUCKET, url = server.url, requestTimeoutMs, listConcurrency, own = {} }): GcsSource =>
      gcsSource({
        bucket,
        endpoint: url,
        ...(hasLogin(own) ? {} : { authClient: clientOf(owner.token) }),
        // Over http it is refused for other machines.
        ...(new URL(url).hostname === '127.0.0.1' && { customerKey: CUSTOMER_KEY }),
        requestTimeoutMs,
        listConcurrency,
        ...own,
      }),
    createBucket: (name) => admin.createBucket({ name, ...(name === HIERARCHICAL && { settings: IN_FOLDERS }) }),
    put: (bucket, key, bytes) => admin.put(bucket, key, bytes, putOf(key)),
    remove: (bucket, key) => admin.remove(bucket, key),
    close: async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
    kinds: new Map([
      [CSEK, 200_000],
      [COMPOSITE, 200_000],
    ]),
    asked: ASKED,
    proves: 'stored',
    reach: { operation: 'buckets.get' },
    uploadsLookAlike: false,
    probesBodies: false,
    targets: TARGETS,
    refusals: REFUSALS,
    logins: gcsLogins(server),
    listings: {
      pageRows: 1_000,
      resumable: { concurrency: [1, 4] },
      unordered: { bucket: HIERARCHICAL },
      versions: { operation: 'objects.list', held: 1 },
      foreign: [
        { name: 'an empty object', answer: { status: 200, headers: JSON_TYPE, body: '{}' } },
        { name: 'a list', answer: { status: 200, headers: JSON_TYPE, body: '[]' } },
        {
          name: 'a listing of buckets',
          answer: { status: 200, headers: JSON_TYPE, body: '{"kind":"storage#buckets"}' },
        },
        { name: 'JSON cut off', answer: (page) => page.slice(0, -1) },
      ],
    },
    secrets: secretsOf(server),
    command: {
      env: {
        STORAGE_EMULATOR_HOST: server.url,
        KEY_FILE: keyFile,
        CUSTOMER_KEY: Buffer.from(CUSTOMER_KEY).toString('base64'),
      },
      args: ['--with', 'keyFile=env:KEY_FILE', '--with', 'customerKey=env:CUSTOMER_KEY'],
      wrongLogin: {
        env: { KEY_FILE: wrongKeyFile },
        words: /the credentials have expired, or were revoked/,
      },
      nobody: { env: { STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9' } },
      readPermission: /storage\.objects\.get/,
    },
  }
}

const hasLogin = ({ authClient, anonymous, credentials }: GcsOptions): boolean =>
  (authClient ?? anonymous ?? credentials) !== undefined

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' }

/** A hierarchical namespace needs uniform access. */
const IN_FOLDERS = {
  hierarchicalNamespace: { enabled: true },
  iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
}

/** A workload that the token service does not know. */
const WRONG = 'subject0token0of0a0stranger'

/** One object of each kind in the vault; elsewhere what the listing proves. */
const putOf = (key: string): GcsPutOptions => {
  if (key === CSEK) return { customerKey: CUSTOMER_KEY }
  return key === COMPOSITE ? { componentCount: 3 } : {}
}

const errorReply = (status: number, reason: string, message: string): Reply => {
  const error = { code: status, message, errors: [{ message, domain: 'global', reason }] }
  return { status, headers: JSON_TYPE, body: JSON.stringify({ error }) }
}

const secretsOf = ({ owner }: GcsServer): PlatformSecrets => ({
  values: {
    token: owner.token,
    'subject token': subjectToken(owner.credentials),
    'subject token of a stranger': WRONG,
    'customer key': CUSTOMER_KEY,
  },
  forms: [
    {
      name: 'a token or a signature in a query',
      form: /(?:access_token|X-Goog-(?:Signature|Credential))=(?!\[redacted\])/i,
      example: 'https://host/?X-Goog-Signature=abc',
    },
    { name: 'a token', form: /\bya29\.[\w.-]{10,}/, example: 'Bearer ya29.c.abcdefghijklmnop' },
    {
      name: 'a header with a key',
      form: /x-goog-encryption-key(?:-sha256)?["']?\s*[:=]\s*["']?(?!\[redacted\])[A-Za-z0-9]/i,
      example: { 'x-goog-encryption-key': 'Zm9v' },
    },
    { name: 'a private key', form: /BEGIN (?:RSA )?PRIVATE KEY/, example: `-----BEGIN ${'PRIVATE KEY'}-----` },
  ],
  signatures: { absent: 'Requests carry a token that stays the same, and no signature of their own.' },
  signedQuery: ({ headers }) => {
    const token = (headers.get('authorization') ?? '').replace(/^Bearer /, '')
    return new URLSearchParams({ access_token: token, 'X-Goog-Signature': token }).toString()
  },
  sent: owner.token,
})

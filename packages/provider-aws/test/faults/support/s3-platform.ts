import type { ClientRequest } from 'node:http'
import { type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import {
  type Credentials,
  type PutOptions,
  type Reply,
  type S3Server,
  s3Platform as s3Front,
  startS3Server,
} from '@backproof/test-servers'
import { BUCKET, type FaultPlatform, type PlatformSecrets } from '@backproof/test-servers/suites'
import { s3Logins } from './s3-logins.js'
import { ASKED, KMS, PARTS, REFUSALS, TARGETS } from './s3-requests.js'

export type S3Options = Partial<S3SourceOptions>

/** The S3 test server as the fault matrix drives it. */
export interface S3Platform extends FaultPlatform<S3Options> {
  readonly server: S3Server
  /** Of a session that may do all: every request carries a session token. */
  readonly credentials: Required<Credentials>
}

const DIRECTORY = 'pages--use1-az4--x-s3'

export const openS3Platform = async (): Promise<S3Platform> => {
  const server = await startS3Server({ minPartSize: 1 })
  const user = server.addUser({
    allow: [{ effect: 'Allow', actions: ['s3:*', 's3express:*', 'kms:*'], resources: ['*'] }],
    sessionToken: true,
  })
  const credentials = { ...user, sessionToken: user.sessionToken ?? '' }
  return {
    name: 'S3',
    server,
    credentials,
    words: {
      service: 'S3',
      bucket: 'bucket',
      goneObject: /s3:\/\/vault\/d\/plain: there is no such object \(any more\)\..*NoSuchKey, HTTP 404/,
      requestId: '[0-9A-F]{16}',
      document: 'XML',
      missingHost: 'vault.nonexistent.invalid',
      expired: /the credentials have expired\..*ExpiredToken, HTTP 400, request/s,
    },
    operations: { list: 'ListObjectsV2', read: 'GetObject' },
    failures: {
      throttled: { status: 503, code: 'SlowDown' },
      failed: { status: 500, code: 'InternalError' },
      denied: { status: 403, code: 'AccessDenied' },
      objectGone: { status: 404, code: 'NoSuchKey' },
      bucketGone: { status: 404, code: 'NoSuchBucket', message: 'The specified bucket does not exist' },
    },
    errorReply,
    url: server.url,
    requests: server.requests,
    setFault: server.setFault,
    front: s3Front(),
    uri: (bucket) => `s3://${bucket}`,
    open: ({ bucket = BUCKET, url = server.url, requestTimeoutMs, listConcurrency, own }) =>
      s3Source({
        bucket,
        endpoint: url,
        region: server.region,
        credentials,
        profile: 'aws',
        requestTimeoutMs,
        listConcurrency,
        ...own,
      }),
    createBucket: (name) =>
      server.admin.createBucket({ name, ...(name === DIRECTORY && { kind: 'directory' as const }) }),
    put: (bucket, key, bytes) => server.admin.put(bucket, key, bytes, putOf(bucket, key)),
    remove: (bucket, key) => server.admin.remove(bucket, key),
    close: () => server.close(),
    kinds: new Map([
      [KMS, 200_000],
      [PARTS, 200_000],
    ]),
    asked: ASKED,
    proves: 'stored',
    reach: { operation: 'HeadBucket' },
    uploadsLookAlike: true,
    probesBodies: true,
    targets: TARGETS,
    refusals: REFUSALS,
    logins: s3Logins(server, credentials),
    listings: {
      pageRows: 1_000,
      resumable: { concurrency: [1, 4] },
      unordered: { bucket: DIRECTORY },
      versions: { operation: 'ListObjectVersions' },
      foreign: [
        { name: 'an empty listing element', answer: { status: 200, body: '<ListBucketResult/>' } },
        {
          name: 'a page without IsTruncated',
          answer: (xml) => xml.replace(/<IsTruncated>\w+<\/IsTruncated>/, ''),
        },
      ],
    },
    secrets: secretsOf(credentials),
    command: {
      env: {
        AWS_ENDPOINT_URL_S3: server.url,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_REGION: server.region,
        AWS_CONFIG_FILE: '/nonexistent/config',
        AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
      },
      args: ['--with', 'profile=aws'],
      wrongLogin: {
        env: { AWS_SECRET_ACCESS_KEY: 'wrong+secret/of=somebody' },
        words: /refused the signature/,
      },
      nobody: { env: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' } },
      readPermission: /s3:GetObject/,
    },
  }
}

/** One object of each kind in the vault; elsewhere what the listing proves. */
const putOf = (bucket: string, key: string): PutOptions => {
  // Its ETag is no MD5: it has to be asked about.
  if (key === KMS) return { sse: 'aws:kms' }
  // Its ETag and checksum are of parts, whose sizes have to be asked for.
  if (key === PARTS) return { partSizes: [50_000, 70_000, 80_000], checksum: { algorithm: 'SHA256' } }
  return bucket === BUCKET ? {} : { checksum: 'none' }
}

const errorReply = (status: number, code: string, message: string): Reply => {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

const secretsOf = (credentials: Required<Credentials>): PlatformSecrets => ({
  values: { ...credentials },
  forms: [
    {
      name: 'a signature in a query',
      form: /X-Amz-(?:Signature|Credential|Security-Token)=(?!\[redacted\])/i,
      example: 'https://host/?X-Amz-Signature=abc',
    },
    {
      name: 'a signature',
      form: /\bSignature=(?!\[redacted\])/,
      example: 'AWS4-HMAC-SHA256 Credential=x, Signature=abc',
    },
    {
      name: 'a header with a token',
      form: /x-amz-security-token["']?\s*[:=]\s*["']?(?!["']?\[redacted\])[A-Za-z0-9]/i,
      example: { 'x-amz-security-token': 'IQoJ' },
    },
    {
      name: 'a header with a key',
      form: /x-amz-server-side-encryption-customer-key(?:-md5)?["']?\s*[:=]\s*["']?(?!\[redacted\])[A-Za-z0-9]/i,
      example: 'x-amz-server-side-encryption-customer-key-MD5: Zm9v',
    },
    { name: 'an access key id', form: /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/, example: 'key AKIAIOSFODNN7EXAMPLE' },
  ],
  signatures: { form: /[0-9a-f]{64}/g, example: 'f'.repeat(64), of: signaturesOf },
  signedQuery: ({ headers }) => {
    const [, credential = '', signature = ''] =
      /Credential=([^,]+),.*Signature=(\w+)/.exec(headers.get('authorization') ?? '') ?? []
    return new URLSearchParams({
      'X-Amz-Credential': credential,
      'X-Amz-Security-Token': headers.get('x-amz-security-token') ?? '',
      'X-Amz-Signature': signature,
    }).toString()
  },
  sent: new URLSearchParams({ t: credentials.sessionToken }).toString().slice(2),
})

const signaturesOf = (request: ClientRequest): readonly string[] => {
  const authorization = String(request.getHeader('authorization') ?? '')
  return /Signature=([0-9a-f]{64})/.exec(authorization)?.slice(1) ?? []
}

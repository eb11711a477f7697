import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import { type S3Server, startS3Server } from '@backproof/test-servers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openClient } from '../src/client/client.js'
import { s3Settings } from '../src/options.js'
import { isAwsHost, needsPathStyle } from '../src/profile.js'
import { failureOf, freshName, listAll, withBucket } from './support/bucket.js'

let server: S3Server
beforeAll(async () => {
  server = await startS3Server()
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => server.close())

describe('options', () => {
  it.each<[string, unknown]>([
    ['bucket', {}],
    ['bucket', { bucket: 's3://backups' }],
    ['bucket', { bucket: 'a/b' }],
    ['prefix', { prefix: 7 }],
    ['prefix', { prefix: '\ud800' }],
    ['prefix', { prefix: 'x'.repeat(1_025) }],
    ['region', { region: 'eu central' }],
    ['endpoint', { endpoint: 'example.org' }],
    ['endpoint', { endpoint: 'ftp://example.org' }],
    ['forcePathStyle', { forcePathStyle: 'yes' }],
    ['credentials', { credentials: { accessKeyId: 'a' } }],
    ['client', { client: {} }],
    ['profile', { profile: 'google' }],
    ['requesterPays', { requesterPays: 1 }],
    ['expectedBucketOwner', { expectedBucketOwner: '' }],
    ['customerKey', { customerKey: 'short' }],
    ['customerKey', { customerKey: new Uint8Array(31) }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['listConcurrency', { listConcurrency: 1.5 }],
    ['"prefixx"', { prefixx: '' }],
    ['region has no effect', { client: { send: () => undefined }, region: 'eu-west-1' }],
  ])('are refused at once where %s is wrong', (name, options) => {
    const bucket =
      (options as { bucket?: string }).bucket === undefined && name !== 'bucket' ? { bucket: 'backups' } : {}
    const open = () => s3Source({ ...bucket, ...(options as S3SourceOptions) })
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    expect(open).toThrow(name)
  })

  it('never show what may be a secret', () => {
    for (const options of [
      { customerKey: 'my-customer-key' },
      { endpoint: 'https://user:my-customer-key@example.org' },
      { endpoint: 'https://example.org/?token=my-customer-key' },
      { credentials: { accessKeyId: 1, secretAccessKey: 'my-customer-key' } as never },
    ]) {
      try {
        s3Source({ bucket: 'backups', ...options })
        expect.unreachable()
      } catch (error) {
        expect(String(error)).not.toContain('my-customer-key')
      }
    }
  })
})

describe('where requests go', () => {
  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['localhost', true],
    ['s3.localhost', true],
    ['minio', true],
    ['s3.example.org', false],
  ])('the bucket of %s stands in the path: %s', (host, byPath) => {
    expect(needsPathStyle(host)).toBe(byPath)
  })

  it('knows the hosts of Amazon', () => {
    for (const host of [
      's3.eu-central-1.amazonaws.com',
      'bucket.s3.dualstack.us-east-1.amazonaws.com',
      's3.cn-north-1.amazonaws.com.cn',
      'vpce-1a2b.s3.us-east-1.vpce.amazonaws.com',
    ]) {
      expect(isAwsHost(host)).toBe(true)
    }
    for (const host of ['amazonaws.com.example.org', 'notamazonaws.com', 's3.example.org']) {
      expect(isAwsHost(host)).toBe(false)
    }
  })

  it('takes the endpoint from the environment, by path, with what the SDK finds', async () => {
    const name = freshName()
    server.admin.createBucket({ name })
    await server.admin.put(name, 'a', Buffer.from('a'))
    vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url)
    vi.stubEnv('AWS_REGION', server.region)
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.credentials.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.credentials.secretAccessKey)
    const source = s3Source({ bucket: name })
    const traits = await source.describe()
    expect(traits.place).toBe(`${server.url}/${name}/`)
    // Nobody said whose service it is.
    expect(traits.listingDigests).toEqual([{ algorithm: 'md5', provenance: 'claimed' }])
    const [entry] = await listAll(source)
    expect(entry?.digests?.[0]).toMatchObject({ provenance: 'claimed', equalityOnly: true })
    await source[Symbol.asyncDispose]()
  })

  it('needs no region for an endpoint that is given', async () => {
    vi.stubEnv('AWS_REGION', undefined)
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
    const name = freshName()
    server.admin.createBucket({ name })
    const { url: endpoint, credentials } = server
    const source = s3Source({ bucket: name, endpoint, credentials })
    expect(await listAll(source)).toEqual([])
    await source[Symbol.asyncDispose]()
  })

  it('keeps retries, redirects and checksums of its own client off', async () => {
    vi.stubEnv('AWS_REGION', undefined)
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
    const { client } = openClient(s3Settings({ bucket: 'backups', endpoint: 'https://s3.example.org' }))
    expect(await client.config.maxAttempts()).toBe(1)
    expect(client.config.followRegionRedirects).toBe(false)
    expect(await client.config.responseChecksumValidation()).toBe('WHEN_REQUIRED')
    expect(await client.config.region()).toBe('us-east-1')
    client.destroy()
  })

  it('says that nobody answers, and ends', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
    await new Promise((resolve) => closed.close(resolve))
    const error = await failureOf(withBucket(server, 'backups', { endpoint }, (source) => source.describe()))
    expect(error).toMatchObject({ code: 'unavailable', retryable: true })
  })

  it('pays for requests, and checks who owns the bucket, where it is told to', async () => {
    const name = freshName()
    server.admin.createBucket({ name, requesterPays: true })
    await server.admin.put(name, 'a', Buffer.from('a'))
    const refused = await failureOf(withBucket(server, name, {}, listAll))
    expect(refused).toMatchObject({ code: 'access-denied' })
    expect(await withBucket(server, name, { requesterPays: true }, listAll)).toHaveLength(1)
  })

  it('asks once and tells each request to who counts', async () => {
    const name = freshName()
    server.admin.createBucket({ name })
    server.setFault(({ operation }) =>
      operation === 'ListObjectsV2' ? { status: 503, code: 'SlowDown', headers: { 'retry-after': '3' } } : undefined,
    )
    const told: string[] = []
    server.requests.reset()
    const onRequest = (operation: string): void => {
      told.push(operation)
    }
    const error = await failureOf(withBucket(server, name, {}, (source) => listAll(source, { onRequest })))
    server.setFault(undefined)
    expect(error).toMatchObject({ code: 'throttled', retryable: true, retryAfterMs: 3_000 })
    expect(told).toEqual(['ListObjectsV2'])
    expect(server.requests.counts()).toEqual({ ListObjectsV2: 1 })
  })
})

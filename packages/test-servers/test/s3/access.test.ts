import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  RestoreObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { bytesOf, clientOf, failureOf, pattern, startServer } from './clients.js'

const Bucket = 'bucket'
const Key = 'shop/a'
const MD5 = /^"[0-9a-f]{32}"$/

describe('permissions', () => {
  test('a user may do what its policy says, and the message names what is missing', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    await server.admin.put(Bucket, Key, pattern(10))
    const credentials = server.addUser({
      name: 'reader',
      allow: [
        { effect: 'Allow', actions: ['s3:Get*'], resources: [`arn:aws:s3:::${Bucket}/shop/*`] },
        { effect: 'Allow', actions: ['s3:ListBucket'], resources: [`arn:aws:s3:::${Bucket}`], prefixes: ['shop/*'] },
        { effect: 'Deny', actions: ['s3:GetObject'], resources: ['*/secret'] },
      ],
    })
    const client = clientOf(server, { credentials })
    expect((await client.send(new GetObjectCommand({ Bucket, Key }))).ContentLength).toBe(10)
    expect((await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'shop/' }))).KeyCount).toBe(1)
    const arn = 'arn:aws:iam::123456789012:user/reader'
    const denied = { name: 'AccessDenied', status: 403 }
    expect(await failureOf(client.send(new ListObjectsV2Command({ Bucket })))).toMatchObject({
      ...denied,
      message: `User: ${arn} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::bucket" because no identity-based policy allows the s3:ListBucket action`,
    })
    expect(await failureOf(client.send(new DeleteObjectCommand({ Bucket, Key })))).toMatchObject({
      ...denied,
      message: `User: ${arn} is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::bucket/shop/a" because no identity-based policy allows the s3:DeleteObject action`,
    })
    expect((await failureOf(client.send(new GetObjectCommand({ Bucket, Key: 'shop/secret' })))).message).toContain(
      'with an explicit deny in an identity-based policy',
    )
    expect(await failureOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })))).toMatchObject(denied)
    expect(
      await failureOf(client.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/${Key}` }))),
    ).toMatchObject(denied)
    const head = await failureOf(client.send(new HeadBucketCommand({ Bucket })))
    expect(head).toMatchObject({ status: 403, headers: { 'x-amz-bucket-region': 'us-east-1' } })
  })

  test('who may not list the bucket does not learn that a key is missing', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const allow = [{ effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'] }] as const
    const client = clientOf(server, { credentials: server.addUser({ allow }) })
    const missing = await failureOf(client.send(new GetObjectCommand({ Bucket, Key: 'none' })))
    expect(missing).toMatchObject({ name: 'AccessDenied', status: 403 })
    expect(missing.message).toContain('s3:ListBucket')
  })

  test('wrong keys, wrong secrets, session tokens and their end', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const allow = [{ effect: 'Allow', actions: ['*'], resources: ['*'] }] as const
    const list = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
      clientOf(server, { credentials }).send(new ListObjectsV2Command({ Bucket }))
    const secretAccessKey = 'x'.repeat(40)
    expect(await failureOf(list({ accessKeyId: 'AKIANOBODY', secretAccessKey }))).toMatchObject({
      name: 'InvalidAccessKeyId',
      status: 403,
    })
    const { accessKeyId } = server.credentials
    expect(await failureOf(list({ accessKeyId, secretAccessKey }))).toMatchObject({
      name: 'SignatureDoesNotMatch',
      status: 403,
    })
    const session = server.addUser({ allow, sessionToken: true, expiresAt: new Date(Date.now() + 60_000) })
    expect((await list(session)).KeyCount).toBe(0)
    expect(await failureOf(list({ ...session, sessionToken: 'other' }))).toMatchObject({ name: 'InvalidToken' })
    server.clockOffsetMs = 61_000
    expect(await failureOf(list(session))).toMatchObject({ name: 'ExpiredToken', status: 400 })
    server.clockOffsetMs = 16 * 60_000
    expect(await failureOf(list(server.credentials))).toMatchObject({ name: 'RequestTimeTooSkewed', status: 403 })
  })

  test('a session of a directory bucket is the permission for its objects', async () => {
    const server = await startServer()
    const name = 'fast--use1-az4--x-s3'
    server.admin.createBucket({ name, kind: 'directory' })
    await server.admin.put(name, Key, pattern(10))
    const arn = `arn:aws:s3express:us-east-1:123456789012:bucket/${name}`
    const allow = [{ effect: 'Allow', actions: ['s3express:CreateSession'], resources: [arn] }] as const
    const allowed = clientOf(server, { credentials: server.addUser({ allow }) })
    expect((await allowed.send(new GetObjectCommand({ Bucket: name, Key }))).ContentLength).toBe(10)
    const denied = await failureOf(
      clientOf(server, { credentials: server.addUser() }).send(new GetObjectCommand({ Bucket: name, Key })),
    )
    expect(denied).toMatchObject({ name: 'AccessDenied', status: 403 })
    expect(denied.message).toContain(`s3express:CreateSession on resource: "${arn}"`)
  })

  test('requester pays', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket, requesterPays: true })
    const client = clientOf(server)
    expect(await failureOf(client.send(new ListObjectsV2Command({ Bucket })))).toMatchObject({ status: 403 })
    const paid = await client.send(new ListObjectsV2Command({ Bucket, RequestPayer: 'requester' }))
    expect(paid.RequestCharged).toBe('requester')
  })
})

describe('encryption', () => {
  test('ETags under KMS are no MD5s, and reading needs kms:Decrypt', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const bytes = pattern(100)
    const plain = await server.admin.put(Bucket, 'plain', bytes)
    const { etag } = await server.admin.put(Bucket, Key, bytes, { sse: 'aws:kms', kmsKeyId: 'key-1' })
    expect(`"${etag}"`).toMatch(MD5)
    expect(etag).not.toBe(plain.etag)
    const arn = 'arn:aws:kms:us-east-1:123456789012:key/key-1'
    const root = clientOf(server)
    const put = await root.send(
      new PutObjectCommand({ Bucket, Key: 'put', Body: bytes, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn }),
    )
    expect(put).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn })
    expect(put.ETag).not.toBe(`"${plain.etag}"`)
    const allow = [{ effect: 'Allow', actions: ['s3:*'], resources: ['*'] }] as const
    const client = clientOf(server, { credentials: server.addUser({ name: 'u', allow }) })
    const denied = await failureOf(client.send(new GetObjectCommand({ Bucket, Key })))
    expect(denied).toMatchObject({ name: 'AccessDenied', status: 403 })
    expect(denied.message).toBe(
      `User: arn:aws:iam::123456789012:user/u is not authorized to perform: kms:Decrypt on resource: ${arn} because no identity-based policy allows the kms:Decrypt action`,
    )
    expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).SSEKMSKeyId).toBe(arn)
    expect(await failureOf(client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' })))).toMatchObject(
      {
        status: 403,
      },
    )
    const keyUser = server.addUser({
      allow: [...allow, { effect: 'Allow', actions: ['kms:Decrypt'], resources: [arn] }],
    })
    const got = await clientOf(server, { credentials: keyUser }).send(new GetObjectCommand({ Bucket, Key }))
    expect((await bytesOf(got.Body)).equals(bytes)).toBe(true)
  })

  test('customer keys: missing 400, wrong 403, right reads; not applicable elsewhere', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const bytes = pattern(100)
    const key = pattern(32, 5)
    await server.admin.put(Bucket, Key, bytes, { sse: { customerKey: key } })
    await server.admin.put(Bucket, 'plain', bytes)
    const client = clientOf(server)
    const read = (name: string, SSECustomerKey?: Buffer) =>
      client.send(
        new GetObjectCommand({
          Bucket,
          Key: name,
          ...(SSECustomerKey && {
            SSECustomerAlgorithm: 'AES256',
            SSECustomerKey: SSECustomerKey as unknown as string,
          }),
        }),
      )
    expect(await failureOf(read(Key))).toMatchObject({ name: 'InvalidRequest', status: 400 })
    expect(await failureOf(read(Key, pattern(32, 6)))).toMatchObject({ name: 'AccessDenied', status: 403 })
    expect(await failureOf(read('plain', key))).toMatchObject({ name: 'InvalidRequest', status: 400 })
    const got = await read(Key, key)
    expect([got.SSECustomerAlgorithm, got.ServerSideEncryption]).toEqual(['AES256', undefined])
    expect((await bytesOf(got.Body)).equals(bytes)).toBe(true)
    expect(await failureOf(client.send(new HeadObjectCommand({ Bucket, Key })))).toMatchObject({ status: 400 })
  })
})

describe('archives', () => {
  test('cannot be read until they are restored, and HEAD says how it stands', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const bytes = pattern(10)
    const expiresAt = new Date('2027-01-01T00:00:00Z')
    await server.admin.put(Bucket, 'cold', bytes, { storageClass: 'GLACIER' })
    await server.admin.put(Bucket, 'thawing', bytes, { storageClass: 'DEEP_ARCHIVE', restore: { ongoing: true } })
    await server.admin.put(Bucket, 'thawed', bytes, { storageClass: 'GLACIER', restore: { ongoing: false, expiresAt } })
    await server.admin.put(Bucket, 'tier', bytes, {
      storageClass: 'INTELLIGENT_TIERING',
      archiveStatus: 'DEEP_ARCHIVE_ACCESS',
    })
    await server.admin.put(Bucket, 'instant', bytes, { storageClass: 'GLACIER_IR' })
    const read = (name: string) => client.send(new GetObjectCommand({ Bucket, Key: name }))
    for (const name of ['cold', 'thawing', 'tier'])
      expect(await failureOf(read(name)), name).toMatchObject({ name: 'InvalidObjectState', status: 403 })
    for (const name of ['thawed', 'instant']) expect((await read(name)).ContentLength, name).toBe(10)
    const head = (name: string) => client.send(new HeadObjectCommand({ Bucket, Key: name }))
    expect(await head('cold')).toMatchObject({ StorageClass: 'GLACIER', ContentLength: 10 })
    expect((await head('thawing')).Restore).toBe('ongoing-request="true"')
    expect((await head('thawed')).Restore).toBe('ongoing-request="false", expiry-date="Fri, 01 Jan 2027 00:00:00 GMT"')
    expect((await head('tier')).ArchiveStatus).toBe('DEEP_ARCHIVE_ACCESS')
    const rows = await client.send(new ListObjectsV2Command({ Bucket, OptionalObjectAttributes: ['RestoreStatus'] }))
    expect(rows.Contents?.map((row) => [row.Key, row.StorageClass, row.RestoreStatus?.RestoreExpiryDate])).toEqual([
      ['cold', 'GLACIER', undefined],
      ['instant', 'GLACIER_IR', undefined],
      ['thawed', 'GLACIER', expiresAt],
      ['thawing', 'DEEP_ARCHIVE', undefined],
      ['tier', 'INTELLIGENT_TIERING', undefined],
    ])
    server.clockOffsetMs = expiresAt.getTime() - Date.now() + 1000
    expect(
      await failureOf(
        clientOf(server, { systemClockOffset: server.clockOffsetMs }).send(
          new GetObjectCommand({ Bucket, Key: 'thawed' }),
        ),
      ),
    ).toMatchObject({ name: 'InvalidObjectState' })
    server.clockOffsetMs = 0
    const restore = new RestoreObjectCommand({ Bucket, Key: 'cold', RestoreRequest: { Days: 1 } })
    expect(await failureOf(client.send(restore))).toMatchObject({ name: 'NotImplemented', status: 501 })
  })
})

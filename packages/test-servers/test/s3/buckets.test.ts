import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketInventoryConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListBucketInventoryConfigurationsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { startS3Server } from '@backproof/test-servers'
import { describe, expect, test } from 'vitest'
import { clientOf, failureOf, startServer } from './clients.js'

const Bucket = 'bucket'

describe('buckets', () => {
  test('are made in the region asked for, and deleted when they are empty', async () => {
    const server = await startServer({ region: 'eu-central-1' })
    const client = clientOf(server)
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-central-1')
    expect(await failureOf(client.send(new CreateBucketCommand({ Bucket })))).toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
    })
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
    expect(await failureOf(client.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({ name: 'BucketNotEmpty' })
    server.admin.remove(Bucket, 'k')
    await client.send(new DeleteBucketCommand({ Bucket }))
    expect(await failureOf(client.send(new GetBucketVersioningCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchBucket',
    })
  })

  test('the location of us-east-1 is empty', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const { LocationConstraint } = await clientOf(server).send(new GetBucketLocationCommand({ Bucket }))
    expect(LocationConstraint ?? '').toBe('')
  })

  test('a new bucket has the defaults of S3 and nothing else', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const client = clientOf(server)
    const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }))
    const [rule] = encryption.ServerSideEncryptionConfiguration!.Rules!
    expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256')
    const block = await client.send(new GetPublicAccessBlockCommand({ Bucket }))
    expect(block.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    })
    const ownership = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))
    expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }])
    expect((await client.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined()
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
    expect((await client.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('BucketOwner')
    const inventories = await client.send(new ListBucketInventoryConfigurationsCommand({ Bucket }))
    expect(inventories.InventoryConfigurationList ?? []).toEqual([])
    for (const [command, name] of [
      [new GetBucketReplicationCommand({ Bucket }), 'ReplicationConfigurationNotFoundError'],
      [new GetObjectLockConfigurationCommand({ Bucket }), 'ObjectLockConfigurationNotFoundError'],
      [new GetBucketLifecycleConfigurationCommand({ Bucket }), 'NoSuchLifecycleConfiguration'],
      [new GetBucketPolicyStatusCommand({ Bucket }), 'NoSuchBucketPolicy'],
      [new GetBucketInventoryConfigurationCommand({ Bucket, Id: 'x' }), 'NoSuchConfiguration'],
    ] as const)
      expect(await failureOf(client.send(command as GetBucketPolicyStatusCommand))).toMatchObject({ name, status: 404 })
  })

  test('settings that were stored come back, and deleted ones are not found', async () => {
    const server = await startServer()
    server.admin.createBucket({
      name: Bucket,
      versioning: 'Enabled',
      requesterPays: true,
      settings: {
        encryption: null,
        publicAccessBlock: null,
        ownershipControls: null,
        logging: { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: 'a & b/' } },
        replication: { Role: 'arn:aws:iam::1:role/r', Rule: [{ ID: 'one', Status: 'Enabled' }, { ID: 'two' }] },
        inventory: { InventoryConfiguration: [{ Id: 'daily', IsEnabled: true }] },
        policyStatus: { IsPublic: true },
      },
    })
    const client = clientOf(server)
    const input = { Bucket, RequestPayer: 'requester' }
    client.middlewareStack.add(
      (next) => (args) => {
        ;(args.request as { headers: Record<string, string> }).headers['x-amz-request-payer'] = 'requester'
        return next(args)
      },
      { step: 'build', name: 'payer' },
    )
    expect((await client.send(new GetBucketRequestPaymentCommand(input))).Payer).toBe('Requester')
    expect((await client.send(new GetBucketVersioningCommand(input))).Status).toBe('Enabled')
    expect((await client.send(new GetBucketLoggingCommand(input))).LoggingEnabled).toEqual({
      TargetBucket: 'logs',
      TargetPrefix: 'a & b/',
    })
    const { ReplicationConfiguration } = await client.send(new GetBucketReplicationCommand(input))
    expect(ReplicationConfiguration?.Rules?.map((rule) => rule.ID)).toEqual(['one', 'two'])
    const daily = await client.send(new GetBucketInventoryConfigurationCommand({ ...input, Id: 'daily' }))
    expect(daily.InventoryConfiguration?.Id).toBe('daily')
    const list = await client.send(new ListBucketInventoryConfigurationsCommand(input))
    expect(list.InventoryConfigurationList).toHaveLength(1)
    expect((await client.send(new GetBucketPolicyStatusCommand(input))).PolicyStatus?.IsPublic).toBe(true)
    expect(await failureOf(client.send(new GetBucketEncryptionCommand(input)))).toMatchObject({
      name: 'ServerSideEncryptionConfigurationNotFoundError',
    })
    expect(await failureOf(client.send(new GetPublicAccessBlockCommand(input)))).toMatchObject({ status: 404 })
    expect(await failureOf(client.send(new GetBucketOwnershipControlsCommand(input)))).toMatchObject({ status: 404 })
  })
})

describe('admin', () => {
  test('stores what a put says: metadata, encoding, time, lock, and a checksum as it is given', async () => {
    const server = await startServer()
    server.admin.createBucket({ name: Bucket })
    const lastModified = new Date('2026-01-02T03:04:05Z')
    await server.admin.put(Bucket, 'k', Buffer.from('x'), {
      metadata: { MD5chksum: 'abc', place: 'Zürich' },
      contentEncoding: 'gzip',
      contentType: 'text/plain',
      lastModified,
      checksum: { algorithm: 'XXHASH64', value: 'AAAAAAAAAAA=' },
      objectLock: { mode: 'COMPLIANCE', retainUntil: new Date('2027-01-01T00:00:00Z'), legalHold: true },
    })
    const head = await clientOf(server).send(new HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({
      Metadata: { md5chksum: 'abc', place: '=?UTF-8?B?WsO8cmljaA==?=' },
      ContentEncoding: 'gzip',
      ContentType: 'text/plain',
      LastModified: lastModified,
      ChecksumXXHASH64: 'AAAAAAAAAAA=',
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockLegalHoldStatus: 'ON',
    })
  })

  test('says what it cannot do', async () => {
    const { admin } = await startServer()
    admin.createBucket({ name: Bucket })
    const put = (bytes: string, options?: object) => admin.put(Bucket, 'k', Buffer.from(bytes), options)
    await put('xy')
    expect(() => admin.createBucket({ name: Bucket })).toThrow(/has a bucket bucket already/)
    expect(() => admin.createBucket({ name: 'plain', kind: 'directory' })).toThrow(/--x-s3/)
    expect(() => admin.corrupt(Bucket, 'k', 2)).toThrow(/beyond the 2 bytes/)
    expect(() => admin.truncateTail(Bucket, 'k', 3)).toThrow(/cannot be lost/)
    expect(() => admin.remove(Bucket, 'none')).toThrow(/no such object: none/)
    for (const key of ['', 'a\udc80', 'x'.repeat(1025)])
      await expect(admin.put(Bucket, key, Buffer.alloc(0))).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(admin.put('none', 'k', Buffer.alloc(0))).rejects.toMatchObject({ code: 'not-found' })
    await expect(put('xy', { partSizes: [1] })).rejects.toMatchObject({ code: 'invalid-config' })
  })

  test('a port that is taken is an error', async () => {
    const server = await startServer()
    await expect(startS3Server({ port: Number(new URL(server.url).port) })).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})

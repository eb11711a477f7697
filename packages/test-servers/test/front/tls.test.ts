import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { get } from 'node:https'
import { BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob'
import { expect, onTestFinished, test } from 'vitest'
import { type AzureServer, startAzureServer } from '../../src/azure/index.js'
import { makeCertificate } from '../../src/front/certificate.js'
import { startTlsFront, type TlsFront } from '../../src/front/index.js'

const started = async (): Promise<readonly [AzureServer, TlsFront]> => {
  const server = await startAzureServer()
  const front = await startTlsFront(server.url)
  onTestFinished(async () => {
    await front.close()
    await server.close()
  })
  server.admin.createContainer({ name: 'c' })
  return [server, front]
}

/** A client with a token, as `@azure/identity` would give it. */
const tokenClient = ({ url, ca }: TlsFront, token: string): BlobServiceClient => {
  const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca } } as StoragePipelineOptions
  const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
  return new BlobServiceClient(url, { getToken }, options)
}

test('the certificate is one for this host, and nobody trusts it unasked', async () => {
  const { certificate } = makeCertificate()
  const parsed = new X509Certificate(certificate)
  expect(parsed.verify(parsed.publicKey)).toBe(true)
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(parsed.checkHost('localhost')).toBe('localhost')
  expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now())
  expect(Date.parse(parsed.validTo)).toBeGreaterThan(Date.now())
  const [, { url }] = await started()
  const code = await new Promise((resolve) =>
    get(url, () => resolve('trusted')).on('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
  )
  expect(code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
})

test('tokens of users go over it', async () => {
  const [server, front] = await started()
  await server.admin.put('c', 'x', Buffer.from('content'))
  const reader = server.addUser({ roles: ['Storage Blob Data Reader'] })
  const container = tokenClient(front, reader.token).getContainerClient('c')
  expect((await container.listBlobsFlat().next()).value?.name).toBe('x')
  expect(String(await container.getBlobClient('x').downloadToBuffer())).toBe('content')
  const nobody = tokenClient(front, server.addUser().token).getContainerClient('c')
  await expect(nobody.listBlobsFlat().next()).rejects.toMatchObject({
    statusCode: 403,
    code: 'AuthorizationPermissionMismatch',
  })
  const expired = tokenClient(front, 'unknown').getContainerClient('c')
  await expect(expired.listBlobsFlat().next()).rejects.toMatchObject({
    statusCode: 401,
    code: 'InvalidAuthenticationInfo',
  })
  const key = await tokenClient(front, reader.token).getUserDelegationKey(new Date(), new Date(Date.now() + 60_000))
  expect(key.signedObjectId).toBe(reader.objectId)
})

test('keys of clients go over it', async () => {
  const [server, front] = await started()
  const customerKey = randomBytes(32)
  await server.admin.put('c', 'secret', Buffer.from('content'), { customerKey })
  const { token } = server.addUser({ roles: ['Storage Blob Data Reader'] })
  const blob = tokenClient(front, token).getContainerClient('c').getBlobClient('secret')
  const customerProvidedKey = {
    encryptionKey: customerKey.toString('base64'),
    encryptionKeySha256: createHash('sha256').update(customerKey).digest('base64'),
    encryptionAlgorithm: 'AES256' as const,
  }
  expect(String(await blob.downloadToBuffer(0, undefined, { customerProvidedKey }))).toBe('content')
  await expect(blob.download()).rejects.toMatchObject({ statusCode: 409, code: 'BlobUsesCustomerSpecifiedEncryption' })
})

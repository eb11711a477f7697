import { AnonymousCredential, BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob'
import { startTlsFront, type TlsFront } from '@backproof/test-servers'
import type { Vault } from '@backproof/test-servers/suites'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AzureOptions, AzurePlatform } from './support/azure-platform.js'

/** Certificates, before a container that is public. */
export const tlsFaults = (vault: () => Vault<AzureOptions>, { server, serverUrl, account }: AzurePlatform): void => {
  const bucket = 'behind-tls'
  let front: TlsFront | undefined
  beforeAll(async () => {
    vault().fault()
    front = await startTlsFront(serverUrl)
    server.admin.createContainer({ name: bucket, access: 'container' })
    for (const [key, bytes] of vault().files) await server.admin.put(bucket, key, bytes)
  })
  afterAll(() => front?.close())

  test('one that nobody trusts: nothing starts (unavailable), tried once, and the words say what to set', async () => {
    const told = await vault().compare('certificate', { at: { bucket, url: front!.url } })
    expect(told).toMatchObject({ exit: undefined, keys: {}, code: 'unavailable' })
    expect(told.message).toMatch(/certificate of 127\.0\.0\.1 is not trusted\..*NODE_EXTRA_CA_CERTS/)
  })

  test('one that the client of the caller trusts: all match', async () => {
    const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca: front!.ca } } as StoragePipelineOptions
    const client = new BlobServiceClient(`${front!.url}/${account}`, new AnonymousCredential(), options)
    const told = await vault().compare('trusted', { require: 'read', at: { bucket, own: { client } } })
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
  })
}

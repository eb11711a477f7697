import type { Fault } from '@backproof/test-servers'
import type { Told, Vault } from '@backproof/test-servers/suites'
import { beforeAll, expect, test } from 'vitest'
import { withPlainTls } from '../support/plain-tls.js'
import type { AzureOptions, AzurePlatform } from './support/azure-platform.js'

/** Blobs under a key of the caller's, which the service must be given with every request about them. */
export const customerKeys = (vault: () => Vault<AzureOptions>, { server, serverUrl }: AzurePlatform): void => {
  withPlainTls()
  const bucket = 'sealed'
  const customerKey = Buffer.alloc(32, 'kept with care')
  const url = serverUrl.replace('http:', 'https:')
  beforeAll(async () => {
    vault().keepSecret('the customer key', customerKey)
    server.admin.createContainer({ name: bucket })
    await server.admin.put(bucket, 'sealed/a', Buffer.alloc(5_000, 'a'), { customerKey })
    await server.admin.put(bucket, 'plain/b', Buffer.alloc(5_000, 'b'))
  })

  const sealed = async (where: string, key: Uint8Array | undefined, fault?: Fault): Promise<Told> => {
    if (key !== undefined) vault().keepSecret(`the customer key of ${where}`, key)
    vault().fault(fault && { operation: 'GetBlob', key: 'sealed/a', fault })
    const at = { bucket, url, requestTimeoutMs: fault === undefined ? 10_000 : 300, own: { customerKey: key } }
    return await vault().verify(where, { at })
  }

  test('the right one: both match, and it is sent for one of them only', async () => {
    expect(await sealed('right key', customerKey)).toMatchObject({
      keys: { 'plain/b': 'match', 'sealed/a': 'match' },
      exit: 0,
    })
  })

  test('another one: error (access-denied) for the one that it is sent for, and not the key in the words', async () => {
    const told = await sealed('wrong key', Buffer.alloc(32, 'another one'))
    expect(told).toMatchObject({
      keys: { 'plain/b': 'match', 'sealed/a': 'error: access-denied' },
      exit: 3,
      retries: 0,
    })
    expect(told.message).toMatch(/another key than customerKey.*BlobCustomerSpecifiedEncryptionMismatch, HTTP 409/)
  })

  test('none: error that names the option', async () => {
    const told = await sealed('no key', undefined)
    expect(told).toMatchObject({
      keys: { 'plain/b': 'match', 'sealed/a': 'error: access-denied' },
      exit: 3,
      retries: 0,
    })
    expect(told.message).toMatch(/Give that key as customerKey.*BlobUsesCustomerSpecifiedEncryption, HTTP 409/)
  })

  for (const fault of [
    { status: 500, code: 'InternalError' },
    { expiredToken: true },
    { reset: 100 },
    { stall: 100 },
  ] as Fault[]) {
    test(`the right one, and ${JSON.stringify(fault)}: no match`, async () => {
      const told = await sealed('sealed with a fault', customerKey, fault)
      expect(told.keys['sealed/a']).toMatch(/^(?:error|unreadable): /)
      expect(told.keys['plain/b']).toBe('match')
    })
  }
}

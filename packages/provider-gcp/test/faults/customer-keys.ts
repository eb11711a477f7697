import type { Fault } from '@backproof/test-servers'
import type { Vault } from '@backproof/test-servers/suites'
import { beforeAll, describe, expect, test } from 'vitest'
import type { GcsFaultPlatform, GcsOptions } from './support/gcs-platform.js'

/** Objects under a key of the caller's (CSEK), which Cloud Storage must be given with every request for them. */
export const customerKeys = (vault: () => Vault<GcsOptions>, { server }: GcsFaultPlatform): void => {
  const customerKey = Buffer.alloc(32, 'sealed with this')
  const bucket = 'sealed'
  beforeAll(async () => {
    vault().keepSecret('the customer key', customerKey)
    vault().fault()
    server.admin.createBucket({ name: bucket })
    await server.admin.put(bucket, 'sealed/a', Buffer.alloc(5_000, 'a'), { customerKey })
    await server.admin.put(bucket, 'open/b', Buffer.alloc(5_000, 'b'))
  })

  const sealed = (where: string, key: Uint8Array | undefined) => {
    if (key !== undefined) vault().keepSecret(`the customer key of ${where}`, key)
    return vault().verify(where, { at: { bucket, own: { customerKey: key } } })
  }

  test('the right one: both match, and the key goes to the sealed object only', async () => {
    expect(await sealed('right key', customerKey)).toMatchObject({
      keys: { 'open/b': 'match', 'sealed/a': 'match' },
      exit: 0,
    })
  })

  test('another one: error (access-denied), and not the key in the words', async () => {
    const told = await sealed('wrong key', Buffer.alloc(32, 'another one'))
    expect(told).toMatchObject({ keys: { 'open/b': 'match', 'sealed/a': 'error: access-denied' }, exit: 3, retries: 0 })
    expect(told.message).toMatch(/customerKey is not the key of the object.*Give the key that encrypts it/)
  })

  test('none: error that names the option', async () => {
    const told = await sealed('no key', undefined)
    expect(told).toMatchObject({ keys: { 'open/b': 'match', 'sealed/a': 'error: access-denied' }, exit: 3, retries: 0 })
    expect(told.message).toMatch(/encrypted with a key of its owner \(CSEK\).*Give customerKey/)
  })

  describe('the right one, and a fault', () => {
    for (const fault of [
      { status: 500, code: 'internalError' },
      { expiredToken: true },
      { reset: 100 },
      { stall: 100 },
    ] as Fault[]) {
      test(`${JSON.stringify(fault)}: no match`, async () => {
        const at = { bucket, requestTimeoutMs: 300, own: { customerKey } }
        vault().fault({ operation: 'objects.getMedia', bucket, key: 'sealed/a', fault })
        const told = await vault().verify('sealed with a fault', { require: 'read', at })
        expect(told.keys['sealed/a']).toMatch(/^(?:error|unreadable): /)
        vault().fault()
      })
    }
  })
}

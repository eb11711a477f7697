import type { Fault, S3Server } from '@backproof/test-servers'
import type { Vault } from '@backproof/test-servers/suites'
import { expect, test } from 'vitest'
import type { S3Options } from './support/s3-platform.js'

/** Objects under a key of the caller's, which S3 must be given with every request. */
export const customerKeys = (vault: () => Vault<S3Options>, server: S3Server): void => {
  const customerKey = Buffer.alloc(32, 'kept with care')
  const bucket = 'sealed'
  const files = new Map([['sealed/a', Buffer.alloc(5_000, 'a')]])

  const sealed = async (where: string, key: Uint8Array | undefined, fault?: Fault) => {
    const { admin } = server
    vault().keepSecret('the customer key', customerKey)
    if (key !== undefined) vault().keepSecret(`the customer key of ${where}`, key)
    try {
      admin.snapshot(bucket)
    } catch {
      admin.createBucket({ name: bucket })
      for (const [name, bytes] of files) await admin.put(bucket, name, bytes, { sse: { customerKey } })
    }
    vault().fault(fault && { operation: 'GetObject', fault })
    return vault().verify(where, { require: 'read', at: { bucket, own: { customerKey: key } } })
  }

  test('the right one: read, and no digest is found in its ETag (unverifiable)', async () => {
    const told = await sealed('right key', customerKey)
    expect(told.keys['sealed/a']).toMatch(/^(?:match|unverifiable)/)
  })

  test('another one: error (access-denied), and not the key in the words', async () => {
    const told = await sealed('wrong key', Buffer.alloc(32, 'another one'))
    expect(told).toMatchObject({ keys: { 'sealed/a': 'error: access-denied' }, exit: 3 })
    expect(told.message).toMatch(/customerKey/)
  })

  test('none: error that names the option', async () => {
    const told = await sealed('no key', undefined)
    expect(told.exit).toBe(3)
    expect(told.keys['sealed/a']).toMatch(/^error: /)
    expect(told.message).toMatch(/customerKey/)
  })

  for (const fault of [
    { status: 500, code: 'InternalError' },
    { expiredToken: true },
    { reset: 100 },
    { stall: 100 },
  ] as Fault[]) {
    test(`the right one, and ${JSON.stringify(fault)}: no match`, async () => {
      const at = { bucket, requestTimeoutMs: 300, own: { customerKey } }
      await sealed('fill', customerKey)
      vault().fault({ operation: 'GetObject', bucket, fault })
      const told = await vault().verify('sealed with a fault', { require: 'read', at })
      expect(told.keys['sealed/a']).toMatch(/^(?:error|unreadable): /)
    })
  }
}

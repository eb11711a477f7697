import type { S3Server } from '@backproof/test-servers'
import { KEYS, type Vault } from '@backproof/test-servers/suites'
import { afterEach, describe, expect, test } from 'vitest'
import { addUser, allBut, EVERYTHING } from './support/s3-logins.js'
import type { S3Options } from './support/s3-platform.js'
import { KMS } from './support/s3-requests.js'

/** Permissions, sessions and clocks as only S3 has them. */
export const deniedByS3 = (vault: () => Vault<S3Options>, server: S3Server): void => {
  afterEach(() => {
    vault().fault()
    server.clockOffsetMs = 0
  })
  const without = (action: string) => ({ own: { credentials: allBut(vault(), server, action) } })

  test('may not use the KMS key: error (access-denied) with kms:Decrypt for that object only', async () => {
    const told = await vault().compare('no kms', { require: 'read', at: without('kms:Decrypt') })
    expect(told.keys).toEqual({ ...vault().allMatch, [KMS]: 'error: access-denied' })
    expect(told).toMatchObject({ exit: 3, complete: true, retries: 0 })
    expect(told.message).toMatch(/kms:Decrypt is missing.*Allow kms:Decrypt on the key/)
  })

  test('may not read attributes: parts are found out otherwise, all match', async () => {
    const told = await vault().compare('no attributes', { at: without('s3:GetObjectAttributes') })
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
  })

  test('session token that a function renews: all match', async () => {
    const now = Date.now()
    const userUntil = (expiresAt: Date) => addUser(vault(), server, { allow: [EVERYTHING], expiresAt })
    const old = { ...userUntil(new Date(now + 60_000)), expiration: new Date(now + 1_000) }
    const fresh = { ...userUntil(new Date(now + 600_000)) }
    const expire = (): undefined => {
      server.clockOffsetMs = 120_000
    }
    vault().fault({ operation: 'GetObject', fault: expire })
    let calls = 0
    const credentials = async () => (++calls === 1 ? old : fresh)
    const told = await vault().compare('renewed', { require: 'read', at: { own: { credentials } } })
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
    expect(calls).toBeGreaterThan(1)
  })

  describe('clock', () => {
    test('20 minutes wrong: the service says so, the clock of requests is set, all match', async () => {
      server.clockOffsetMs = 20 * 60_000
      const told = await vault().compare('skewed clock')
      expect(told).toMatchObject({ keys: vault().allMatch, exit: 0 })
      expect(server.requests.log().some(({ status }) => status === 403)).toBe(true)
    })

    test('refused for it whatever is sent: error (access-denied) about the clock, not tried for ever', async () => {
      const skewed = { status: 403, code: 'RequestTimeTooSkewed' } as const
      const failed = vault().fault({ operation: 'GetObject', key: KEYS.plain, fault: skewed })
      const told = await vault().compare('refused clock', { require: 'read' })
      expect(told.keys).toEqual({ ...vault().allMatch, [KEYS.plain]: 'error: access-denied' })
      expect(told.message).toMatch(
        /clock of this machine .*Set it right \(NTP\).*RequestTimeTooSkewed, HTTP 403, request/,
      )
      expect(failed()).toBeLessThanOrEqual(3)
    })
  })
}

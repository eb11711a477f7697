import { afterEach, describe, expect, test } from 'vitest'
import type { FaultPlatform } from './platform.js'
import type { Vault } from './vault.js'

/** Credentials and permissions that are wrong, from the start or from some time on. */
export const deniedAccess = (vault: () => Vault, platform: FaultPlatform): void => {
  const { logins, operations, words } = platform
  afterEach(() => {
    vault().fault()
  })

  describe('from the start: nothing starts, and nothing is tried twice', () => {
    for (const { name, options, code, words: said } of logins.refused) {
      test(name, async () => {
        const at = options(vault())
        platform.requests.reset()
        const told = await vault().compare(name, { at })
        expect(told).toMatchObject({ exit: undefined, keys: {}, retries: 0, code })
        expect(told.message).toMatch(said)
        expect(platform.requests.total()).toBeLessThanOrEqual(logins.questions ?? 2)
      })
    }
  })

  test('may not read: error (access-denied) with the permission for each key', async () => {
    const { options, fault, words: said } = logins.mayNotRead(vault())
    vault().fault(fault && { operation: operations.read, fault })
    const told = await vault().compare('may not read', { require: 'read', at: options })
    expect(told.outcomes).toEqual({ error: vault().files.size })
    expect(told).toMatchObject({ exit: 3, complete: true, code: 'access-denied', retries: 0 })
    expect(told.message).toMatch(said)
  })

  test('credentials that expire before the third read: two match, the rest are errors, none tried twice', async () => {
    const { options, expire, restore } = logins.expiring(vault())
    vault().fault({ operation: operations.read, after: 2, fault: expire })
    try {
      const told = await vault().compare('expired mid-run', { require: 'read', concurrency: 1, at: options })
      const outcomes = [...vault().files.keys()].map((key, i) => [key, i < 2 ? 'match' : 'error: access-denied'])
      expect(told.keys).toEqual(Object.fromEntries(outcomes))
      expect(told).toMatchObject({ exit: 3, complete: true, retries: 0 })
      expect(told.message).toMatch(words.expired)
    } finally {
      vault().fault()
      restore()
    }
  })
}

import { describe, expect, test } from 'vitest'
import type { FaultPlatform } from './platform.js'
import type { Told } from './told.js'
import { KEYS, QUICK, SIZE, type Vault } from './vault.js'

/**
 * Resets while a body comes. Where one arrives together with bytes, libuv shows it as an end like any other, so that a body
 * that is always cut off in this way may read as unreadable. It never reads as another content.
 */
export const resetBodies = (vault: () => Vault, { operations }: FaultPlatform): void => {
  for (const engine of ['compare', 'verify'] as const) {
    describe(engine, () => {
      const run = (where: string): Promise<Told> =>
        vault()[engine](where, { ...(engine === 'compare' && { require: 'read' }), retry: QUICK })
      const reset = { operation: operations.read, key: KEYS.plain, fault: { reset: 100 } }

      for (const times of [1, 2]) {
        test(`a reset mid-body, ${times === 1 ? 'once' : 'twice'}, passes: all match`, async () => {
          const failed = vault().fault({ ...reset, times })
          const told = await run('a reset that passes')
          expect(told).toMatchObject({ message: '', keys: vault().allMatch, complete: true, exit: 0 })
          expect(failed()).toBe(times)
          expect(told.retries).toBeGreaterThanOrEqual(1)
          expect(told.retries).toBeLessThanOrEqual(times)
        })
      }

      test('a reset mid-body, for ever: error (unavailable) or unreadable (corrupt), for its key only', async () => {
        const failed = vault().fault(reset)
        const told = await run('a reset that stays')
        const wasReset = told.keys[KEYS.plain] === 'error: unavailable'
        expect(told.keys).toEqual({
          ...vault().allMatch,
          [KEYS.plain]: wasReset ? 'error: unavailable' : 'unreadable: corrupt',
        })
        expect(told).toMatchObject({ complete: true, exit: wasReset ? 3 : 1, retries: 2 })
        const words = wasReset
          ? /127\.0\.0\.1.* broke off the connection\. \(ECONNRESET\)/
          : new RegExp(`ended after \\d+ of ${SIZE} bytes`)
        expect(told.message).toMatch(words)
        expect(failed()).toBeGreaterThanOrEqual(3)
        expect(failed()).toBeLessThanOrEqual(6)
      })
    })
  }
}

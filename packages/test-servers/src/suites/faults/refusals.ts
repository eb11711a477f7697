import { expect, test } from 'vitest'
import type { FaultPlatform } from './platform.js'
import type { Vault } from './vault.js'

/** Refusals that stay: asked once, told once, with another way where there is one. */
export const refusals = (vault: () => Vault, platform: FaultPlatform): void => {
  for (const { name, operation, key, fault, outcome, exit, words, requests = 1 } of platform.refusals) {
    test(`${name}: ${outcome === 'match' ? 'all match' : outcome}`, async () => {
      const failed = vault().fault({ operation, key, fault })
      const told = await vault().compare(name, operation === platform.operations.read ? { require: 'read' } : {})
      const { allMatch } = vault()
      expect(told.keys).toEqual(outcome === 'match' ? allMatch : { ...allMatch, [key]: outcome })
      expect(told).toMatchObject({ exit, complete: true })
      if (words === undefined) expect(told.message).toBe('')
      else expect(told.message).toMatch(words)
      expect(failed()).toBeGreaterThanOrEqual(1)
      expect(failed()).toBeLessThanOrEqual(requests)
    })
  }
}

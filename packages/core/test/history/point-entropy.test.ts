import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type RecoveryPoint, recoveryPointsOf } from '../../src/history/index.js'
import type { ObjectEntry } from '../../src/source/entry.js'
import { memorySource } from '../../src/testing/index.js'
import { readItems } from './read-lines.js'

const MIB = 1024 * 1024

/** The recovery point that objects of these sizes and entropies make, listed in this order. */
const pointOf = async (
  objects: readonly { readonly size?: number; readonly entropy?: number }[],
): Promise<RecoveryPoint> => {
  const place = memorySource({}, { order: 'none' })
  const entries = objects.map(
    (object, i): ObjectEntry => ({ key: `a/2026-11-01/${i}`, ref: null, kind: 'object', ...object }),
  )
  const source: typeof place = {
    ...place,
    list: async function* () {
      for (const entry of entries) yield [entry]
    },
  }
  const [point] = await readItems(recoveryPointsOf({ source, pattern: '{asset}/{date:YYYY-MM-DD}/**' }))
  return point!
}

it('the entropy of a recovery point is the mean over its objects by their sizes', async () => {
  const objects = [
    { size: 3 * MIB, entropy: 8 },
    { size: MIB, entropy: 4 },
  ]
  expect(await pointOf(objects)).toMatchObject({ bytes: 4 * MIB, entropy: 7, entropyBytes: 4 * MIB })
})

it('objects that do not tell theirs, or are small, are not among the bytes that it speaks of', async () => {
  const rest = [{ size: MIB - 1, entropy: 2 }, { size: 5 * MIB }, { entropy: 1 }, { size: MIB, entropy: 9 }]
  expect(await pointOf([{ size: MIB, entropy: 7.5 }, ...rest])).toMatchObject({
    bytes: null,
    entropy: 7.5,
    entropyBytes: MIB,
  })
  const untold = await pointOf(rest)
  expect('entropy' in untold || 'entropyBytes' in untold).toBe(false)
})

it('property: whatever the order, and between the least and the most', async () => {
  const object = fc.record({
    size: fc.integer({ min: MIB, max: 2 ** 40 }),
    entropy: fc.integer({ min: 0, max: 80_000 }).map((units) => units / 10_000),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 8 }), async (objects) => {
      const { entropy, entropyBytes } = await pointOf(objects)
      expect(await pointOf(objects.toReversed())).toMatchObject({ entropy, entropyBytes })
      const entropies = objects.map((one) => one.entropy)
      expect(entropy).toBeGreaterThanOrEqual(Math.min(...entropies))
      expect(entropy).toBeLessThanOrEqual(Math.max(...entropies))
      const exact = objects.reduce((sum, one) => sum + one.size * one.entropy, 0) / entropyBytes!
      // Weights are in whole KiB.
      expect(Math.abs(entropy! - exact)).toBeLessThan(0.01)
    }),
    { numRuns: 50 },
  )
})

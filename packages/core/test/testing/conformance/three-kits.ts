import { type ConformanceKit, sourceConformance } from '../../../src/testing/index.js'
import { memoryHarness } from './memory-harness.js'

/** Kits to be run under each test runner: of a right source, of a wrong one, and one that requires what cannot be asked. */
export const threeKits = (): Readonly<Record<'honest' | 'wrong' | 'demanding', ConformanceKit>> => {
  const small = { manyObjects: 60, largeBytes: 300_000 }
  const wrong = memoryHarness({}, {}, (memory) => ({ ...memory, specVersion: 'v2' as 'v1' }))
  return {
    honest: sourceConformance({ ...memoryHarness(), ...small }),
    wrong: sourceConformance({ ...wrong, ...small }),
    demanding: sourceConformance({ ...memoryHarness(), ...small, required: ['scan-complete', 'list-complete'] }),
  }
}

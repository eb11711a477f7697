import { afterEach, describe, expect, it } from 'vitest'
import { type ConformanceReport, conformanceCaseNames, sourceConformance } from '../../../src/testing/index.js'
import { memoryHarness } from '../conformance/memory-harness.js'
import { describingMutants } from './describing.js'
import { closeForgotten } from './handles.js'
import { listingMutants } from './listing.js'
import type { Mutant } from './mutant.js'
import { honestPreflight, preflightMutants } from './preflighting.js'
import { readingMutants } from './reading.js'
import { releasingMutants } from './releasing.js'
import { scanningMutants } from './scanning.js'
import { sequential } from './sequential.js'
import { allVersions, specialMutants, versioned, withoutBytes } from './special.js'
import { statingMutants } from './stating.js'

const MUTANTS: readonly Mutant[] = [
  ...describingMutants,
  ...listingMutants,
  ...statingMutants,
  ...readingMutants,
  ...scanningMutants,
  ...releasingMutants,
  ...specialMutants,
  ...preflightMutants,
]

/** Small, so that a hundred runs of the kit are quick; three pages all the same. */
const SMALL = { manyObjects: 60, largeBytes: 300_000 }

const runKit = (mutant: Omit<Mutant, 'name' | 'caught'>): Promise<ConformanceReport> => {
  const harness = memoryHarness({ pageSize: 20, ...mutant.options }, mutant.traits, mutant.make)
  return sourceConformance({ ...harness, ...SMALL, ...mutant.harness }).run()
}

const failed = (report: ConformanceReport): string[] =>
  report.results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)

afterEach(closeForgotten)

describe('the kit passes', () => {
  it('the honest sources that the mutants are made of', async () => {
    for (const honest of [
      { make: (memory) => memory },
      { make: sequential, traits: { access: 'sequential' } },
      { make: withoutBytes, traits: { readCost: 'impossible' } },
      { make: (memory) => memory, traits: { versions: true }, harness: versioned(allVersions) },
      { make: (memory) => memory, harness: { secrets: ['a secret'] } },
      { make: honestPreflight, harness: { offers: ['dispose', 'preflight'] } },
    ] satisfies Omit<Mutant, 'name' | 'caught'>[]) {
      const report = await runKit(honest)
      expect(failed(report)).toEqual([])
      expect(report.ok).toBe(true)
    }
  })
})

describe('the kit catches a source that', () => {
  it.each(MUTANTS)('$name', async (mutant) => {
    const report = await runKit(mutant)
    expect(failed(report).sort()).toEqual([...mutant.caught].sort())
    expect(report.passed).toBeGreaterThan(20)
    expect(mutant.caught.length).toBeGreaterThan(0)
  })
})

describe('the cases', () => {
  it('are each needed to catch a mutant', () => {
    const catching = new Set(MUTANTS.flatMap(({ caught }) => caught))
    expect(conformanceCaseNames.filter((name) => !catching.has(name))).toEqual([])
  })
})

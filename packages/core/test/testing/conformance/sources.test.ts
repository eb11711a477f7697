import { describe, expect, it } from 'vitest'
import {
  conformanceCaseNames,
  faultySource,
  type MemoryDigest,
  registerConformance,
  sourceConformance,
} from '../../../src/testing/index.js'
import { memoryHarness } from './memory-harness.js'

const digests: readonly MemoryDigest[] = [
  { algorithm: 'md5', provenance: 'claimed', in: 'listing' },
  { algorithm: 'crc32c', provenance: 'service' },
]

/** What a memory source cannot be asked; everything else must not be skipped. */
const APART =
  /^(?:scan-|abort-scan|release-scan|dispose-during-scan|local-file|preflight-|abort-preflight|list-versions|errors-secret|read-impossible)/
const required = conformanceCaseNames.filter((name) => !APART.test(name))

registerConformance(
  sourceConformance({
    ...memoryHarness(),
    required: required.filter((name) => !name.includes('-digests')).concat('listing-digests-declared'),
  }),
  { describe, it },
  'a memory source',
)

registerConformance(
  sourceConformance({
    required: required.filter((name) => !['list-order', 'list-after'].includes(name)),
    ...memoryHarness(
      { order: 'none', pageSize: 7, digests },
      {
        keyOrder: 'none',
        listingDigests: [
          { algorithm: 'md5', provenance: 'claimed' },
          { algorithm: 'crc32c', provenance: 'service' },
        ],
        statDigests: [{ algorithm: 'crc32c', provenance: 'service' }],
      },
    ),
  }),
  { describe, it },
  'a memory source in no order, with digests',
)

describe('other sources', () => {
  it.each(['utf16', 'path'] as const)('pass in %s order', async (order) => {
    const report = await sourceConformance(memoryHarness({ order, pageSize: 11 }, { keyOrder: order })).run()
    expect(report.results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(report.ok).toBe(true)
  })

  it('pass when they are a faulty source without faults', async () => {
    const report = await sourceConformance(memoryHarness({}, {}, (source) => faultySource(source, []))).run()
    expect(report.results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  })
})

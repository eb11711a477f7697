import { describe, expect, it } from 'vitest'
import { faultySource, type MemoryDigest, registerConformance, sourceConformance } from '../../../src/testing/index.js'
import { memoryHarness } from './memory-harness.js'

const digests: readonly MemoryDigest[] = [
  { algorithm: 'md5', provenance: 'claimed', in: 'listing' },
  { algorithm: 'crc32c', provenance: 'service' },
]

registerConformance(sourceConformance(memoryHarness()), { describe, it }, 'a memory source')

registerConformance(
  sourceConformance(
    memoryHarness(
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
  ),
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

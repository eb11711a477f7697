import { likelyPartSizes, recomputationOf } from '@backproof/core/evidence'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const MIB = 1024 * 1024

describe('likelyPartSizes', () => {
  it.each([
    ['aws-cli and boto3: 8 MiB', 20 * MIB, 3, 8 * MIB],
    ['rclone: 5 MiB', 11 * MIB, 3, 5 * MIB],
    ['s3cmd: 15 MiB', 40 * MIB, 3, 15 * MIB],
    ['minio: 16 MiB', 60 * MIB, 4, 16 * MIB],
    ['aws-cli beyond 10,000 parts of 8 MiB: doubled', 100_000 * MIB, 6_250, 16 * MIB],
    ['rclone beyond 10,000 parts of 5 MiB: the least MiB that is enough', 70_001 * MIB, 8_751, 8 * MIB],
    ['rclone, 13 MiB', 123_456 * MIB, 9_497, 13 * MIB],
    ['decimal sizes', 25_000_000, 3, 10_000_000],
  ])('%s', (_, size, parts, expected) => {
    expect(likelyPartSizes(size, parts)).toContain(expected)
  })

  it('never offers sizes that make another number of parts, and at most six', () => {
    const cases = [fc.integer({ min: 0, max: 6 * 1024 * MIB }), fc.integer({ min: 1, max: 10_000 })] as const
    fc.assert(
      fc.property(...cases, (size, parts) => {
        const sizes = likelyPartSizes(size, parts)
        expect(sizes.length).toBeLessThanOrEqual(6)
        for (const bytes of sizes) expect(Math.ceil(size / bytes)).toBe(parts)
      }),
    )
  })

  it('knows the size of the only part', () => {
    expect(likelyPartSizes(77, 1)).toEqual([77])
    expect(likelyPartSizes(77, 0)).toEqual([])
  })
})

describe('recomputationOf', () => {
  const etag = { algorithm: 'md5', value: 'aa', provenance: 'service' } as const

  it('takes the sizes that the service told for certain, and inferred ones as a guess', () => {
    const sizes = [5, 5, 1]
    expect(recomputationOf({ ...etag, coverage: { parts: 3, sizes } }, 11)).toEqual({
      measures: ['parts:md5:5'],
      certain: true,
    })
    expect(recomputationOf({ ...etag, coverage: { parts: 3, sizes, inferred: true } }, 11)?.certain).toBe(false)
  })

  it('guesses from size and count, and gives up where nothing fits', () => {
    const guess = recomputationOf({ ...etag, coverage: { parts: 3 } }, 20 * MIB)
    expect(guess?.certain).toBe(false)
    expect(guess?.measures).toContain('parts:md5:8388608')
    expect(recomputationOf({ ...etag, coverage: { parts: 3 } }, undefined)).toBeUndefined()
    expect(recomputationOf({ ...etag, coverage: { parts: 9 } }, 10)).toBeUndefined()
  })

  it('is certain of the only part, also of an empty one', () => {
    const only = (size: number) => recomputationOf({ ...etag, coverage: { parts: 1 } }, size)
    expect(only(7)).toEqual({ measures: ['parts:md5:7'], certain: true })
    expect(only(0)).toEqual({ measures: ['parts:md5:0x1'], certain: true })
  })

  it('leaves unknown algorithms and other representations alone', () => {
    expect(recomputationOf({ ...etag, algorithm: 'xxhash-new' }, 1)).toBeUndefined()
    expect(recomputationOf({ ...etag, representation: 'logical:gzip' }, 1)).toBeUndefined()
  })
})

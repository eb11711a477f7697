import { createHash } from 'node:crypto'
import { createHasher, evenParts, type KnownAlgorithm, parsePartsMeasure, partsMeasure } from '@backproof/core/digest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const bytesOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 5)) & 0xff))

/** As the S3 documentation words it, by node:crypto: the digest over the concatenated raw digests of the parts. */
const composite = (algorithm: string, bytes: Buffer, sizes: readonly number[]): string => {
  const whole = createHash(algorithm)
  let at = 0
  for (const size of sizes) {
    whole.update(
      createHash(algorithm)
        .update(bytes.subarray(at, at + size))
        .digest(),
    )
    at += size
  }
  return whole.digest('hex')
}

/** Computes a measure over chunks of odd lengths. */
const measured = async (measure: ReturnType<typeof evenParts>, bytes: Buffer, step: number): Promise<string> => {
  const hasher = await createHasher([measure])
  for (let at = 0; at < bytes.length; at += step) hasher.update(bytes.subarray(at, at + step))
  return hasher.digest()[measure]!
}

describe('digests of digests of parts', () => {
  it('are multipart ETags as Amazon S3 documents them, for any layout and any chunks', async () => {
    const cases = fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 }),
      step: fc.integer({ min: 1, max: 50 }),
      algorithm: fc.constantFrom<KnownAlgorithm>('md5', 'sha1', 'sha256'),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, step, algorithm }) => {
        const bytes = bytesOf(sizes.reduce((sum, size) => sum + size, 0))
        const got = await measured(partsMeasure(algorithm, sizes), bytes, step)
        expect(got).toBe(composite(algorithm, bytes, sizes))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    { length: 0, size: 5, parts: [0] },
    { length: 5, size: 5, parts: [5] },
    { length: 10, size: 5, parts: [5, 5] },
    { length: 11, size: 5, parts: [5, 5, 1] },
  ])('cut $length bytes into even parts of $size', async ({ length, size, parts }) => {
    const bytes = bytesOf(length)
    expect(await measured(evenParts('md5', size), bytes, 3)).toBe(composite('md5', bytes, parts))
  })

  it('count bytes beyond the layout, and parts whose bytes never came', async () => {
    const bytes = bytesOf(12)
    expect(await measured(partsMeasure('md5', [3, 5]), bytes, 4)).toBe(composite('md5', bytes, [3, 5, 4]))
    expect(await measured(partsMeasure('md5', [3, 9, 4]), bytes, 5)).toBe(composite('md5', bytes, [3, 9, 0]))
  })

  it('give the composite CRC32 of two parts, over big-endian part checksums', async () => {
    const bytes = bytesOf(20)
    const hasher = await createHasher(['crc32'])
    const crc = (chunk: Uint8Array): string => {
      hasher.reset()
      hasher.update(chunk)
      return hasher.digest()['crc32']!
    }
    const wanted = crc(Buffer.from(crc(bytes.subarray(0, 12)) + crc(bytes.subarray(12)), 'hex'))
    expect(await measured(evenParts('crc32', 12), bytes, 7)).toBe(wanted)
  })

  it('start over after a reset, also in the middle', async () => {
    const measure = evenParts('md5', 4)
    const hasher = await createHasher([measure])
    hasher.update(bytesOf(6))
    hasher.reset()
    hasher.update(bytesOf(9))
    expect(hasher.digest()[measure]).toBe(composite('md5', bytesOf(9), [4, 4, 1]))
  })
})

describe('partsMeasure', () => {
  it('is short for even parts and for runs of one size, and reads back', () => {
    expect(partsMeasure('md5', [8, 8, 8, 3])).toBe('parts:md5:8')
    expect(partsMeasure('md5', [8, 8, 9])).toBe('parts:md5:8x2,9x1')
    expect(partsMeasure('sha256', [0])).toBe('parts:sha256:0x1')
    expect(parsePartsMeasure('parts:md5:8')).toEqual({ algorithm: 'md5', runs: [[8, Number.POSITIVE_INFINITY]] })
    expect(parsePartsMeasure('parts:md5:8x2,9x1')).toEqual({
      algorithm: 'md5',
      runs: [
        [8, 2],
        [9, 1],
      ],
    })
  })

  it.each(['parts:md5:', 'parts:md5:0', 'parts:md5:8x', 'parts:nope:8', 'parts:md5:1,2', 'parts:md5:8x0'] as const)(
    'refuses %s',
    (measure) => {
      expect(() => parsePartsMeasure(measure as never)).toThrow(/no layout of parts/)
    },
  )

  it('refuses sizes that are no whole numbers', () => {
    expect(() => partsMeasure('md5', [1.5])).toThrow(/no layout of parts/)
    expect(() => partsMeasure('md5', [-1])).toThrow(/no layout of parts/)
  })
})

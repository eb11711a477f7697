import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CrcAlgorithm } from '../../src/digest/crc-parameters.js'
import type { Digest, PartCoverage } from '../../src/digest/digest.js'
import { createHasher } from '../../src/digest/hasher.js'
import { withDerived } from '../../src/evidence/derived.js'

const crc = async (algorithm: CrcAlgorithm, bytes: Uint8Array): Promise<string> => {
  const hasher = await createHasher([algorithm])
  hasher.update(bytes)
  return hasher.digest()[algorithm]!
}

/** What a service tells of an upload in parts. */
const composite = async (algorithm: CrcAlgorithm, parts: readonly Uint8Array[]): Promise<Digest> => {
  const values = await Promise.all(parts.map((part) => crc(algorithm, part)))
  const value = await crc(algorithm, Buffer.from(values.join(''), 'hex'))
  const sizes = parts.map(({ byteLength }) => byteLength)
  return { algorithm, value, provenance: 'service', coverage: { parts: parts.length, sizes, values } }
}

describe('a digest that follows from those of parts', () => {
  it('is that of the whole object, whatever the parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<CrcAlgorithm>('crc32', 'crc32c', 'crc64nvme'),
        fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 }),
        async (algorithm, parts) => {
          const whole = Buffer.concat(parts)
          const stored = await composite(algorithm, parts)
          const [same, derived] = withDerived([stored], whole.length)
          expect(same).toBe(stored)
          expect(derived).toEqual({
            algorithm,
            value: await crc(algorithm, whole),
            coverage: 'full',
            provenance: 'service',
            derived: 'parts',
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  const parts = [Buffer.from('abc'), Buffer.from('de')]

  it('needs every part, its size for certain, and sizes that add up', async () => {
    const stored = await composite('crc32c', parts)
    const { sizes, values } = stored.coverage as Required<PartCoverage> & {
      sizes: readonly number[]
      values: readonly string[]
    }
    const of = (coverage: Digest['coverage'], size = 5): number => withDerived([{ ...stored, coverage }], size).length
    expect(of({ parts: 2, sizes, values })).toBe(2)
    expect(of({ parts: 2, sizes, values }, 6)).toBe(1)
    expect(of({ parts: 2, sizes, values, inferred: true })).toBe(1)
    expect(of({ parts: 2, sizes })).toBe(1)
    expect(of({ parts: 2, values })).toBe(1)
    expect(of({ parts: 3, sizes, values })).toBe(1)
    expect(of({ parts: 2, sizes, values: values.slice(1) })).toBe(1)
    expect(of({ parts: 2, sizes, values: ['zz', values[1]!] })).toBe(1)
    expect(of('full')).toBe(1)
  })

  it('does not stand beside one that is told, is as much worth as its parts, and is only of CRCs', async () => {
    const stored = await composite('crc32c', parts)
    const full: Digest = { algorithm: 'crc32c', value: '00000000', provenance: 'service' }
    expect(withDerived([stored, full], 5)).toHaveLength(2)
    expect(withDerived([{ ...stored, provenance: 'claimed' }, full], 5)[2]).toMatchObject({ provenance: 'claimed' })
    expect(withDerived([{ ...stored, equalityOnly: true }], 5)[1]).toMatchObject({ equalityOnly: true })
    expect(withDerived([{ ...stored, algorithm: 'sha256' }], 5)).toHaveLength(1)
    expect(withDerived([{ ...stored, representation: 'logical:gzip' }], 5)).toHaveLength(1)
  })
})

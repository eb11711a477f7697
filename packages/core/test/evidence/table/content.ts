import type { Digest, KnownAlgorithm, Measure, PartCoverage, Provenance } from '../../../src/digest/digest.js'
import { createHasher } from '../../../src/digest/hasher.js'
import { partsMeasure } from '../../../src/digest/part-layout.js'

const MIB = 1024 * 1024

/** Three parts, as tools cut by default: of two, the size of the first would tell everything. */
export const PART_SIZES: readonly number[] = [8 * MIB, 8 * MIB, 4 * MIB]

/** Bytes of the object of which the table tells. */
export const SIZE: number = PART_SIZES.reduce((sum, size) => sum + size, 0)

/** The object that all places hold: what reading it gives, and what a service tells of it. */
export interface Content {
  /** What computing a measure of its bytes gives. */
  readonly measure: (measure: Measure) => Promise<string>
  /** The digest of the whole. */
  readonly full: (algorithm: KnownAlgorithm, provenance: Provenance, extra?: Partial<Digest>) => Promise<Digest>
  /** The digest of the digests of its parts, with what is told of the parts. */
  readonly ofParts: (
    algorithm: KnownAlgorithm,
    provenance: Provenance,
    told: 'count' | 'sizes' | 'concluded' | 'values',
    extra?: Partial<Digest>,
  ) => Promise<Digest>
}

export const createContent = (): Content => {
  const bytes = Buffer.alloc(SIZE)
  for (let at = 0; at < SIZE; at += 4) bytes.writeUInt32LE(Math.imul(at + 1, 0x9e3779b1) >>> 0, at)
  const known = new Map<string, Promise<string>>()
  const measureOf = (measure: Measure, start = 0, end = SIZE): Promise<string> => {
    const name = `${measure} ${start} ${end}`
    const value = known.get(name) ?? computed(measure, bytes.subarray(start, end))
    known.set(name, value)
    return value
  }
  const rows = (algorithm: KnownAlgorithm): Promise<string[]> => {
    let at = 0
    return Promise.all(
      PART_SIZES.map((size) => {
        at += size
        return measureOf(algorithm, at - size, at)
      }),
    )
  }
  return {
    measure: (measure) => measureOf(measure),
    full: async (algorithm, provenance, extra) => ({
      algorithm,
      value: await measureOf(algorithm),
      provenance,
      ...extra,
    }),
    ofParts: async (algorithm, provenance, told, extra) => {
      const coverage: PartCoverage = {
        parts: PART_SIZES.length,
        ...(told !== 'count' && { sizes: PART_SIZES }),
        ...(told === 'concluded' && { inferred: true }),
        ...(told === 'values' && { values: await rows(algorithm) }),
      }
      const value = await measureOf(partsMeasure(algorithm, PART_SIZES))
      return { algorithm, value, coverage, provenance, ...extra }
    },
  }
}

const computed = async (measure: Measure, bytes: Uint8Array): Promise<string> => {
  const hasher = await createHasher([measure])
  hasher.update(bytes)
  return hasher.digest()[measure]!
}

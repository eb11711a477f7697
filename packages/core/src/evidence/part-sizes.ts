import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Digest, Measure } from '../digest/digest.js'
import { evenParts, partsMeasure } from '../digest/part-layout.js'

const MIB = 1024 * 1024

/**
 * Part sizes that upload tools use, most usual first: aws-cli, boto3 and the AWS SDKs (8 MiB, doubled until 10,000 parts
 * are enough), the SDKs' and rclone's least (5 MiB), minio and s5cmd (16, 50, 64), s3cmd (15), hadoop (32, 64, 100, 128),
 * round numbers that people configure, and decimal ones. Source: the documentation of these tools.
 */
const USUAL: readonly number[] = [
  ...[8, 5, 16, 15, 64, 100, 32, 128, 10, 50, 20, 25, 256, 512, 1024, 2048, 4096, 5120].map((mib) => mib * MIB),
  ...[10, 50, 100].map((mb) => mb * 1_000_000),
]

/** The most layouts that are tried in one read. */
const MOST = 6

/** S3 takes up to 10,000 parts. */
const MOST_PARTS = 10_000

/**
 * Sizes of even parts that may have made `parts` parts of `size` bytes (the last one shorter), likeliest first, at most 6:
 * the usual ones, rclone's (the least whole MiB that needs no more than 10,000 parts), and the only whole MiB that fits.
 * None when the numbers cannot be those of an upload.
 */
export const likelyPartSizes = (size: number, parts: number): readonly number[] => {
  if (!(Number.isSafeInteger(parts) && parts >= 1) || size < 0) return []
  if (parts === 1) return size === 0 ? [] : [size]
  const fits = (bytes: number): boolean => Math.ceil(size / bytes) === parts
  const leastForTools = Math.ceil(size / MOST_PARTS / MIB) * MIB
  const leastWholeMib = Math.ceil(size / parts / MIB) * MIB
  const candidates = [...USUAL, leastForTools, leastWholeMib].filter((bytes) => bytes > 0 && fits(bytes))
  return [...new Set(candidates)].slice(0, MOST)
}

/** How a stored digest can be computed from the bytes. */
export interface Recomputation {
  /** More than one where the layout of parts is guessed: any that is equal proves. */
  readonly measures: readonly Measure[]
  /** Whether the layout is certain, so that another value means other bytes. */
  readonly certain: boolean
}

/**
 * What to compute of an object of `size` bytes to get the counterpart of a stored digest; `undefined` where that cannot be
 * done: an unknown algorithm, other bytes than the stored ones, parts of unknown sizes.
 */
export const recomputationOf = (stored: Digest, size: number | undefined): Recomputation | undefined => {
  const { algorithm, coverage = 'full', representation = 'stored' } = stored
  if (!isKnownAlgorithm(algorithm) || representation !== 'stored') return undefined
  if (coverage === 'full') return { measures: [algorithm], certain: true }
  if (coverage.sizes !== undefined) {
    return { measures: [partsMeasure(algorithm, coverage.sizes)], certain: coverage.inferred !== true }
  }
  if (size === undefined) return undefined
  // One part is the whole object, an empty one too.
  if (coverage.parts === 1) return { measures: [partsMeasure(algorithm, [size])], certain: true }
  const measures = likelyPartSizes(size, coverage.parts).map((bytes) => evenParts(algorithm, bytes))
  return measures.length === 0 ? undefined : { measures, certain: false }
}

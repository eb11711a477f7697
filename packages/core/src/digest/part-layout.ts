import { BackupError } from '../errors.js'
import { isKnownAlgorithm } from './algorithms.js'
import type { KnownAlgorithm, PartsMeasure } from './digest.js'

/** What a {@link PartsMeasure} says. */
export interface PartsOf {
  readonly algorithm: KnownAlgorithm
  /**
   * Runs of parts of one size: `[bytes, parts]`. One run with `Infinity` parts: as many of that size as there are, the last
   * one shorter.
   */
  readonly runs: readonly (readonly [bytes: number, parts: number])[]
}

/**
 * The measure that computes a digest of digests over parts of these sizes, as S3 makes multipart ETags (MD5) and
 * COMPOSITE checksums: the digest over the concatenated raw digests of the parts.
 *
 * @throws BackupError `invalid-config` when a size is no whole number of bytes.
 */
export const partsMeasure = (algorithm: KnownAlgorithm, sizes: readonly number[]): PartsMeasure => {
  const [first = 0] = sizes
  const last = sizes.at(-1) ?? 0
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) throw malformed(sizes.join(','))
  const uniform = first > 0 && last > 0 && last <= first && sizes.slice(0, -1).every((size) => size === first)
  if (uniform) return evenParts(algorithm, first)
  const runs: [number, number][] = []
  for (const size of sizes) {
    const run = runs.at(-1)
    if (run?.[0] === size) run[1] += 1
    else runs.push([size, 1])
  }
  return `parts:${algorithm}:${runs.map(([bytes, parts]) => `${bytes}x${parts}`).join(',')}`
}

/** The measure for parts of one size, the last one shorter. Short, and the same for many objects. */
export const evenParts = (algorithm: KnownAlgorithm, bytes: number): PartsMeasure => `parts:${algorithm}:${bytes}`

/** Whether a measure is one over parts. */
export const isPartsMeasure = (measure: string): measure is PartsMeasure => measure.startsWith('parts:')

/**
 * Reads a measure back.
 *
 * @throws BackupError `invalid-config` for anything that {@link partsMeasure} does not write.
 */
export const parsePartsMeasure = (measure: PartsMeasure): PartsOf => {
  const [, algorithm = '', layout = ''] = /^parts:([a-z0-9-]+):([0-9x,]+)$/.exec(measure) ?? []
  if (!isKnownAlgorithm(algorithm)) throw malformed(measure)
  if (/^[1-9][0-9]*$/.test(layout)) return { algorithm, runs: [[Number(layout), Number.POSITIVE_INFINITY]] }
  const runs = layout.split(',').map((run): [number, number] => {
    const [, bytes, parts] = /^([0-9]+)x([1-9][0-9]*)$/.exec(run) ?? []
    if (bytes === undefined || parts === undefined) throw malformed(measure)
    return [Number(bytes), Number(parts)]
  })
  return { algorithm, runs }
}

const malformed = (text: string): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `${JSON.stringify(text.slice(0, 160))} is no layout of parts: sizes are whole numbers of bytes, and the algorithm one that can be computed.`,
    operation: 'digest',
  })

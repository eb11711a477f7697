import { digestBits } from '../digest/algorithms.js'
import { combineCrcs, isCombinable } from '../digest/crc-combine.js'
import type { Digest } from '../digest/digest.js'
import { isFull } from './digest-worth.js'

/**
 * The digests of an object, and those of the whole that follow from the stored digests of its parts: the CRC of a concatenation
 * is that of its pieces put together ({@link combineCrcs}). Who vouches for the parts vouches for the whole.
 *
 * Only where a digest of every part and every size is told, none of it guessed, and the sizes add up to `size`. Digests that
 * are there already are not derived again.
 */
export const withDerived = (digests: readonly Digest[], size: number | undefined): readonly Digest[] => {
  if (digests.every(isFull)) return digests
  const derived = digests.flatMap((digest) => {
    const whole = derivedOf(digest, size)
    const isKnown = digests.some(
      (one) => isFull(one) && one.algorithm === digest.algorithm && one.provenance === digest.provenance,
    )
    return whole === undefined || isKnown ? [] : whole
  })
  return derived.length === 0 ? digests : [...digests, ...derived]
}

const derivedOf = (digest: Digest, size: number | undefined): Digest | undefined => {
  const { algorithm, coverage = 'full', representation = 'stored', provenance } = digest
  if (coverage === 'full' || representation !== 'stored' || !isCombinable(algorithm)) return undefined
  const { sizes, values, inferred, parts } = coverage
  if (sizes === undefined || values === undefined || inferred === true) return undefined
  if (sizes.length !== parts || values.length !== parts) return undefined
  const digits = digestBits(algorithm)! / 4
  if (!values.every((value) => value.length === digits && /^[0-9a-f]+$/.test(value))) return undefined
  if (size !== undefined && sizes.reduce((sum, one) => sum + one, 0) !== size) return undefined
  const known = DERIVED.get(digest)
  if (known !== undefined) return known
  const pieces = values.map((value, i) => ({ value, size: sizes[i]! }))
  const whole: Digest = {
    algorithm,
    value: combineCrcs(algorithm, pieces),
    coverage: 'full',
    provenance,
    ...(digest.equalityOnly === true && { equalityOnly: true }),
    derived: 'parts',
  }
  DERIVED.set(digest, whole)
  return whole
}

/** Putting 10,000 parts together takes milliseconds, and an object is planned more than once. */
const DERIVED = new WeakMap<Digest, Digest>()

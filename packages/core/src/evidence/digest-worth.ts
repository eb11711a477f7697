import { digestBits, meetsStrength, strengthOf } from '../digest/algorithms.js'
import type { Digest, Strength } from '../digest/digest.js'
import { GRADES, type Grade, weakerGrade } from './evidence.js'
import type { PlanPolicy, Proof } from './planner.js'

/**
 * Whether two digests speak of the same thing, so that being equal proves. Digests of as many parts of unknown sizes do too:
 * equal ones were made of equal digests. That being different proves takes more: parts of the same sizes for certain.
 */
export const comparable = (a: Digest, b: Digest): boolean => {
  if (a.algorithm !== b.algorithm) return false
  // Of what decompressing yields: other bytes may yield the same.
  if (![a, b].every(({ representation = 'stored' }) => representation === 'stored')) return false
  const x = a.coverage ?? 'full'
  const y = b.coverage ?? 'full'
  if (x === 'full' || y === 'full') return x === y
  return x.parts === y.parts && (x.sizes === undefined || y.sizes === undefined || sameSizes(x.sizes, y.sizes))
}

const sameSizes = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i])

/** Whether two comparable digests cover the same parts for certain, so that different values mean different bytes. */
export const sameLayout = (a: Digest, b: Digest): boolean => {
  const x = a.coverage ?? 'full'
  const y = b.coverage ?? 'full'
  if (x === 'full' || y === 'full') return x === y
  if (x.inferred === true || y.inferred === true) return false
  if (x.parts === 1 && y.parts === 1) return true
  return x.sizes !== undefined && y.sizes !== undefined && sameSizes(x.sizes, y.sizes)
}

/** The grade that a stored digest alone lends to its side. `recorded` is trusted by the caller, but nothing of that side was read. */
const storedGrade = (digest: Digest): Grade => {
  switch (digest.provenance) {
    case 'computed':
      return isWide(digest.algorithm) ? 'read' : 'stored'
    case 'service':
    case 'recorded':
      return 'stored'
    default:
      return 'claimed'
  }
}

/** The grade of the side that is not read when the other side was: an expectation that the caller trusts does not lower it. */
export const expectationGrade = (digest: Digest, policy: PlanPolicy): Grade => {
  if (digest.provenance === 'claimed') return 'claimed'
  const lowers = digest.provenance === 'service' && policy.ownDigests !== true
  return lowers || !isWide(digest.algorithm) ? 'stored' : 'read'
}

/** Where one side's digest was computed from its bytes, the other is the expectation; else both are only what somebody keeps. */
export const pairGrade = (a: Digest, b: Digest, policy: PlanPolicy): Grade => {
  if (b.provenance === 'computed') return weakerGrade(expectationGrade(a, policy), storedGrade(b))
  if (a.provenance === 'computed') return weakerGrade(storedGrade(a), expectationGrade(b, policy))
  return weakerGrade(storedGrade(a), storedGrade(b))
}

/** CRCs and 64-bit hashes never yield `read` on their own. */
export const isWide = (algorithm: string): boolean => (digestBits(algorithm) ?? 0) >= 128

/** Whether a digest of this algorithm misses no more than `required` permits; one that is not known here may miss anything. */
export const isStrong = (algorithm: string, required: Strength): boolean => {
  const strength = strengthOf(algorithm)
  return strength !== undefined && meetsStrength(strength, required)
}

/** A difference from it is a difference of bytes. Claims and digests of unknown make only prove by being equal. */
export const accuses = (digest: Digest): boolean => digest.provenance !== 'claimed' && digest.equalityOnly !== true

export const isFull = (digest: Digest): boolean =>
  (digest.coverage ?? 'full') === 'full' && (digest.representation ?? 'stored') === 'stored'

/** Order among proofs of the same cost: the stronger grade, then the stronger digest, then the wider one. */
export const better = (x: Proof, y: Proof, a: string, b: string): number =>
  GRADES.indexOf(x.grade) - GRADES.indexOf(y.grade) ||
  Number(isStrong(b, 'cryptographic')) - Number(isStrong(a, 'cryptographic')) ||
  (digestBits(b) ?? 0) - (digestBits(a) ?? 0) ||
  (a < b ? -1 : a > b ? 1 : 0)

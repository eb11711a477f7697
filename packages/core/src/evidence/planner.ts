import { digestBits, isKnownAlgorithm, meetsStrength, strengthOf } from '../digest/algorithms.js'
import type { Digest, KnownAlgorithm, Strength } from '../digest/digest.js'
import type { ReadCost } from '../source/traits.js'
import { GRADES, type Grade, meetsGrade, weakerGrade } from './evidence.js'

/** What is known of one side before anything is read. */
export interface SideFacts {
  readonly size?: number | undefined
  readonly digests: readonly Digest[]
  readonly readCost: ReadCost
  /** Whether core can read it as a file of this machine. */
  readonly local: boolean
}

export interface PlanPolicy {
  readonly require: Grade
  readonly strength: Strength
  /**
   * Whether the reference is the subject's own stored digests (fixity of one source) rather than another copy. A
   * service's digest then does not lower the grade, because the side that is proven is the one that is read.
   */
  readonly ownDigests?: boolean | undefined
}

/** Which of the two sides of a pair. The reference is the source of a comparison or the baseline of a verification. */
export type PairSide = 'reference' | 'subject'

/** One way to prove that a pair is equal, and the grade that a match by it has. */
export type Proof =
  | {
      readonly method: 'digest'
      readonly grade: Grade
      readonly reference: Digest
      readonly subject: Digest
      readonly trusted: boolean
    }
  | {
      readonly method: 'one-sided-read'
      readonly grade: Grade
      readonly read: PairSide
      /** The digest that the side which is not read stores. */
      readonly stored: Digest
      readonly algorithm: KnownAlgorithm
      readonly trusted: boolean
    }
  | { readonly method: 'two-sided-read'; readonly grade: 'read'; readonly algorithm: KnownAlgorithm }
  | { readonly method: 'bytes'; readonly grade: 'read' }
  | { readonly method: 'size'; readonly grade: 'size' }

export interface ProofPlan {
  /** Permitted proofs, cheapest first. A later one is tried when an earlier one cannot decide. */
  readonly proofs: readonly Proof[]
  /** Proofs that policy does not accept for a match, strongest first. A verification reads all the same and may find a difference by them. */
  readonly weak: readonly Proof[]
  /** Why none is permitted. */
  readonly reason?: 'no-common-digest' | 'no-digest' | 'below-required-grade' | 'below-required-strength' | undefined
}

/**
 * The cheapest permitted proofs for one pair, in the order of design section 5: a common stored digest, then sizes where
 * policy is content with them, then reading one side, then both. Pure: the only place that decides evidence.
 */
export const planProofs = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): ProofPlan => {
  const bothSizes = reference.size !== undefined && subject.size !== undefined
  // What an object says of itself is the same on both sides of a fixity check and proves nothing: only reading does.
  const unread: Proof[] = [
    ...commonDigests(reference, subject, policy),
    ...(bothSizes ? [{ method: 'size', grade: 'size' } as const] : []),
  ]
  const all: Proof[] = [
    ...(policy.ownDigests === true ? unread.filter(isOfRead) : unread),
    ...oneSidedReads(reference, subject, policy),
    ...twoSidedReads(reference, subject, policy),
  ]
  const strong = all.filter((proof) => {
    const algorithm = proofAlgorithm(proof)
    return algorithm === undefined || isStrong(algorithm, policy.strength)
  })
  const proofs = strong.filter((proof) => meetsGrade(proof.grade, policy.require))
  const weak = all.filter((proof) => !proofs.includes(proof))
  if (proofs.length > 0) return { proofs, weak }
  const beyondSize = (list: readonly Proof[]): boolean => list.some((proof) => proof.method !== 'size')
  if (beyondSize(strong)) return { proofs, weak, reason: 'below-required-grade' }
  if (beyondSize(all)) return { proofs, weak, reason: 'below-required-strength' }
  const digestless = reference.digests.length === 0
  return { proofs, weak, reason: digestless && !canRead(reference.readCost) ? 'no-digest' : 'no-common-digest' }
}

/** A digest that was computed when a sequential source was read, before anything was joined. */
const isOfRead = (proof: Proof): boolean => proof.method === 'digest' && proof.subject.provenance === 'computed'

/** The algorithm whose strength decides what a proof can miss; `undefined` for proofs without a digest. */
export const proofAlgorithm = (proof: Proof): string | undefined => {
  switch (proof.method) {
    case 'digest':
      return proof.reference.algorithm
    case 'one-sided-read':
    case 'two-sided-read':
      return proof.algorithm
    default:
      return undefined
  }
}

/** Whether two digests speak of the same thing and can be compared. */
export const comparable = (a: Digest, b: Digest): boolean => {
  if (a.algorithm !== b.algorithm) return false
  if ((a.representation ?? 'stored') !== (b.representation ?? 'stored')) return false
  const x = a.coverage ?? 'full'
  const y = b.coverage ?? 'full'
  if (x === 'full' || y === 'full') return x === y
  // Digests of parts can only be compared when the layouts are known to be the same.
  if (x.parts !== y.parts || x.sizes === undefined || y.sizes === undefined) return false
  return x.sizes.length === y.sizes.length && x.sizes.every((size, i) => size === y.sizes![i])
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
const expectationGrade = (digest: Digest, policy: PlanPolicy): Grade => {
  if (digest.provenance === 'claimed') return 'claimed'
  const lowers = digest.provenance === 'service' && policy.ownDigests !== true
  return lowers || !isWide(digest.algorithm) ? 'stored' : 'read'
}

/** Where one side's digest was computed from its bytes, the other is the expectation; else both are only what somebody keeps. */
const pairGrade = (a: Digest, b: Digest, policy: PlanPolicy): Grade => {
  if (b.provenance === 'computed') return weakerGrade(expectationGrade(a, policy), storedGrade(b))
  if (a.provenance === 'computed') return weakerGrade(storedGrade(a), expectationGrade(b, policy))
  return weakerGrade(storedGrade(a), storedGrade(b))
}

/** CRCs and 64-bit hashes never yield `read` on their own. */
const isWide = (algorithm: string): boolean => (digestBits(algorithm) ?? 0) >= 128

/** Whether a digest of this algorithm misses no more than `required` permits; one that is not known here may miss anything. */
const isStrong = (algorithm: string, required: Strength): boolean => {
  const strength = strengthOf(algorithm)
  return strength !== undefined && meetsStrength(strength, required)
}

/** A difference from it is a difference of bytes. Claims and digests of unknown make only prove by being equal. */
const accuses = (digest: Digest): boolean => digest.provenance !== 'claimed' && digest.equalityOnly !== true

const isFull = (digest: Digest): boolean =>
  (digest.coverage ?? 'full') === 'full' && (digest.representation ?? 'stored') === 'stored'

const commonDigests = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): Proof[] => {
  const found: (Proof & { method: 'digest' })[] = []
  for (const a of reference.digests) {
    for (const b of subject.digests) {
      if (!comparable(a, b)) continue
      const trusted = (accuses(a) || policy.ownDigests === true) && accuses(b)
      found.push({ method: 'digest', grade: pairGrade(a, b, policy), reference: a, subject: b, trusted })
    }
  }
  return found.sort((x, y) => better(x, y, x.reference.algorithm, y.reference.algorithm))
}

const oneSidedReads = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): Proof[] => {
  const found: (Proof & { method: 'one-sided-read' })[] = []
  const add = (read: PairSide, reader: SideFacts, other: SideFacts): void => {
    if (!canRead(reader.readCost)) return
    for (const stored of other.digests) {
      if (!isFull(stored) || !isKnownAlgorithm(stored.algorithm)) continue
      const grade = expectationGrade(stored, policy)
      // A service's own digest is what a service would have to break itself: a claim about one's own bytes does accuse them.
      const trusted = accuses(stored) || (policy.ownDigests === true && stored.equalityOnly !== true)
      found.push({ method: 'one-sided-read', grade, read, stored, algorithm: stored.algorithm, trusted })
    }
  }
  add('reference', reference, subject)
  add('subject', subject, reference)
  // The reference first among equals: one read of it serves every replica.
  const cost = (proof: Proof & { method: 'one-sided-read' }): number =>
    readRank((proof.read === 'reference' ? reference : subject).readCost)
  return found.sort((x, y) => cost(x) - cost(y) || better(x, y, x.algorithm, y.algorithm))
}

const twoSidedReads = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): Proof[] => {
  if (!canRead(reference.readCost) || !canRead(subject.readCost)) return []
  if (reference.local && subject.local) return [{ method: 'bytes', grade: 'read' }]
  return [{ method: 'two-sided-read', grade: 'read', algorithm: twoSidedAlgorithm([reference, subject], policy) }]
}

/** The fastest digest of at least 128 bits that is strong enough. */
export const twoSidedDigest = (strength: Strength): KnownAlgorithm =>
  strength === 'error-detecting' ? 'xxh3-128' : 'sha256'

/**
 * The digest for reading both sides: one that a side stores where it is wide and strong enough, because it also tells
 * which side broke its own digest; else the fastest that is.
 */
const twoSidedAlgorithm = (sides: readonly SideFacts[], policy: PlanPolicy): KnownAlgorithm => {
  const fast = twoSidedDigest(policy.strength)
  const telling = sides
    .flatMap((side) => side.digests)
    .filter((digest) => isFull(digest) && accuses(digest) && isWide(digest.algorithm))
    .map((digest) => digest.algorithm)
    .filter(isKnownAlgorithm)
    .filter((algorithm) => isStrong(algorithm, policy.strength))
    .sort((a, b) => Number(isStrong(b, 'cryptographic')) - Number(isStrong(a, 'cryptographic')) || (a < b ? -1 : 1))
  return telling[0] ?? fast
}

/** Whether objects of a source with this cost of reading can be read here and now. */
export const canRead = (cost: ReadCost): boolean => cost === 'free' || cost === 'paid'

const readRank = (cost: ReadCost): number => (cost === 'free' ? 0 : cost === 'paid' ? 1 : 2)

/** Order among proofs of the same cost: the stronger grade, then the stronger digest, then the wider one. */
const better = (x: Proof, y: Proof, a: string, b: string): number =>
  GRADES.indexOf(x.grade) - GRADES.indexOf(y.grade) ||
  Number(isStrong(b, 'cryptographic')) - Number(isStrong(a, 'cryptographic')) ||
  (digestBits(b) ?? 0) - (digestBits(a) ?? 0) ||
  (a < b ? -1 : a > b ? 1 : 0)

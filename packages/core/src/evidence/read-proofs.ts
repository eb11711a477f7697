import { digestBits, isKnownAlgorithm } from '../digest/algorithms.js'
import type { KnownAlgorithm, Measure, Strength } from '../digest/digest.js'
import type { ReadCost } from '../source/traits.js'
import { accuses, better, expectationGrade, isFull, isStrong, isWide } from './digest-worth.js'
import { recomputationOf } from './part-sizes.js'
import type { PairSide, PlanPolicy, Proof, SideFacts } from './planner.js'

/** Reading one side, against what the other stores: the side that costs less first. */
export const oneSidedReads = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): Proof[] => {
  const found: (Proof & { method: 'one-sided-read' })[] = []
  const add = (read: PairSide, reader: SideFacts, other: SideFacts): void => {
    if (!canRead(reader.readCost)) return
    for (const stored of other.digests) {
      const recomputation = recomputationOf(stored, other.size)
      if (recomputation === undefined || !isKnownAlgorithm(stored.algorithm)) continue
      const { measures, certain } = recomputation
      const grade = expectationGrade(stored, policy)
      // A service's own digest is what a service would have to break itself: a claim about one's own bytes does accuse them.
      const accusing = accuses(stored) || (policy.ownDigests === true && stored.equalityOnly !== true)
      const trusted = accusing && certain
      found.push({ method: 'one-sided-read', grade, read, stored, algorithm: stored.algorithm, measures, trusted })
    }
  }
  add('reference', reference, subject)
  add('subject', subject, reference)
  // The reference first among equals: one read of it serves every replica.
  const cost = (proof: Proof & { method: 'one-sided-read' }): number =>
    readRank((proof.read === 'reference' ? reference : subject).readCost)
  // Then what decides either way; a verification reads for all of them, and tells the strongest.
  const doubt = (proof: Proof & { method: 'one-sided-read' }): number =>
    policy.fixity === true || proof.trusted ? 0 : 1
  return found.sort((x, y) => cost(x) - cost(y) || doubt(x) - doubt(y) || better(x, y, x.algorithm, y.algorithm))
}

/** Reading both sides. */
export const twoSidedReads = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): Proof[] => {
  if (!canRead(reference.readCost) || !canRead(subject.readCost)) return []
  if (reference.local && subject.local) return [{ method: 'bytes', grade: 'read' }]
  const algorithm = twoSidedAlgorithm([reference, subject], policy)
  const telling = { reference: tellingMeasures(reference), subject: tellingMeasures(subject) }
  return [{ method: 'two-sided-read', grade: 'read', algorithm, telling }]
}

/**
 * What tells whether the bytes of a side are those that it stored: the widest digest that its service vouches for. Not of
 * local files, where computing more than is needed takes longer than reading.
 */
const tellingMeasures = (side: SideFacts): readonly Measure[] => {
  if (side.local) return []
  const own = side.digests
    .filter((digest) => digest.provenance !== 'claimed')
    .flatMap((digest) => {
      const recomputation = recomputationOf(digest, side.size)
      return recomputation === undefined ? [] : { ...recomputation, bits: digestBits(digest.algorithm) ?? 0 }
    })
    .sort((a, b) => b.bits - a.bits || a.measures.length - b.measures.length)
  return own[0]?.measures ?? []
}

/** The fastest digest of at least 128 bits that is strong enough. */
export const twoSidedDigest = (strength: Strength): KnownAlgorithm =>
  strength === 'error-detecting' ? 'xxh3-128' : 'sha256'

/** The best of these for comparing both sides: of at least 128 bits and strong enough. */
export const widestDigest = (algorithms: readonly string[], strength: Strength): KnownAlgorithm | undefined =>
  algorithms
    .filter(isKnownAlgorithm)
    .filter((algorithm) => isWide(algorithm) && isStrong(algorithm, strength))
    .sort((a, b) => Number(isStrong(b, 'cryptographic')) - Number(isStrong(a, 'cryptographic')) || (a < b ? -1 : 1))[0]

/**
 * The digest for reading both sides: one that a side stores where it is wide and strong enough, because it also tells
 * which side broke its own digest; else the fastest that is.
 */
const twoSidedAlgorithm = (sides: readonly SideFacts[], policy: PlanPolicy): KnownAlgorithm => {
  const stored = sides
    .flatMap((side) => side.digests)
    .filter((digest) => isFull(digest) && digest.provenance !== 'claimed')
    .map(({ algorithm }) => algorithm)
  return widestDigest(stored, policy.strength) ?? twoSidedDigest(policy.strength)
}

/** Whether objects of a source with this cost of reading can be read here and now. */
export const canRead = (cost: ReadCost): boolean => cost === 'free' || cost === 'paid'

const readRank = (cost: ReadCost): number => (cost === 'free' ? 0 : cost === 'paid' ? 1 : 2)

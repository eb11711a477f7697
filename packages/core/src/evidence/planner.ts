import type { Digest, KnownAlgorithm, Measure, Strength } from '../digest/digest.js'
import type { ReadCost } from '../source/traits.js'
import { withDerived } from './derived.js'
import { accuses, better, comparable, isStrong, pairGrade, sameLayout } from './digest-worth.js'
import { type Grade, meetsGrade, type ProofMethod } from './evidence.js'
import { canRead, oneSidedReads, twoSidedReads } from './read-proofs.js'

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
  /** Fixity: an object is held to every digest there is, claims too, whatever is accepted for a match. */
  readonly fixity?: boolean | undefined
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
      /** What to compute: any that equals the stored digest proves. Several where a layout of parts is guessed. */
      readonly measures: readonly Measure[]
      readonly trusted: boolean
    }
  | {
      readonly method: 'two-sided-read'
      readonly grade: 'read'
      readonly algorithm: KnownAlgorithm
      /** What tells whether the bytes of a side are those that it stored: computed too, so that a rotten side can be named. */
      readonly telling: Readonly<Record<PairSide, readonly Measure[]>>
    }
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
 * The cheapest permitted proofs for one pair, in the order of design section 5: a digest that both sides store or that follows
 * from those of parts, then sizes where policy is content with them, then reading one side, then both. Pure: the only place that
 * decides evidence.
 */
export const planProofs = (ours: SideFacts, theirs: SideFacts, policy: PlanPolicy): ProofPlan => {
  const [reference, subject] = [derivable(ours), derivable(theirs)]
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

const derivable = (side: SideFacts): SideFacts => {
  const digests = withDerived(side.digests, side.size)
  return digests === side.digests ? side : { ...side, digests }
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

const commonDigests = (reference: SideFacts, subject: SideFacts, policy: PlanPolicy): Proof[] => {
  const found: (Proof & { method: 'digest' })[] = []
  for (const a of reference.digests) {
    for (const b of subject.digests) {
      if (!comparable(a, b)) continue
      const trusted = (accuses(a) || policy.ownDigests === true) && accuses(b) && sameLayout(a, b)
      found.push({ method: 'digest', grade: pairGrade(a, b, policy), reference: a, subject: b, trusted })
    }
  }
  return found.sort(
    (x, y) => better(x, y, x.reference.algorithm, y.reference.algorithm) || Number(isDerived(x)) - Number(isDerived(y)),
  )
}

const isDerived = (proof: Proof & { method: 'digest' }): boolean =>
  [proof.reference, proof.subject].some(({ derived }) => derived !== undefined)

/** How two digests decide a pair: one that was computed in this run stands for a side that was read, whenever that was. */
export const methodOfDigests = (a: Digest, b: Digest): ProofMethod => {
  const read = [a, b].filter(({ provenance }) => provenance === 'computed').length
  if (read > 0) return read === 2 ? 'two-sided-read' : 'one-sided-read'
  return a.derived !== undefined || b.derived !== undefined ? 'derived-digest' : 'digest'
}

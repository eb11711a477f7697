import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Digest } from '../digest/digest.js'
import { type AskableFacts, mayTell, requestsToAsk } from '../evidence/asking.js'
import { accuses, expectationGrade, isStrong } from '../evidence/digest-worth.js'
import { meetsGrade } from '../evidence/evidence.js'
import { recomputationOf } from '../evidence/part-sizes.js'
import type { PlanPolicy } from '../evidence/planner.js'
import { canRead } from '../evidence/read-proofs.js'
import type { OfferedDigest } from '../source/entry.js'

/** How often the sides of an equal pair are read at most: the reference first. */
export interface MostReads {
  readonly reads: readonly [number, number]
  /** Rounds of reading: what several pairs need of one side in the same round is read once. */
  readonly rounds: number
}

/**
 * The reads of a pair where nothing that proves only by being equal is what the bytes have: each such digest is tried, what a
 * place was asked for is tried after it, and in the end one read decides. The sides are taken to be equal: of sides that differ,
 * more is asked and read so that the rotten one can be named.
 */
export const mostReads = (reference: AskableFacts, subject: AskableFacts, policy: PlanPolicy): MostReads => {
  const [inVain, inVainToo] = [vainReads(reference, subject, policy), vainReads(subject, reference, policy)]
  return {
    reads: [inVain + lastRead(reference, subject), inVainToo + lastRead(subject, reference)],
    rounds: inVain + inVainToo + 1,
  }
}

/** Reads of a fixity check: all that is known is checked in one, and what `asked` tells after it in another. */
export const mostFixityReads = (asked: AskableFacts, policy: PlanPolicy): number =>
  Number(mayTell(asked, policy)) + 1 + Number(asked.digests.some(mayBeCut))

/**
 * Requests that asking one side takes at most: for its digests, and then for the sizes of the parts that are listed. Where a
 * place does not tell its parts in one answer, the object, a list of them and the first one are asked for, both times.
 */
export const mostRequests = (side: AskableFacts, policy: PlanPolicy): number => {
  if (!mayTell(side, policy)) return 0
  if (!inParts(side)) return requestsToAsk(side, policy)
  return 2 * WITH_FIRST_PART + requestsToAsk({ ...side, asked: 'digests' }, policy) - 1
}

const WITH_FIRST_PART = 3

const inParts = ({ digests, offers = [] }: AskableFacts): boolean =>
  digests.some(mayBeCut) || offers.some(({ coverage }) => coverage === 'parts')

/** Reads of `reader` against what the other side says, none of which decides. */
const vainReads = (reader: AskableFacts, other: AskableFacts, policy: PlanPolicy): number => {
  if (!canRead(reader.readCost)) return 0
  const isAsked = mayTell(other, policy)
  const ofListed = other.digests
    .filter((digest) => counts(digest, policy))
    .map((digest) => vainTries(digest, other, isAsked))
  const ofOffers = isAsked
    ? (other.offers ?? []).filter((offer) => counts({ ...offer, value: '' }, policy)).map(vainOffer)
    : []
  return [...ofListed, ...ofOffers].reduce((sum, tries) => sum + tries, 0)
}

const counts = (digest: Pick<Digest, 'algorithm' | 'provenance' | 'value'>, policy: PlanPolicy): boolean =>
  isKnownAlgorithm(digest.algorithm) &&
  isStrong(digest.algorithm, policy.strength) &&
  meetsGrade(expectationGrade(digest, policy), policy.require)

/** A layout of parts is guessed from their number, then from what the place tells of one, and then known. */
const vainTries = (digest: Digest, { size }: AskableFacts, isAsked: boolean): number => {
  const recomputation = recomputationOf(digest, size)
  if (recomputation?.certain === true) return accuses(digest) ? 0 : 1
  return Number(recomputation !== undefined) + (isAsked && mayBeCut(digest) ? 2 : 0)
}

const vainOffer = ({ coverage, provenance }: OfferedDigest): number =>
  (coverage === 'parts' ? 2 : 0) + (provenance === 'claimed' ? 1 : 0)

const mayBeCut = ({ coverage = 'full' }: Digest): boolean =>
  coverage !== 'full' && (coverage.sizes === undefined || coverage.inferred === true)

/** The read that decides: of both sides, or of one against a digest that accuses. */
const lastRead = (reader: AskableFacts, other: AskableFacts): number => {
  if (!canRead(reader.readCost)) return 0
  const mayAccuse = other.digests.some(accuses) || (other.offers ?? []).length > 0
  return Number(canRead(other.readCost) || mayAccuse)
}

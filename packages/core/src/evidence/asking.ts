import { isKnownAlgorithm } from '../digest/algorithms.js'
import { isCombinable } from '../digest/crc-combine.js'
import type { Digest } from '../digest/digest.js'
import type { OfferedDigest } from '../source/entry.js'
import type { Rates } from './cost/rates.js'
import { accuses } from './digest-worth.js'
import { meetsGrade } from './evidence.js'
import type { PlanPolicy, SideFacts } from './planner.js'

/** What a place was asked for about an object: its digests, and then the sizes of its parts at any cost. */
export type AskedFor = 'digests' | 'part-sizes'

/** What is known of one side, and what asking its place may add. */
export interface AskableFacts extends SideFacts {
  /** What asking may tell. Absent or empty: the place tells nothing of objects that it does not list. */
  readonly offers?: readonly OfferedDigest[] | undefined
  /** Whether `offers` are those of this object, as its listing tells, rather than what the place tells of most. */
  readonly offersAreOwn?: boolean | undefined
  /** What it was asked for before. */
  readonly asked?: AskedFor | undefined
  /** What requests and bytes cost. Default: nothing. */
  readonly rates?: Rates | undefined
}

/** Stands for a value that is not known yet, and is what it should be if the sides are equal. */
export const EXPECTED = 'expected'

/** Whether asking about this side may tell something that counts. */
export const mayTell = (side: AskableFacts, policy: PlanPolicy): boolean => {
  const { digests, asked, offers = [] } = side
  if (offers.length === 0) return false
  if (asked === undefined) {
    return digests.every((digest) => !accuses(digest) || !isOfWhole(digest)) && usefulOffers(side, policy).length > 0
  }
  const decides = (digest: Digest): boolean => isOfWhole(digest) && isKnownAlgorithm(digest.algorithm)
  if (asked !== 'digests' || digests.some((digest) => accuses(digest) && decides(digest))) return false
  return digests.some((digest) => accuses(digest) && lacksSizes(digest))
}

/** What a place may tell that is not known of the object, and that policy has a use for: a claim may be of none. */
const usefulOffers = ({ digests, offers = [] }: AskableFacts, policy: PlanPolicy): readonly OfferedDigest[] =>
  offers.filter(({ algorithm, provenance }) => {
    const isKnown = digests.some(
      (digest) =>
        digest.algorithm === algorithm &&
        digest.provenance === provenance &&
        digest.equalityOnly !== true &&
        isOfWhole(digest),
    )
    // A verification holds an object to its claims, whatever policy accepts.
    return !isKnown && (provenance !== 'claimed' || policy.fixity === true || meetsGrade('claimed', policy.require))
  })

const isOfWhole = ({ coverage = 'full' }: Digest): boolean => coverage === 'full'

const lacksSizes = ({ algorithm, coverage = 'full' }: Digest): boolean =>
  coverage !== 'full' &&
  isKnownAlgorithm(algorithm) &&
  coverage.parts > 1 &&
  (coverage.sizes === undefined || coverage.inferred === true)

/** Requests that asking about this side next takes: one, and one more where parts are told; then one for every part. */
export const requestsToAsk = (side: AskableFacts, policy: PlanPolicy): number => {
  if (side.asked !== undefined) {
    const parts = side.digests.map(({ coverage = 'full' }) => (coverage === 'full' ? 1 : coverage.parts))
    return Math.max(1, ...parts)
  }
  const inParts =
    usefulOffers(side, policy).some(({ coverage }) => coverage === 'parts') || side.digests.some(lacksSizes)
  return inParts ? 2 : 1
}

/** The side as it is expected once it was asked: everything told for certain, with values as they should be. */
export const afterAsking = (side: AskableFacts, policy: PlanPolicy): AskableFacts => {
  const { size = 0 } = side
  const certain = side.digests.map((digest): Digest => {
    const { equalityOnly: _, coverage = 'full', ...rest } = digest
    return lacksSizes(digest) && coverage !== 'full'
      ? { ...rest, coverage: { parts: coverage.parts, sizes: [size] } }
      : { ...rest, coverage }
  })
  if (side.asked !== undefined) return { ...side, digests: certain, asked: 'part-sizes' }
  // Who keeps one digest of parts keeps none of the whole by the same algorithm.
  const isThere = ({ algorithm, provenance }: OfferedDigest): boolean =>
    certain.some((digest) => digest.algorithm === algorithm && (isOfWhole(digest) || digest.provenance === provenance))
  const told = usefulOffers(side, policy)
    .filter((offer) => !isThere(offer))
    .flatMap(({ algorithm, coverage, provenance }): Digest[] => {
      const digest = { algorithm, value: EXPECTED, provenance }
      if (coverage !== 'parts') return [digest]
      const ofParts: Digest = { ...digest, coverage: { parts: 1, sizes: [size] } }
      return isCombinable(algorithm) ? [ofParts, { ...digest, derived: 'parts' }] : [ofParts]
    })
  return { ...side, digests: [...certain, ...told], asked: 'digests' }
}

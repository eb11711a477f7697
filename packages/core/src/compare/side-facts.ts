import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Digest } from '../digest/digest.js'
import type { AskableFacts, AskedFor } from '../evidence/asking.js'
import type { OfferedDigest } from '../source/entry.js'
import type { PlanContext } from './prove-context.js'
import type { ListedEntry, Party, Row, Scanned } from './row.js'

/** What is known of a side beyond its entry. */
export interface SideState {
  /** Whether core can read it as a file of this machine. */
  readonly local: boolean
  /** What its source was asked for. */
  readonly asked: AskedFor | undefined
}

/** What the planner is told of one side: what is known of its object, and what asking and reading it cost. */
export const factsOf = (
  { size, digests = NO_DIGESTS, scanned, archived, offers, storageClass }: ListedEntry,
  party: number,
  { local, asked }: SideState,
  context: PlanContext,
): AskableFacts => {
  const { traits, rates, sequential } = context.parties[party]!
  return {
    size,
    digests: scanned === undefined || sequential !== true ? digests : [...digests, ...computedOf(scanned)],
    // A verification never reads what it holds the objects against.
    readCost: context.fixity && party === 0 ? 'impossible' : archived === true ? 'archived' : traits.readCost,
    local,
    offers: isAskable(party, context) ? offersOf(offers, digests, context.parties[party]!) : undefined,
    offersAreOwn: offers !== undefined,
    asked,
    rates: rates(storageClass),
  }
}

const NO_DIGESTS: readonly Digest[] = []

const computedOf = (scanned: Scanned): readonly Digest[] =>
  Object.entries(scanned.digests)
    .filter(([algorithm]) => isKnownAlgorithm(algorithm))
    .map(([algorithm, value]) => ({ algorithm, value, provenance: 'computed' }))

/**
 * Whether asking this party for digests may tell more than its listing does. A fixity check reads the subject whatever it
 * stores: only the side that says what to expect is asked, the baseline or the object itself (whose entry stands twice).
 */
const isAskable = (party: number, { policy, fixity }: PlanContext): boolean =>
  policy.ownDigests === true ? party !== 0 : !fixity || party === 0

/**
 * What asking may tell: what the listing says of this object, and certainty about what it lists; else what the place tells of
 * most objects.
 */
const offersOf = (
  own: readonly OfferedDigest[] | undefined,
  digests: readonly Digest[],
  { traits }: Party,
): readonly OfferedDigest[] => {
  if (own === undefined) return traits.statDigests
  const listed = traits.statDigests.filter(({ algorithm }) =>
    digests.some((digest) => digest.algorithm === algorithm && !isCertain(digest)),
  )
  return [...own, ...listed]
}

const isCertain = ({ equalityOnly, coverage = 'full' }: Digest): boolean => equalityOnly !== true && coverage === 'full'

/** The same of a side of a row of which nothing was read yet. */
export const listedFacts = (row: Row, entry: ListedEntry, party: number, context: PlanContext): AskableFacts => {
  const local = context.parties[party]!.source.localFile?.(entry.ref) !== undefined
  return factsOf(entry, party, { local, asked: row.asked?.[party] }, context)
}

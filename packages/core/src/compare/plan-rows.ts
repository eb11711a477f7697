import { afterAsking, requestsToAsk } from '../evidence/asking.js'
import type { Grade, Outcome, ProofMethod } from '../evidence/evidence.js'
import { methodOfDigests, type PlanPolicy, type Proof, planProofs } from '../evidence/planner.js'
import { canRead } from '../evidence/read-proofs.js'
import type { Reason } from '../report/finding.js'
import { readRequests } from '../run/range-reader.js'
import type { PlaceTally } from './plan-tally.js'
import { prejudge } from './prejudge.js'
import type { PlanContext } from './prove-context.js'
import type { ListedEntry, Row } from './row.js'
import { takesRow } from './sampled-rows.js'
import { listedFacts } from './side-facts.js'
import { type FirstChoice, firstChoice } from './stat-digests.js'

/** How pairs would be decided, counted. */
export interface PairTally {
  pairs: number
  readonly decided: Partial<Record<Outcome, number>>
  readonly proofs: Partial<Record<ProofMethod, number>>
  readonly grades: Record<Grade, number>
  readonly unprovable: Partial<Record<Reason, number>>
  /** Pairs that a sample leaves out. */
  unsampled?: number
  bytesOfBothSides: number
  readonly readInstead: { objects: number; bytes: number }
}

export const createPairTally = (): PairTally => ({
  pairs: 0,
  decided: {},
  proofs: {},
  grades: { read: 0, stored: 0, claimed: 0, size: 0 },
  unprovable: {},
  bytesOfBothSides: 0,
  readInstead: { objects: 0, bytes: 0 },
})

/** By party: what a run is expected to do there, and what it does there at most. */
export interface PlaceTallies {
  readonly expected: readonly PlaceTally[]
  readonly atMost: readonly PlaceTally[]
}

/** Parties of a row that are to be asked, and to be read. */
interface Wanted {
  readonly ask: Set<number>
  readonly read: Set<number>
}

const nobody = (): Wanted => ({ ask: new Set(), read: new Set() })

/** Adds what a run would do for a row. What several pairs need of one side is done once. */
export const planRow = (row: Row, context: PlanContext, pairs: PairTally, places: PlaceTallies): void => {
  const policy = context.policyOf(row.key)
  const taken = takesRow(row, context)
  const [expected, atMost] = [nobody(), nobody()]
  const involved = new Set<number>()
  for (let subject = 1; subject < row.entries.length; subject++) {
    if (!isOpenPair(row, subject, policy, context, pairs)) continue
    if (!taken) {
      pairs.unsampled = (pairs.unsampled ?? 0) + 1
      continue
    }
    involved.add(0).add(subject)
    planPair(row, subject, policy, context, pairs, { expected, atMost })
  }
  for (const party of involved) pairs.bytesOfBothSides += sizeOf(row, party)
  add(expected, row, policy, context, places.expected)
  add(atMost, row, policy, context, places.atMost)
}

const sizeOf = (row: Row, party: number): number => row.entries[party]?.entry.size ?? 0

const increment = <N extends string>(counts: Partial<Record<N, number>>, name: N): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

const isOpenPair = (row: Row, subject: number, policy: PlanPolicy, context: PlanContext, pairs: PairTally): boolean => {
  const [reference, other] = [context.parties[0]!, context.parties[subject]!]
  const stale = reference.stale === true || other.stale === true
  const verdict = prejudge(row, reference, other, subject, policy)
  if (verdict === 'nothing' || verdict === undefined) return false
  pairs.pairs += 1
  if (stale) increment(pairs.unprovable, 'stale')
  else if (verdict === 'open') return true
  else increment(pairs.decided, verdict.outcome)
  return false
}

const planPair = (
  row: Row,
  subject: number,
  policy: PlanPolicy,
  context: PlanContext,
  pairs: PairTally,
  { expected, atMost }: { readonly expected: Wanted; readonly atMost: Wanted },
): void => {
  const first = firstChoice(row, subject, context)
  const proof = expectedProof(row, subject, first, policy, context)
  for (const party of first.ask) {
    expected.ask.add(party)
    atMost.ask.add(party)
  }
  if (first.readsInstead) {
    pairs.readInstead.objects += 1
    pairs.readInstead.bytes += sizeOf(row, subject)
  }
  if (proof === undefined) increment(pairs.unprovable, first.choice?.plan.reason ?? 'no-common-digest')
  else {
    increment(pairs.proofs, methodOf(proof))
    pairs.grades[proof.grade] += 1
  }
  const both = [0, subject].filter((party) => isReadable(row, party, context))
  // A verification reads what it verifies, whatever it says of itself.
  const reads = context.fixity ? both.filter((party) => party === subject) : readsOf(proof, subject)
  for (const party of reads) expected.read.add(party)
  for (const party of isCertain(proof, first) ? reads : both) atMost.read.add(party)
  if (isCertain(proof, first) || context.fixity) return
  for (const party of [0, subject]) {
    const side = row.entries[party]!.entry
    const { offers = [] } = listedFacts(row, side, party, context)
    if (offers.length > 0) atMost.ask.add(party)
  }
}

/** The proof that decides once sides were asked: the same as in `choice`, but for what is held against its own digests. */
const expectedProof = (
  row: Row,
  subject: number,
  { ask, choice }: FirstChoice,
  policy: PlanPolicy,
  context: PlanContext,
): Proof | undefined => {
  if (policy.ownDigests !== true) return choice?.proof
  const entry = row.entries[subject]!.entry
  const told = listedFacts(row, entry, subject, context)
  const subjectFacts = ask.length > 0 || told.digests.length === 0 ? afterAsking(told, policy) : told
  const reference = { ...listedFacts(row, entry, 0, context), digests: subjectFacts.digests }
  return planProofs(reference, subjectFacts, policy).proofs[0]
}

const methodOf = (proof: Proof): ProofMethod =>
  proof.method === 'digest' ? methodOfDigests(proof.reference, proof.subject) : proof.method

const readsOf = (proof: Proof | undefined, subject: number): readonly number[] => {
  switch (proof?.method) {
    case 'one-sided-read':
      return [proof.read === 'reference' ? 0 : subject]
    case 'two-sided-read':
    case 'bytes':
      return [0, subject]
    default:
      return []
  }
}

/** Whether nothing more can come of a pair than is expected: digests that accuse where they differ, bytes, or nothing at all. */
const isCertain = (proof: Proof | undefined, { ask }: FirstChoice): boolean => {
  if (ask.length > 0) return false
  switch (proof?.method) {
    case 'digest':
      return proof.trusted || proof.reference.value === proof.subject.value
    case 'one-sided-read':
      return proof.trusted
    default:
      return true
  }
}

const isReadable = (row: Row, party: number, context: PlanContext): boolean =>
  row.entries[party]?.entry.archived !== true && canRead(context.parties[party]!.traits.readCost)

const add = (
  { ask, read }: Wanted,
  row: Row,
  policy: PlanPolicy,
  context: PlanContext,
  places: readonly PlaceTally[],
): void => {
  const entryOf = (party: number): ListedEntry => row.entries[party]!.entry
  for (const party of ask) {
    const entry = entryOf(party)
    places[party]!.ask(entry.storageClass, requestsToAsk(listedFacts(row, entry, party, context), policy))
  }
  for (const party of read) {
    const entry = entryOf(party)
    const { traits } = context.parties[party]!
    places[party]!.read(entry.storageClass, readRequests(entry, traits.rangeReads), entry.size ?? 0)
  }
}

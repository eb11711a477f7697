import { type AskableFacts, requestsToAsk } from '../evidence/asking.js'
import type { Grade, Outcome, ProofMethod } from '../evidence/evidence.js'
import type { PlanPolicy } from '../evidence/planner.js'
import { canRead } from '../evidence/read-proofs.js'
import type { Reason } from '../report/finding.js'
import { readRequests } from '../run/range-reader.js'
import { mostFixityReads, mostReads, mostRequests } from './plan-most.js'
import { expectedProof, isCertain, methodOf, reasonOf } from './plan-proof.js'
import type { PlaceTally } from './plan-tally.js'
import { prejudge } from './prejudge.js'
import type { PlanContext } from './prove-context.js'
import type { ListedEntry, Row } from './row.js'
import { partiesRead } from './row-needs.js'
import { takesRow } from './sampled-rows.js'
import { listedFacts } from './side-facts.js'
import { firstChoice } from './stat-digests.js'

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

/** Requests that ask about the parties of a row, and how often they are read. */
interface Wanted {
  readonly ask: Map<number, number>
  readonly read: Map<number, number>
}

const nobody = (): Wanted => ({ ask: new Map(), read: new Map() })

/** The same at most, and what the reads of the reference come to over all pairs. */
interface WantedAtMost extends Wanted {
  ofReference: number
  rounds: number
}

/** What several pairs want of one party is wanted once. */
const want = (of: Map<number, number>, party: number, times: number): void => {
  of.set(party, Math.max(of.get(party) ?? 0, times))
}

/** Adds what a run would do for a row. What several pairs need of one side is done once. */
export const planRow = (row: Row, context: PlanContext, pairs: PairTally, places: PlaceTallies): void => {
  const policy = context.policyOf(row.key)
  const taken = takesRow(row, context)
  const expected = nobody()
  const atMost: WantedAtMost = { ...nobody(), ofReference: 0, rounds: 0 }
  const involved = new Set<number>()
  // Of every match both sides are asked for what is compared besides content.
  const matched = new Set<number>()
  const noteMatch = (subject: number): void => {
    if (context.metadata.length > 0) matched.add(0).add(subject)
  }
  for (let subject = 1; subject < row.entries.length; subject++) {
    const verdict = verdictOf(row, subject, policy, context, pairs)
    if (verdict === 'match') noteMatch(subject)
    if (verdict !== 'open') continue
    if (!taken) {
      pairs.unsampled = (pairs.unsampled ?? 0) + 1
      continue
    }
    involved.add(0).add(subject)
    if (planPair(row, subject, policy, context, pairs, { expected, atMost })) noteMatch(subject)
  }
  for (const party of matched) for (const { ask } of [expected, atMost]) ask.set(party, (ask.get(party) ?? 0) + 1)
  for (const party of involved) {
    if (couldBeRead(row, party, context)) pairs.bytesOfBothSides += sizeOf(row, party)
  }
  add(expected, row, context, places.expected)
  // Pairs read in step: what two of them want of the reference in one round is read once.
  want(atMost.read, 0, Math.min(atMost.ofReference, atMost.rounds))
  add(atMost, row, context, places.atMost)
}

const sizeOf = (row: Row, party: number): number => row.entries[party]?.entry.size ?? 0

const increment = <N extends string>(counts: Partial<Record<N, number>>, name: N): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

/** What the listings alone say of a pair; `nothing` where it has no finding. */
const verdictOf = (
  row: Row,
  subject: number,
  policy: PlanPolicy,
  context: PlanContext,
  pairs: PairTally,
): Outcome | 'open' | 'stale' | 'nothing' => {
  const [reference, other] = [context.parties[0]!, context.parties[subject]!]
  const stale = reference.stale === true || other.stale === true
  const verdict = prejudge(row, reference, other, subject, policy)
  if (verdict === 'nothing' || verdict === undefined) return 'nothing'
  pairs.pairs += 1
  if (stale) {
    increment(pairs.unprovable, 'stale')
    return 'stale'
  }
  if (verdict !== 'open') increment(pairs.decided, verdict.outcome)
  return verdict === 'open' ? 'open' : verdict.outcome
}

/** Adds what a pair takes. Whether it is expected to match. */
const planPair = (
  row: Row,
  subject: number,
  policy: PlanPolicy,
  context: PlanContext,
  pairs: PairTally,
  { expected, atMost }: { readonly expected: Wanted; readonly atMost: WantedAtMost },
): boolean => {
  const first = firstChoice(row, subject, context)
  const proof = expectedProof(row, subject, first, policy, context)
  for (const party of first.ask) {
    const { entry } = row.entries[party]!
    const requests = requestsToAsk(listedFacts(row, entry, party, context), policy)
    want(expected.ask, party, requests)
    want(atMost.ask, party, requests)
  }
  if (first.readsInstead) {
    pairs.readInstead.objects += 1
    pairs.readInstead.bytes += sizeOf(row, subject)
  }
  if (proof === undefined) increment(pairs.unprovable, reasonOf(row, subject, first, context))
  else {
    increment(pairs.proofs, methodOf(proof))
    pairs.grades[proof.grade] += 1
  }
  const both = [0, subject].filter((party) => isReadable(row, party, context))
  // A verification reads what it verifies, whatever it says of itself.
  const reads = context.fixity ? both.filter((party) => party === subject) : partiesRead(proof, subject)
  for (const party of reads) want(expected.read, party, 1)
  const isSettled = isCertain(proof, first) && (proof !== undefined || !context.fixity)
  if (isSettled) addMost(atMost, subject, [Number(reads.includes(0)), Number(reads.includes(subject))], 1)
  else planMost(row, subject, policy, context, atMost)
  return proof !== undefined
}

const addMost = (
  atMost: WantedAtMost,
  subject: number,
  [reference, other]: readonly [number, number],
  rounds: number,
): void => {
  want(atMost.read, subject, other)
  atMost.ofReference += reference
  atMost.rounds = Math.max(atMost.rounds, rounds)
}

/** Adds what comes of a pair at most where nothing is certain. */
const planMost = (row: Row, subject: number, policy: PlanPolicy, context: PlanContext, atMost: WantedAtMost): void => {
  const factsOf = (party: number): AskableFacts => listedFacts(row, row.entries[party]!.entry, party, context)
  const [reference, other] = [factsOf(0), factsOf(subject)]
  for (const [party, facts] of [
    [0, reference],
    [subject, other],
  ] as const) {
    want(atMost.ask, party, mostRequests(facts, policy))
  }
  if (context.fixity) {
    const reads = mostFixityReads(policy.ownDigests === true ? other : reference, policy)
    addMost(atMost, subject, [0, isReadable(row, subject, context) ? reads : 0], reads)
    return
  }
  const most = mostReads(reference, other, policy)
  addMost(atMost, subject, most.reads, most.rounds)
}

/** Whether reading both sides would read it: what a verification holds objects against has no bytes that count. */
const couldBeRead = (row: Row, party: number, context: PlanContext): boolean =>
  context.parties[party]!.sequential === true || (isReadable(row, party, context) && !(context.fixity && party === 0))

const isReadable = (row: Row, party: number, context: PlanContext): boolean =>
  row.entries[party]?.entry.archived !== true && canRead(context.parties[party]!.traits.readCost)

const add = ({ ask, read }: Wanted, row: Row, context: PlanContext, places: readonly PlaceTally[]): void => {
  const entryOf = (party: number): ListedEntry => row.entries[party]!.entry
  for (const [party, requests] of ask) {
    if (requests > 0) places[party]!.ask(entryOf(party).storageClass, requests)
  }
  for (const [party, times] of read) {
    if (times === 0) continue
    const entry = entryOf(party)
    const { traits } = context.parties[party]!
    places[party]!.read(entry.storageClass, times * readRequests(entry, traits.rangeReads), times * (entry.size ?? 0))
  }
}

import type { Proof } from '../evidence/planner.js'
import { widestDigest } from '../evidence/read-proofs.js'
import { judgeStale } from './dated.js'
import { type Judgement, judgeFailure, judgeRead, judgeStored } from './judge.js'
import { prejudge } from './prejudge.js'
import type { ProveContext } from './prove-context.js'
import type { JoinEntry, Row } from './row.js'
import { askOf, asksFirst } from './row-asks.js'
import { needFixity, takeTold } from './row-fixity.js'
import { measureEntropy, register, registerTelling } from './row-needs.js'
import {
  type Difference,
  filesOf,
  isSameFile,
  type Pair,
  partyOf,
  planOf,
  type ReadProof,
  type RowWork,
  scannedOf,
} from './row-state.js'
import { takesRow } from './sampled-rows.js'
import { undecided } from './undecided.js'

export const openRow = (row: Row, context: ProveContext): RowWork => {
  const pairs: Pair[] = []
  for (let subject = 1; subject < context.parties.length; subject++) pairs.push(newPair(subject))
  const work: RowWork = {
    row,
    policy: context.policyOf(row.key),
    sampled: takesRow(row, context),
    files: filesOf(row, context),
    observed: row.entries.map((side, i) => scannedOf(side, i, context)),
    needs: new Array<undefined>(row.entries.length).fill(undefined),
    pairs,
    ask: new Set(),
    restarts: 0,
  }
  for (const pair of pairs) beginPair(work, pair, context)
  return work
}

const newPair = (subject: number): Pair => ({
  subject,
  judgement: undefined,
  plan: undefined,
  next: 0,
  claimDiffered: false,
  differing: undefined,
})

/** Starts the row over with fresh entries, forgetting what was read. */
export const reopenRow = (work: RowWork, entries: readonly (JoinEntry | undefined)[], context: ProveContext): void => {
  work.restarts += 1
  work.row = { ...work.row, entries }
  work.files = filesOf(work.row, context)
  entries.forEach((side, i) => {
    work.observed[i] = scannedOf(side, i, context)
  })
  work.needs.fill(undefined)
  work.ask.clear()
  for (const pair of work.pairs) {
    Object.assign(pair, newPair(pair.subject))
    beginPair(work, pair, context)
  }
}

/** Decides the pair if nothing must be read for it, else registers what must be. */
const beginPair = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const { parties } = context
  if (parties[0]!.stale === true || parties[pair.subject]!.stale === true) {
    const present = [0, pair.subject].filter((side) => work.row.entries[side] !== undefined)
    pair.judgement = present.length === 0 ? 'nothing' : judgeStale(present.map((side) => partyOf(work, side, context)))
    return
  }
  const first = prejudge(work.row, parties[0]!, parties[pair.subject]!, pair.subject, work.policy)
  if (first !== 'open') {
    pair.judgement = first
    // Another size decides; how what changed looks now can still be measured.
    if (first !== 'nothing' && first?.reason === 'size') measureEntropy(work, pair, context)
    return
  }
  if (!work.sampled) {
    pair.judgement = 'nothing'
    return
  }
  const failed = [0, pair.subject].find((side) => work.observed[side]?.error !== undefined)
  if (failed !== undefined) {
    const sides = [partyOf(work, 0, context), partyOf(work, pair.subject, context)]
    pair.judgement = judgeFailure(parties[failed]!.name, work.observed[failed]!.error!, 'read-failed', sides)
    return
  }
  pair.plan = planOf(work, pair.subject, context)
  advance(work, pair, context)
}

const advance = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const plan = pair.plan!
  if (context.fixity) {
    needFixity(work, pair, plan, context)
    return
  }
  for (;;) {
    const proof = withKnownDigest(work, plan.proofs[pair.next])
    if (proof === undefined) {
      pair.judgement = undecided(work, pair, context)
      return
    }
    const reference = partyOf(work, 0, context)
    const subject = partyOf(work, pair.subject, context)
    if (proof.method === 'digest' || proof.method === 'size') {
      const judgement = judgeStored(proof, reference, subject, context.record)
      if (judgement !== undefined) {
        pair.judgement = isSameFile(work, pair.subject) ? { ...judgement, notes: ['same-file'] } : judgement
        return
      }
    } else {
      if (register(work, pair, proof, context)) return
      // Everything it needs was read for a proof before it.
      pair.judgement = judgeRead(proof, reference, subject, context.record)
      if (pair.judgement !== undefined) return
    }
    pair.claimDiffered = true
    pair.next += 1
    if (asksFirst(work, pair, context)) return
    // Sizes cannot outweigh digests that differ.
    while (plan.proofs[pair.next]?.method === 'size') pair.next += 1
  }
}

/** Both sides are compared by a digest that was computed of the reference before, if there is one: so it is read once. */
const withKnownDigest = (work: RowWork, proof: Proof | undefined): Proof | undefined => {
  const known = work.observed[0]?.digests
  if (proof?.method !== 'two-sided-read' || known === undefined || proof.algorithm in known) return proof
  const algorithm = widestDigest(Object.keys(known), work.policy.strength)
  return algorithm === undefined ? proof : { ...proof, algorithm }
}

/**
 * Goes on with the pairs that waited for an answer, from the start of what can now be planned. What was read stays; a claim
 * that differed counts only if it is still made.
 */
export const resumeRow = (work: RowWork, row: Row, context: ProveContext): void => {
  work.row = row
  work.ask.clear()
  work.needs.fill(undefined)
  for (const pair of work.pairs) {
    if (pair.judgement !== undefined) continue
    if (pair.differing === undefined)
      beginPair(work, Object.assign(pair, { next: 0, plan: undefined, claimDiffered: false }), context)
    else nameRotten(work, pair, pair.differing, context)
  }
}

/**
 * Judges a difference once its sides were asked. Digests that were not computed when the sides were read may tell which is
 * rotten: they are read once more. Differences are rare, and what was found stays found.
 */
const nameRotten = (work: RowWork, pair: Pair, { proof }: Difference, context: ProveContext): void => {
  const judgement = judgePair(work, pair, proof, context)
  const again = planOf(work, pair.subject, context).proofs.find(({ method }) => method === 'two-sided-read')
  const unnamed = judgement !== undefined && isUnnamed(proof, judgement)
  if (unnamed && again !== undefined && registerTelling(work, pair, again, context)) return
  if (unnamed && askOf(work, pair, context)) return
  pair.judgement = judgement
}

const judgePair = (work: RowWork, pair: Pair, proof: ReadProof, context: ProveContext): Judgement =>
  judgeRead(proof, partyOf(work, 0, context), partyOf(work, pair.subject, context), context.record)

/** Judges every pair whose reads have been made. Call after `observed` was filled for all `needs`. */
export const concludeReads = (work: RowWork, context: ProveContext): void => {
  work.needs.fill(undefined)
  for (const pair of work.pairs) {
    if (pair.judgement !== undefined) {
      addMeasured(work, pair, context)
      continue
    }
    const reference = partyOf(work, 0, context)
    const subject = partyOf(work, pair.subject, context)
    const failed = [reference, subject].find((side) => side.observed?.error !== undefined)
    if (pair.differing !== undefined) {
      const { proof, judgement } = pair.differing
      const now = failed === undefined ? judgePair(work, pair, proof, context) : judgement
      const unnamed = now !== undefined && isUnnamed(proof, now)
      if (!unnamed || !askOf(work, pair, context)) pair.judgement = now
    } else if (failed !== undefined) {
      pair.judgement = judgeFailure(failed.name, failed.observed!.error!, 'read-failed', [reference, subject])
    } else if (context.fixity) {
      takeTold(work, pair, context)
      pair.plan = planOf(work, pair.subject, context)
      needFixity(work, pair, pair.plan, context)
    } else {
      const proof = withKnownDigest(work, pair.plan!.proofs[pair.next]) as ReadProof
      const judgement = judgeRead(proof, reference, subject, context.record)
      if (judgement === undefined) {
        pair.claimDiffered = true
        pair.next += 1
        if (!asksFirst(work, pair, context)) advance(work, pair, context)
      } else if (isUnnamed(proof, judgement) && askOf(work, pair, context)) pair.differing = { proof, judgement }
      else pair.judgement = judgement
    }
  }
}

/** A difference between two sides that were read, of which nothing tells yet which one is rotten. */
const isUnnamed = (proof: ReadProof, { outcome, rotten, reason }: NonNullable<Judgement>): boolean =>
  proof.method === 'two-sided-read' && outcome === 'mismatch' && reason === 'digest' && rotten === undefined

/** Adds what was measured of a pair that was decided before. */
const addMeasured = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const entropy = work.observed[pair.subject]?.digests?.['entropy']
  if (entropy === undefined || pair.judgement === undefined || pair.judgement === 'nothing') return
  const { name } = context.parties[pair.subject]!
  const side = {
    ...pair.judgement.sides?.[name],
    entropy: Number(entropy),
    bytesRead: work.observed[pair.subject]!.bytesRead,
  }
  pair.judgement = { ...pair.judgement, sides: { ...pair.judgement.sides, [name]: side } }
}

/** Whether anything of the row is still to be asked or read. */
export const isOpen = (work: RowWork): boolean => work.ask.size > 0 || work.needs.some((need) => need !== undefined)

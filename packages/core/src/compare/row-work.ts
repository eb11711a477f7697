import type { Measure } from '../digest/digest.js'
import { canRead, type Proof, type ProofPlan } from '../evidence/planner.js'
import { fixityProofs, judgeFixity } from './fixity.js'
import { type Judgement, judgeFailure, judgeRead, judgeStored } from './judge.js'
import { prejudge } from './prejudge.js'
import type { ProveContext } from './prove-context.js'
import type { JoinEntry, Row } from './row.js'
import {
  entryOf,
  filesOf,
  isSameFile,
  type Pair,
  partyOf,
  planOf,
  type RowWork,
  type SideNeed,
  scannedOf,
} from './row-state.js'
import { pairSides } from './side-evidence.js'

export const openRow = (row: Row, context: ProveContext): RowWork => {
  const pairs: Pair[] = []
  for (let subject = 1; subject < context.parties.length; subject++) pairs.push(newPair(subject))
  const work: RowWork = {
    row,
    files: filesOf(row, context),
    observed: row.entries.map((side, i) => scannedOf(side, i, context)),
    needs: new Array<undefined>(row.entries.length).fill(undefined),
    pairs,
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
  for (const pair of work.pairs) {
    Object.assign(pair, newPair(pair.subject))
    beginPair(work, pair, context)
  }
}

/** Decides the pair if nothing must be read for it, else registers what must be. */
const beginPair = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const { parties, policy } = context
  const first = prejudge(work.row, parties[0]!, parties[pair.subject]!, pair.subject, policy)
  if (first !== 'open') {
    pair.judgement = first
    // Another size decides; how what changed looks now can still be measured.
    if (first !== 'nothing' && first?.reason === 'size') measureEntropy(work, pair, context)
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
    const proof = plan.proofs[pair.next]
    if (proof === undefined) {
      pair.judgement = undecided(work, pair, context)
      return
    }
    if (proof.method !== 'digest' && proof.method !== 'size') {
      register(work, pair, proof, context)
      return
    }
    const judgement = judgeStored(
      proof,
      partyOf(work, 0, context),
      partyOf(work, pair.subject, context),
      context.record,
    )
    if (judgement !== undefined) {
      pair.judgement = isSameFile(work, pair.subject) ? { ...judgement, notes: ['same-file'] } : judgement
      return
    }
    pair.claimDiffered = true
    pair.next += 1
    // Sizes cannot outweigh digests that differ.
    while (plan.proofs[pair.next]?.method === 'size') pair.next += 1
  }
}

const undecided = (work: RowWork, pair: Pair, context: ProveContext): NonNullable<Judgement> => ({
  outcome: 'unverifiable',
  reason: pair.claimDiffered ? 'claim-differs' : (pair.plan?.reason ?? 'no-common-digest'),
  method: 'none',
  sides: pairSides(partyOf(work, 0, context), partyOf(work, pair.subject, context)),
})

/** Has the entropy of the subject measured, where it is asked for or where the baseline recorded one to compare with. */
const measureEntropy = (work: RowWork, pair: Pair, context: ProveContext): void => {
  const wanted = context.entropy || (context.drift && entryOf(work, 0).entropy !== undefined)
  if (!wanted || !canRead(context.parties[pair.subject]!.traits.readCost)) return
  needOf(work, pair.subject, context).algorithms.add('entropy')
}

const needOf = (work: RowWork, side: number, context: ProveContext): SideNeed => {
  work.needs[side] ??= { algorithms: new Set<Measure>(context.record), compare: false }
  return work.needs[side]
}

const register = (work: RowWork, pair: Pair, proof: Proof, context: ProveContext): void => {
  const need = (side: number): SideNeed => needOf(work, side, context)
  switch (proof.method) {
    case 'bytes':
      need(0)
      need(pair.subject).compare = true
      break
    case 'two-sided-read':
      need(0).algorithms.add(proof.algorithm)
      need(pair.subject).algorithms.add(proof.algorithm)
      break
    case 'one-sided-read':
      need(proof.read === 'reference' ? 0 : pair.subject).algorithms.add(proof.algorithm)
      break
  }
}

/**
 * A verification reads every object once and checks every digest it can, whatever policy accepts. What has no digest is
 * read all the same where it can be: damage that the device reports is found, and digests are recorded when asked for.
 */
const needFixity = (work: RowWork, pair: Pair, plan: ProofPlan, context: ProveContext): void => {
  const proofs = fixityProofs(plan)
  if (work.observed[pair.subject] !== undefined) {
    const [reference, subject] = [partyOf(work, 0, context), partyOf(work, pair.subject, context)]
    pair.judgement = judgeFixity(proofs, plan, reference, subject, context.record)
    return
  }
  const reads = proofs.filter((proof) => proof.method === 'one-sided-read')
  measureEntropy(work, pair, context)
  for (const proof of reads) register(work, pair, proof, context)
  if (reads.length > 0) return
  const { readCost } = context.parties[pair.subject]!.traits
  if (canRead(readCost)) needOf(work, pair.subject, context)
  else pair.judgement = undecided(work, pair, context)
}

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
    if (failed !== undefined) {
      pair.judgement = judgeFailure(failed.name, failed.observed!.error!, 'read-failed', [reference, subject])
    } else if (context.fixity) {
      const plan = pair.plan!
      pair.judgement = judgeFixity(fixityProofs(plan), plan, reference, subject, context.record)
    } else {
      const proof = pair.plan!.proofs[pair.next] as Proof & { method: 'one-sided-read' | 'two-sided-read' | 'bytes' }
      pair.judgement = judgeRead(proof, reference, subject, context.record)
      if (pair.judgement === undefined) {
        pair.claimDiffered = true
        pair.next += 1
        advance(work, pair, context)
      }
    }
  }
}

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

/** Whether anything of the row is still to be read. */
export const isOpen = (work: RowWork): boolean => work.needs.some((need) => need !== undefined)

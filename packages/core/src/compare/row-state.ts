import type { Measure } from '../digest/digest.js'
import type { AskableFacts } from '../evidence/asking.js'
import { type PlanPolicy, type Proof, type ProofPlan, planProofs } from '../evidence/planner.js'
import type { Observation } from '../run/object-reader.js'
import type { LocalFile } from '../source/backup-source.js'
import type { Judgement } from './judge.js'
import type { ProveContext } from './prove-context.js'
import type { JoinEntry, ListedEntry, Row } from './row.js'
import type { PairParty } from './side-evidence.js'
import { factsOf } from './side-facts.js'

/** What must be read of one side of a row. */
export interface SideNeed {
  readonly algorithms: Set<Measure>
  /** Compare its bytes with those of the reference (both are local files). */
  compare: boolean
}

export type ReadProof = Proof & { readonly method: 'one-sided-read' | 'two-sided-read' | 'bytes' }

/** One (reference, subject) pair of a row on its way to a finding. */
export interface Pair {
  readonly subject: number
  judgement: NonNullable<Judgement> | 'nothing' | undefined
  plan: ProofPlan | undefined
  next: number
  claimDiffered: boolean
  /** A difference that reading found, while it is looked for what tells which side is rotten. */
  differing: Difference | undefined
}

/** A difference, and the proof that found it. */
export interface Difference {
  readonly proof: ReadProof
  readonly judgement: NonNullable<Judgement>
}

/** One row being proven: what must be read next, and what was concluded. */
export interface RowWork {
  /** Replaced when its sides are looked at again. */
  row: Row
  /** What counts for this key. */
  readonly policy: PlanPolicy
  /** Whether it is proven, where only a sample is. */
  readonly sampled: boolean
  /** By party: the object as a file of this machine, where it is one. */
  files: readonly (LocalFile | undefined)[]
  readonly observed: (Observation | undefined)[]
  /** By party: what the pairs that are still open wait for. */
  readonly needs: (SideNeed | undefined)[]
  readonly pairs: readonly Pair[]
  /** Parties that are to be asked for more digests before the pairs that are still open go on. */
  readonly ask: Set<number>
  /** Times the row was started over because an object changed or a local read failed in passing. */
  restarts: number
}

/** The entry of a side that is there. */
export const entryOf = (work: RowWork, side: number): ListedEntry => work.row.entries[side]!.entry

/** Pairs of which nothing is known but sizes all have the same plan: it is made once. */
export const planOf = (work: RowWork, subject: number, context: ProveContext): ProofPlan => {
  const plan = (): ProofPlan => planProofs(sideFacts(work, 0, context), sideFacts(work, subject, context), work.policy)
  if (!isPlain(entryOf(work, 0)) || !isPlain(entryOf(work, subject))) return plan()
  const plans = context.plainPlans.get(work.policy) ?? []
  context.plainPlans.set(work.policy, plans)
  const slot = subject * 4 + (work.files[0] !== undefined ? 2 : 0) + (work.files[subject] !== undefined ? 1 : 0)
  plans[slot] ??= plan()
  return plans[slot]
}

/** Nothing is known of it but its size. */
const isPlain = ({ size, digests, scanned, archived }: ListedEntry): boolean =>
  size !== undefined && (digests === undefined || digests.length === 0) && scanned === undefined && archived !== true

export const sideFacts = (work: RowWork, side: number, context: ProveContext): AskableFacts =>
  factsOf(entryOf(work, side), side, { local: work.files[side] !== undefined, asked: work.row.asked?.[side] }, context)

/** What was read of an entry of a sequential source before it was joined. */
export const scannedOf = (side: JoinEntry | undefined, i: number, context: ProveContext): Observation | undefined => {
  const scanned = context.parties[i]!.sequential === true ? side?.entry.scanned : undefined
  if (scanned === undefined) return undefined
  const { bytes: bytesRead, digests, error } = scanned
  return { bytesRead, size: side!.entry.size, digests, ...(error !== undefined && { error }) }
}

export const filesOf = (row: Row, context: ProveContext): (LocalFile | undefined)[] =>
  row.entries.map((side, i) =>
    side?.entry.kind === 'object' ? context.parties[i]!.source.localFile?.(side.entry.ref) : undefined,
  )

/** Whether both sides were listed as one file. Reading finds out by itself; this is for pairs of which nothing is read. */
export const isSameFile = (work: RowWork, subject: number): boolean => {
  const a = work.files[0]?.pin
  const b = work.files[subject]?.pin
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

export const partyOf = (work: RowWork, side: number, context: ProveContext): PairParty => ({
  name: context.parties[side]!.name,
  entry: entryOf(work, side),
  observed: work.observed[side],
})

import pLimit from 'p-limit'
import type * as Describing from '../../../src/compare/describe-sides.js'
import type { Join } from '../../../src/compare/join.js'
import type * as Judging from '../../../src/compare/judge.js'
import type { Judgement } from '../../../src/compare/judge.js'
import type { ProveContext } from '../../../src/compare/prove-context.js'
import type { ListedEntry, Party, Row } from '../../../src/compare/row.js'
import type { PairParty } from '../../../src/compare/side-evidence.js'
import type * as Facts from '../../../src/compare/side-facts.js'
import type * as Asking from '../../../src/compare/stat-digests.js'
import type { Measure } from '../../../src/digest/digest.js'
import type { AskableFacts } from '../../../src/evidence/asking.js'
import type * as Choosing from '../../../src/evidence/choice.js'
import { NOMINAL_RATES, ratesOf } from '../../../src/evidence/cost/rates.js'
import type { Grade } from '../../../src/evidence/evidence.js'
import type * as Planning from '../../../src/evidence/planner.js'
import type { Proof, ProofPlan } from '../../../src/evidence/planner.js'
import { createMeter } from '../../../src/run/meter.js'
import { retryPolicy } from '../../../src/run/retry.js'
import type { BackupSource } from '../../../src/source/backup-source.js'
import type { Content } from './content.js'
import { SIZE } from './content.js'
import type { Place } from './places.js'

/** What decides on evidence: of the sources, or of sources with a fault. */
export type Deciders = Pick<typeof Choosing, 'choose'> &
  Pick<typeof Planning, 'planProofs'> &
  Pick<typeof Judging, 'judgeRead' | 'judgeStored'> &
  Pick<typeof Facts, 'factsOf'> &
  Pick<typeof Describing, 'scanAlgorithms'> &
  Pick<typeof Asking, 'askedRow'>

export type ReadSide = 'reference' | 'subject'

/** How a pair of equal objects comes to be proven. */
export interface Cell {
  /** Times that each side was asked. */
  readonly asked: readonly [reference: number, subject: number]
  readonly method: string
  readonly algorithm?: string | undefined
  readonly grade?: Grade | undefined
  /** Sides that were read, all reads together. */
  readonly read: readonly ReadSide[]
  /** Why no proof is permitted. */
  readonly reason?: string | undefined
  readonly outcome: string
  readonly plan: ProofPlan
}

/** Requests that are made at once, and counted by nobody. */
const REQUESTS = {
  gate: pLimit(1),
  signal: new AbortController().signal,
  meter: createMeter(),
  retry: retryPolicy({ attempts: 1 }),
}

const PAIR = ['reference', 'subject'] as const

/**
 * Goes the way of the engine (`withStatDigests`, then `advance` and `concludeReads` of a row) for one pair of equal objects, by
 * the functions that decide: what is asked, what is planned, what is read, and how it is judged.
 */
export const proveCell = async (
  engine: Deciders,
  content: Content,
  [reference, subject]: readonly [Place, Place],
  require: Grade,
): Promise<Cell> => {
  const policy = { require, strength: 'error-detecting' } as const
  const sides = [reference, subject] as const
  const parties = sides.map(partyOf)
  // What a join and a context are beyond these members decides nothing here.
  const context = { ...REQUESTS, parties, policy, fixity: false } as Partial<ProveContext> as ProveContext
  const measures = engine.scanAlgorithms({ policy, record: [] } as Partial<Join> as Join, parties)
  const listed = await Promise.all(sides.map((side) => listedOf(side, measures, content)))
  let row: Row = { key: 'a', entries: listed.map((entry) => ({ key: 'a', entry })) }
  const entryOf = (i: number): ListedEntry => row.entries[i]!.entry
  const times: [number, number] = [0, 0]
  const read = new Set<ReadSide>()
  const facts = (i: number): AskableFacts =>
    engine.factsOf(entryOf(i), i, { local: sides[i]!.local === true, asked: row.asked?.[i] }, context)
  const ask = async (which: readonly ReadSide[]): Promise<boolean> => {
    for (const side of which) times[PAIR.indexOf(side)]! += 1
    row = await engine.askedRow(row, new Set(which.map((side) => PAIR.indexOf(side))), context)
    return which.length > 0
  }
  const observed: { digests: Record<string, string>; bytesRead: number; size: number }[] = []
  const party = (i: number): PairParty => ({
    name: i === 0 ? 'source' : 'replica',
    entry: entryOf(i),
    ...(observed[i] !== undefined && { observed: observed[i] }),
  })
  const reading = async (i: number, wanted: readonly Measure[]): Promise<void> => {
    read.add(PAIR[i]!)
    observed[i] ??= { digests: {}, bytesRead: SIZE, size: SIZE }
    for (const measure of wanted) observed[i]!.digests[measure] = await content.measure(measure)
  }
  const judge = async (proof: Proof): Promise<Judgement> => {
    switch (proof.method) {
      case 'digest':
      case 'size':
        return engine.judgeStored(proof, party(0), party(1))
      case 'one-sided-read':
        await reading(PAIR.indexOf(proof.read), proof.measures)
        return engine.judgeRead(proof, party(0), party(1), [])
      case 'two-sided-read':
        for (const i of [0, 1]) await reading(i, [proof.algorithm])
        return engine.judgeRead(proof, party(0), party(1), [])
      case 'bytes':
        for (const i of [0, 1]) await reading(i, [])
        return engine.judgeRead(
          proof,
          party(0),
          { ...party(1), observed: { bytesRead: SIZE, size: SIZE, equal: true } },
          [],
        )
    }
  }
  if (require !== 'read') while (await ask(engine.choose(facts(0), facts(1), policy).ask));
  for (;;) {
    const plan = engine.planProofs(facts(0), facts(1), policy)
    let again = false
    for (let next = 0; next < plan.proofs.length && !again; ) {
      const proof = plan.proofs[next]!
      const judgement = await judge(proof)
      const how = { asked: times, read: [...read].sort(), plan }
      if (judgement !== undefined) {
        const { method, outcome, grade } = judgement
        return { ...how, method: String(method), outcome, grade, algorithm: algorithmOf(proof) }
      }
      next += 1
      again = await ask(engine.choose(facts(0), facts(1), policy, next).ask)
      while (plan.proofs[next]?.method === 'size') next += 1
    }
    if (again) continue
    const reason = plan.reason ?? 'claim-differs'
    return { asked: times, read: [...read].sort(), plan, method: 'none', outcome: 'unverifiable', reason }
  }
}

const algorithmOf = (proof: Proof): string | undefined => {
  if (proof.method !== 'digest' && proof.method !== 'one-sided-read') return undefined
  const { algorithm, coverage = 'full' } = proof.method === 'digest' ? proof.reference : proof.stored
  return coverage === 'full' ? algorithm : `${algorithm} of parts`
}

/** As `describeSides` makes it. */
const partyOf = ({ traits, listed, told }: Place, i: number): Party => {
  const sequential = traits.access === 'sequential'
  const rates = traits.readCost === 'paid' ? NOMINAL_RATES : ratesOf(traits)
  return {
    source: {
      stat: async (_, { want } = {}) => {
        const { offers: __, digests: ___, ...entry } = listed
        return { ...entry, digests: told?.[want?.includes('part-sizes') === true ? 'part-sizes' : 'digests'] }
      },
      // No decision here looks further into the source.
    } as Partial<BackupSource> as BackupSource,
    traits,
    name: i === 0 ? 'source' : 'replica',
    rates: () => rates,
    ...(sequential && { sequential }),
  }
}

/** The entry as it is joined: a sequential source was read before. */
const listedOf = async (
  { traits, listed }: Place,
  measures: readonly Measure[],
  content: Content,
): Promise<ListedEntry> => {
  if (traits.access !== 'sequential') return listed
  const values = await Promise.all(measures.map(async (one) => [one, await content.measure(one)] as const))
  return { ...listed, scanned: { bytes: SIZE, digests: Object.fromEntries(values) } }
}

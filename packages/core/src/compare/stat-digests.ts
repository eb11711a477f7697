import type { Digest } from '../digest/digest.js'
import { toBackupError } from '../errors.js'
import { type AskedFor, mayTell, requestsToAsk } from '../evidence/asking.js'
import { type Choice, choose } from '../evidence/choice.js'
import { recomputationOf } from '../evidence/part-sizes.js'
import { canRead } from '../evidence/read-proofs.js'
import { abortable } from '../run/abort.js'
import { isLarge } from '../run/range-reader.js'
import { withRetry } from '../run/retry.js'
import type { StatWant } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import type { PlanContext, ProveContext } from './prove-context.js'
import type { JoinEntry, ListedEntry, Row } from './row.js'
import { takesRow } from './sampled-rows.js'
import { listedFacts } from './side-facts.js'
import { checkedEntry } from './told-entry.js'

/**
 * Asks for the digests that a listing did not carry, where the source has some and they can spare a read: never when
 * the listing already proves the pair, never before a read that costs nothing and may prove it, never where reading is cheaper, and
 * never when policy wants the bytes read anyway.
 */
export const withStatDigests = async (rows: readonly Row[], context: ProveContext): Promise<readonly Row[]> => {
  if (!context.parties.some(({ traits }) => traits.statDigests.length > 0)) return rows
  const known = [...rows]
  let open = rows.map((_, i) => i)
  while (open.length > 0) {
    // What is asked is decided in the order of keys, before any answer comes.
    const asks = open.map((i) => ({ i, sides: firstAsks(known[i]!, context) })).filter(({ sides }) => sides.size > 0)
    const told = await Promise.all(asks.map(({ i, sides }) => askedRow(known[i]!, sides, context)))
    open = asks.map(({ i }) => i)
    for (const [at, i] of open.entries()) known[i] = told[at]!
  }
  return known
}

/** The row with what its sources tell of these sides now. */
export const askedRow = async (row: Row, sides: ReadonlySet<number>, context: ProveContext): Promise<Row> => {
  const entries = await Promise.all(
    row.entries.map((side, i) => {
      if (side === undefined || !sides.has(i)) return side
      return withDigests(side, i, row.asked?.[i] === undefined ? ['digests'] : ['digests', 'part-sizes'], context)
    }),
  )
  // The reference of a fixity check is the object's own entry.
  if (context.policy.ownDigests === true) entries[0] = entries[1]
  return {
    ...row,
    entries,
    asked: row.entries.map((_, i) => (sides.has(i) ? askedNext(row.asked?.[i]) : row.asked?.[i])),
  }
}

/** The row, of which nothing more is asked of these sides. */
export const withoutQuestions = (row: Row, sides: readonly number[]): Row =>
  sides.length === 0
    ? row
    : { ...row, asked: row.entries.map((_, i) => (sides.includes(i) ? 'part-sizes' : row.asked?.[i])) }

const askedNext = (before: AskedFor | undefined): AskedFor => (before === undefined ? 'digests' : 'part-sizes')

const NOBODY: ReadonlySet<number> = new Set()

/** The parties to ask about a row before anything of it is read, as far as that may be spent. */
const firstAsks = (row: Row, context: ProveContext): ReadonlySet<number> => {
  if (!takesRow(row, context)) return NOBODY
  let wanted: Set<number> | undefined
  for (let subject = 1; subject < row.entries.length; subject++) {
    const { ask, readsInstead } = firstChoice(row, subject, context)
    if (readsInstead) context.meter.readInstead()
    for (const side of ask) wanted = (wanted ?? new Set()).add(side)
  }
  return wanted === undefined ? NOBODY : affordable(wanted, row, context)
}

/** Those of the sides whose question may be spent. */
export const affordable = (sides: ReadonlySet<number>, row: Row, context: ProveContext): ReadonlySet<number> => {
  if (context.spending === undefined) return sides
  const { spending } = context
  const policy = context.policyOf(row.key)
  const may = [...sides].filter((side) => {
    const { entry } = row.entries[side]!
    return spending.ask(side, entry, requestsToAsk(listedFacts(row, entry, side, context), policy)) === undefined
  })
  return new Set(may)
}

/** What comes first for a pair, as far as its listings tell. */
export interface FirstChoice {
  /** Parties to ask before anything is read. */
  readonly ask: readonly number[]
  readonly readsInstead: boolean
  /** Absent where the pair is no matter of proofs: a side is not there, or sizes differ. */
  readonly choice?: Choice | undefined
}

const NOTHING_TO_ASK: FirstChoice = { ask: [], readsInstead: false }

/** What to ask before anything of a pair is read. */
export const firstChoice = (row: Row, subject: number, context: PlanContext): FirstChoice => {
  const [a, b] = [row.entries[0]?.entry, row.entries[subject]?.entry]
  if (a === undefined || b === undefined || !isWhole(a) || !isWhole(b)) return NOTHING_TO_ASK
  if (a.size !== undefined && b.size !== undefined && a.size !== b.size) return NOTHING_TO_ASK
  const policy = context.policyOf(row.key)
  const [reference, other] = [listedFacts(row, a, 0, context), listedFacts(row, b, subject, context)]
  if (context.fixity && policy.ownDigests === true) {
    // Reading an object tells its digests too. Asking first is for those of which nothing could be computed, and for those
    // that are read as ranges, which tell less.
    const inRanges = other.asked === undefined && isLarge(b) && context.parties[subject]!.traits.rangeReads
    const tellsNothing = !(b.digests ?? []).some((digest) => recomputationOf(digest, b.size) !== undefined)
    const isOfUse = other.asked === undefined || canRead(other.readCost)
    const asks = mayTell(other, policy) && (inRanges || tellsNothing) && isOfUse
    return { ask: asks ? [subject] : [], readsInstead: false, choice: choose(reference, other, policy) }
  }
  const choice = choose(reference, other, policy)
  // Policy wants the bytes whatever is told.
  if (policy.require === 'read' && !context.fixity) return { ...NOTHING_TO_ASK, choice }
  const ask = choice.ask.map((side) => (side === 'reference' ? 0 : subject))
  return { ask, readsInstead: choice.readsInstead, choice }
}

const isWhole = ({ kind, problem }: ListedEntry): boolean => kind === 'object' && problem === undefined

const withDigests = async (
  side: JoinEntry,
  party: number,
  want: readonly StatWant[],
  context: ProveContext,
): Promise<JoinEntry> => {
  const { signal, meter, retry } = context
  const { source } = context.parties[party]!
  try {
    const info = await context.gate(() =>
      withRetry(
        () => {
          meter.request('stat')
          const call = { want, signal, onRequest: meter.operation }
          return abortable(source.stat(side.entry.ref, call), signal)
        },
        { policy: retry, signal, onRetry: meter.retry },
      ),
    )
    return { ...side, entry: withListed(checkedEntry(info), side.entry) }
  } catch (error) {
    if (signal.aborted) throw error
    return {
      ...side,
      entry: { ...side.entry, problem: toBackupError(error, { operation: 'stat', subject: side.entry.key }).toJSON() },
    }
  }
}

/** What a listing told for certain and asking does not, as long as both speak of the same bytes. */
const withListed = (info: ObjectEntry, listed: ListedEntry): ListedEntry => {
  const told = info.digests ?? []
  const more = (listed.digests ?? []).filter(
    ({ algorithm, equalityOnly }) => equalityOnly !== true && !told.some((digest) => digest.algorithm === algorithm),
  )
  return more.length > 0 && isKnownState(listed, info) ? { ...info, digests: [...told, ...more] } : info
}

/** Whether a version, a validator or a time says that both are of the same bytes: silence does not. */
const isKnownState = (listed: ObjectEntry, now: ObjectEntry): boolean =>
  (['version', 'etag', 'modified'] as const).some((name) => listed[name] !== undefined && now[name] !== undefined) &&
  sameState(listed, now)

/** The digest with the layout of its parts, where the same one is known with it. */
export const withKnownParts = (digest: Digest, known: readonly Digest[]): Digest => {
  const { algorithm, value, coverage = 'full' } = digest
  if (coverage === 'full' || coverage.sizes !== undefined) return digest
  const cut = known
    .filter((one) => one.algorithm === algorithm && one.value === value)
    .map((one) => one.coverage ?? 'full')
    .find((parts) => parts !== 'full' && parts.parts === coverage.parts && parts.sizes !== undefined)
  return cut === undefined ? digest : { ...digest, coverage: cut }
}

/** Whether an entry still speaks of the same bytes: digests of another state must never be held against those that were read. */
export const sameState = (listed: ObjectEntry, now: ObjectEntry): boolean => {
  if (listed.size !== undefined && now.size !== undefined && listed.size !== now.size) return false
  if (listed.version !== undefined && now.version !== undefined) return listed.version === now.version
  if (listed.etag !== undefined && now.etag !== undefined) return listed.etag === now.etag
  return listed.modified === undefined || now.modified === undefined || listed.modified === now.modified
}

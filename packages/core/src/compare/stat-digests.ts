import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Digest } from '../digest/digest.js'
import { toBackupError } from '../errors.js'
import { accuses } from '../evidence/digest-worth.js'
import { meetsGrade } from '../evidence/evidence.js'
import { recomputationOf } from '../evidence/part-sizes.js'
import { planProofs } from '../evidence/planner.js'
import { canRead } from '../evidence/read-proofs.js'
import { abortable } from '../run/abort.js'
import { isLarge } from '../run/range-reader.js'
import { withRetry } from '../run/retry.js'
import type { StatWant } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import type { ProveContext } from './prove-context.js'
import type { AskedFor, JoinEntry, ListedEntry, Row } from './row.js'

/**
 * Asks for the digests that a listing did not carry, where the source has some and they can spare a read: never when
 * the listing already proves the pair, never before a read that costs nothing and may prove it, and never when policy wants
 * the bytes read anyway.
 */
export const withStatDigests = (
  rows: readonly Row[],
  context: ProveContext,
): Promise<readonly Row[]> | readonly Row[] => {
  if (!context.parties.some((_, i) => isAskable(i, context))) return rows
  if (context.policy.require === 'read' && !context.fixity) return rows
  return Promise.all(rows.map((row) => enrich(row, context)))
}

/**
 * Whether asking this party for digests may tell more than its listing does. A fixity check reads the subject whatever it
 * stores: only the side that says what to expect is asked, the baseline or the object itself (whose entry stands twice).
 */
export const isAskable = (party: number, { parties, policy, fixity }: ProveContext): boolean => {
  const asked = policy.ownDigests === true ? party !== 0 : !fixity || party === 0
  return asked && parties[party]!.traits.statDigests.length > 0
}

/**
 * Whether it may be worth asking about this side: it was not yet, and what is known of it does not accuse; or all that it
 * lacks to accuse are the sizes of its parts.
 */
export const mayTellMore = (row: Row, party: number, context: ProveContext): boolean => {
  const side = row.entries[party]
  if (side === undefined || !isAskable(party, context)) return false
  if (side.entry.kind !== 'object' || side.entry.problem !== undefined) return false
  const digests = side.entry.digests ?? []
  const before = row.asked?.[party]
  if (before === undefined) {
    return digests.every((digest) => !accuses(digest) || !isOfWhole(digest)) && offersMore(digests, party, context)
  }
  const decides = ({ algorithm, coverage = 'full' }: Digest): boolean =>
    coverage === 'full' && isKnownAlgorithm(algorithm)
  if (before !== 'digests' || digests.some((digest) => accuses(digest) && decides(digest))) return false
  return digests.some((digest) => accuses(digest) && lacksSizes(digest))
}

const isOfWhole = ({ coverage = 'full' }: Digest): boolean => coverage === 'full'

/** Whether a place may tell a digest that is not known of the object, and that policy has a use for: a claim may be of none. */
const offersMore = (digests: readonly Digest[], party: number, { parties, policy, fixity }: ProveContext): boolean =>
  parties[party]!.traits.statDigests.some(({ algorithm, provenance }) => {
    const isKnown = digests.some(
      (digest) =>
        digest.algorithm === algorithm &&
        digest.provenance === provenance &&
        digest.equalityOnly !== true &&
        isOfWhole(digest),
    )
    // A verification holds an object to its claims, whatever policy accepts.
    return !isKnown && (provenance !== 'claimed' || fixity || meetsGrade('claimed', policy.require))
  })

const lacksSizes = ({ algorithm, coverage = 'full' }: Digest): boolean =>
  coverage !== 'full' &&
  isKnownAlgorithm(algorithm) &&
  coverage.parts > 1 &&
  (coverage.sizes === undefined || coverage.inferred === true)

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

/** Sizes of parts, which may cost a request each, only help where that can be read which is to have the same digest. */
const isOfUse = (row: Row, side: number, subject: number, context: ProveContext): boolean => {
  if (row.asked?.[side] === undefined) return true
  const reader = context.policy.ownDigests === true || side === 0 ? subject : 0
  const entry = row.entries[reader]?.entry
  return entry !== undefined && canRead(factsOf(entry, reader, context).readCost)
}

const askedNext = (before: AskedFor | undefined): AskedFor => (before === undefined ? 'digests' : 'part-sizes')

const enrich = async (row: Row, context: ProveContext): Promise<Row> => {
  const wanted = new Set<number>()
  for (let subject = 1; subject < row.entries.length; subject++) {
    const sides = [0, subject].filter((side) => mayTellMore(row, side, context) && isOfUse(row, side, subject, context))
    if (sides.length > 0 && isWorthAsking(row, subject, context)) for (const side of sides) wanted.add(side)
  }
  return wanted.size === 0 ? row : enrich(await askedRow(row, wanted, context), context)
}

/** Whether the pair has both sides, could be equal, and cannot be decided by what the listings tell or by a read that is free. */
const isWorthAsking = (row: Row, subject: number, context: ProveContext): boolean => {
  const [a, b] = [row.entries[0]?.entry, row.entries[subject]?.entry]
  if (a === undefined || b === undefined) return false
  if (a.size !== undefined && b.size !== undefined && a.size !== b.size) return false
  // Reading an object tells its digests too. Asking first is for those of which nothing could be computed, and for those
  // that are read as ranges, which tell less.
  if (context.fixity && context.policy.ownDigests === true) {
    const inRanges = row.asked?.[subject] === undefined && isLarge(b) && context.parties[subject]!.traits.rangeReads
    return inRanges || !(b.digests ?? []).some((digest) => recomputationOf(digest, b.size) !== undefined)
  }
  const [reference, other] = [factsOf(a, 0, context), factsOf(b, subject, context)]
  for (const proof of planProofs(reference, other, context.policy).proofs) {
    switch (proof.method) {
      case 'digest':
        if (proof.trusted || proof.reference.value === proof.subject.value) return false
        break
      case 'one-sided-read':
        // Sizes of parts spare no read that will do without them.
        return !row.asked?.some(Boolean) && (proof.read === 'reference' ? reference : other).readCost !== 'free'
      default:
        return proof.method === 'two-sided-read'
    }
  }
  return true
}

const factsOf = (entry: ListedEntry, party: number, context: ProveContext): Parameters<typeof planProofs>[0] => {
  const { source, traits } = context.parties[party]!
  return {
    size: entry.size,
    digests: entry.digests ?? [],
    readCost: entry.archived === true ? 'archived' : traits.readCost,
    local: source.localFile?.(entry.ref) !== undefined,
  }
}

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
    return { ...side, entry: info }
  } catch (error) {
    if (signal.aborted) throw error
    return {
      ...side,
      entry: { ...side.entry, problem: toBackupError(error, { operation: 'stat', subject: side.entry.key }).toJSON() },
    }
  }
}

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

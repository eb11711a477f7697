import { toBackupError } from '../errors.js'
import { planProofs } from '../evidence/planner.js'
import { abortable } from '../run/abort.js'
import { withRetry } from '../run/retry.js'
import type { ObjectEntry } from '../source/entry.js'
import type { ProveContext } from './prove-context.js'
import type { JoinEntry, Row } from './row.js'

/**
 * Asks for the digests that a listing did not carry, where the source has some and they can spare a read: never when
 * the listing already proves the pair, and never when policy wants the bytes read anyway.
 */
export const withStatDigests = (
  rows: readonly Row[],
  context: ProveContext,
): Promise<readonly Row[]> | readonly Row[] => {
  const own = context.policy.ownDigests === true
  const asking = context.parties.map((party, i) => party.traits.statDigests.length > 0 && !(own && i === 0))
  if (!asking.includes(true) || (context.policy.require === 'read' && !context.fixity)) return rows
  return Promise.all(rows.map((row) => enrich(row, asking, context)))
}

const enrich = async (row: Row, asking: readonly boolean[], context: ProveContext): Promise<Row> => {
  const wanted = row.entries.map((side, i) => asking[i] === true && side !== undefined && lacksDigests(side.entry))
  if (!wanted.includes(true) || !row.entries.some((_, i) => i > 0 && isOpenPair(row, i, context))) return row
  const entries = await Promise.all(
    row.entries.map((side, i) => (wanted[i] === true ? withDigests(side!, i, context) : side)),
  )
  // The reference of a fixity check is the object's own entry.
  if (context.policy.ownDigests === true) entries[0] = entries[1]
  return { ...row, entries }
}

const lacksDigests = (entry: ObjectEntry): boolean =>
  entry.kind === 'object' && entry.problem === undefined && (entry.digests ?? []).length === 0

/** Whether the pair has both sides, could be equal, and would have to be read as things stand. */
const isOpenPair = (row: Row, subject: number, context: ProveContext): boolean => {
  const [a, b] = [row.entries[0]?.entry, row.entries[subject]?.entry]
  if (a === undefined || b === undefined) return false
  if (a.size !== undefined && b.size !== undefined && a.size !== b.size) return false
  const facts = [a, b].map((entry, i) => {
    const { source, traits } = context.parties[i === 0 ? 0 : subject]!
    return {
      ...(entry.size !== undefined && { size: entry.size }),
      digests: entry.digests ?? [],
      readCost: traits.readCost,
      local: source.localFile?.(entry.ref) !== undefined,
    }
  })
  const first = planProofs(facts[0]!, facts[1]!, context.policy).proofs[0]
  return first === undefined || (first.method !== 'digest' && first.method !== 'size')
}

const withDigests = async (side: JoinEntry, party: number, context: ProveContext): Promise<JoinEntry> => {
  const { signal, meter, retry } = context
  const { source } = context.parties[party]!
  try {
    const info = await context.gate(() =>
      withRetry(
        () => {
          meter.request('stat')
          return abortable(source.stat(side.entry.ref, { want: ['digests'], signal }), signal)
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

import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { BackupError, type BackupErrorJson } from '../errors.js'
import { createSampleTally } from '../evidence/sample/tally.js'
import type { ObjectFinding } from '../report/finding.js'
import { RunIncomplete } from '../run/create-run.js'
import { CONCURRENCY } from '../run/limits.js'
import { createLocalReader } from '../run/local-reader.js'
import { createStreamReader } from '../run/object-reader.js'
import { orderedParallel } from '../run/ordered-parallel.js'
import { createProgress, type ProgressTracker } from '../run/progress.js'
import { retryPolicy } from '../run/retry.js'
import { describeSides, withOwnDigests } from './describe-sides.js'
import type { Join, JoinSide, JoinState } from './join.js'
import { joinedRows, type Listings, listingOptions } from './joined-rows.js'
import { createPolicyFinder } from './key-policy.js'
import { proveBatch } from './prove-batch.js'
import type { PlanContext, ProveContext } from './prove-context.js'
import type { Party, Row } from './row.js'
import { listingsOf, sizeOfRow, tallySample, withSelection } from './sampled-rows.js'
import { createSideCount, type SideListingOptions, sideListing } from './side-listing.js'
import { createSpending, limitsSpending, type Spending } from './spending.js'

/** The work of a join: describes the sides, joins them by key and proves the rows, in order. Loaded when a run starts. */
export async function* joinFindings(
  join: Join,
  state: JoinState,
  signal: AbortSignal,
  cancel: (reason: unknown) => void,
): AsyncGenerator<readonly ObjectFinding[]> {
  const { options, sides } = join
  const { meter, tally, bytesRead, counts } = state
  const started = performance.now()
  const retry = retryPolicy(options.retry)
  const parties = await describeSides(join, signal, retry, meter)
  state.asOf.push(...parties.map(({ traits }) => traits.asOf))
  const read = join.kind === 'verify' ? 1 : sides.length
  const progress = createProgress({ onProgress: options.onProgress, sides: read })
  const onBytes = progress.read
  const damages: RunIncomplete[] = []
  let spending: Spending | undefined
  const listings: Listings = {
    signal,
    meter,
    counts,
    cancel,
    // What listing reads, it reads of archives: whole, whatever may be spent, but no further than that.
    onBytes: (bytes) => {
      onBytes(bytes)
      const limit = spending?.count(bytes)
      if (limit !== undefined) cancel(new RunIncomplete({ reason: 'budget', limit }))
    },
    onDamage: (side, error) => damages.push(damageOf(sides[side]!, error)),
  }
  const all: PlanContext = {
    parties: withOwnDigests(parties),
    policy: join.policy,
    policyOf: createPolicyFinder(join.policy, options.policies),
    fixity: join.policy.fixity === true,
    metadata: join.metadata,
  }
  const planned = await withSelection(all, join, parties, listings)
  const sample =
    planned.selection === undefined ? undefined : createSampleTally(join.sample!, planned.selection.threshold())
  state.sample = sample
  // What was scanned takes memory while it is sorted and joined; one worker keeps up with it.
  const workers = options.workers ?? (parties.some(({ sequential }) => sequential === true) ? 1 : undefined)
  const local = createLocalReader({
    signal,
    onBytes,
    ...(workers !== undefined && { workers }),
    ...(options.createWorker !== undefined && { createWorker: options.createWorker }),
  })
  state.local = local.telemetry
  const concurrency = options.concurrency ?? CONCURRENCY
  spending = limitsSpending(parties, options)
    ? createSpending(planned.parties, { ...options, started, listings: listingsOf(planned) })
    : undefined
  const context: ProveContext = {
    ...planned,
    record: join.record,
    drift: join.drift !== undefined,
    entropy: join.entropy === true,
    local,
    stream: createStreamReader({ gate: pLimit(concurrency), retry, signal, meter, onBytes }),
    gate: pLimit(concurrency),
    retry,
    signal,
    meter,
    plainPlans: new Map(),
    spending,
    bytesRead,
  }
  const counter = new AbortController()
  const countListing = {
    ...listingOptions(join, parties, listings)(0),
    signal: AbortSignal.any([signal, counter.signal]),
    cancel: () => undefined,
  }
  const counting =
    options.countFirst === true && parties[0]!.sequential !== true
      ? countAhead(parties[0]!, countListing, progress)
      : undefined
  const prove = async (rows: readonly Row[]): Promise<{ rows: readonly Row[]; page: readonly ObjectFinding[] }> => {
    const leave = await spending?.enter(rows)
    try {
      return { rows, page: await proveBatch(rows, context) }
    } catch (error) {
      cancel(error)
      throw error
    } finally {
      leave?.()
    }
  }
  try {
    const batches = joinedRows(join, parties, listings)
    const window = Math.max(local.parallelism + 1, availableParallelism())
    for await (const { rows, page } of orderedParallel(batches, window, prove)) {
      for (const finding of page) {
        tally.add(finding)
        state.drift?.add(finding)
      }
      if (sample !== undefined) tallySample(sample, rows, page, context)
      for (const row of rows) progress.finished(row.key, sizeOfRow(row) ?? 0)
      if (page.length > 0) yield page
    }
    progress.end()
    // All that could be found has been told; what a damaged source held after the damage has not.
    if (damages[0] !== undefined) throw damages[0]
  } finally {
    await local.close()
    counter.abort()
    await counting
  }
}

const damageOf = ({ name, replica, source }: JoinSide, error: BackupErrorJson): RunIncomplete => {
  const place = replica === undefined ? { side: name } : { side: name, replica }
  return new RunIncomplete({ reason: 'failed', ...place, error }, new BackupError({ ...error, subject: source.uri }))
}

/** Counts a side in the background, so that progress knows where it ends. */
const countAhead = async (party: Party, listing: SideListingOptions, progress: ProgressTracker): Promise<void> => {
  const count = createSideCount()
  try {
    for await (const _ of sideListing(party, { ...listing, count }));
    progress.total(count.objects, count.bytes)
  } catch {
    // The same listing runs for the join itself, which tells what is wrong; without a count there is no estimate.
  }
}

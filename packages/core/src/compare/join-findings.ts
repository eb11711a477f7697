import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { isKnownAlgorithm } from '../digest/algorithms.js'
import type { Measure } from '../digest/digest.js'
import { BackupError, type BackupErrorJson } from '../errors.js'
import { pricesFor } from '../evidence/cost/price-table.js'
import { ratesByClass } from '../evidence/cost/rates.js'
import { twoSidedDigest } from '../evidence/read-proofs.js'
import type { ObjectFinding } from '../report/finding.js'
import { abortable } from '../run/abort.js'
import { RunIncomplete } from '../run/create-run.js'
import { createLocalReader } from '../run/local-reader.js'
import type { Meter } from '../run/meter.js'
import { createStreamReader } from '../run/object-reader.js'
import { orderedParallel } from '../run/ordered-parallel.js'
import { createProgress, type ProgressTracker } from '../run/progress.js'
import { type RetryPolicy, retryPolicy, withRetry } from '../run/retry.js'
import { compileFilter } from './filter.js'
import type { Join, JoinSide, JoinState } from './join.js'
import { createPolicyFinder } from './key-policy.js'
import { mergeJoin } from './merge-join.js'
import { proveBatch } from './prove-batch.js'
import type { ProveContext } from './prove-context.js'
import type { Party, Row } from './row.js'
import { createSideCount, type SideListingOptions, sideListing } from './side-listing.js'
import { samePlace } from './validate.js'

const BATCH = { rows: 256, bytes: 32 * 1024 * 1024 }
const CONCURRENCY = 16

/** The work of a join: describes the sides, joins them by key and proves the rows, in order. Loaded when a run starts. */
export async function* joinFindings(
  join: Join,
  state: JoinState,
  signal: AbortSignal,
  cancel: (reason: unknown) => void,
): AsyncGenerator<readonly ObjectFinding[]> {
  const { options, sides } = join
  const { meter, tally, bytesRead, counts } = state
  const own = sides.length === 1
  const retry = retryPolicy(options.retry)
  const filter = compileFilter(join.filter)
  const parties = await describeAll(join, signal, retry, meter)
  const read = join.kind === 'verify' ? 1 : sides.length
  const progress = createProgress({ onProgress: options.onProgress, sides: read })
  const onBytes = progress.read
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
  const context: ProveContext = {
    parties: own ? [ownDigests(parties[0]!), parties[0]!] : parties,
    policy: join.policy,
    policyOf: createPolicyFinder(join.policy, options.policies),
    fixity: join.kind === 'verify',
    record: join.record,
    metadata: join.metadata,
    drift: join.drift !== undefined,
    entropy: join.entropy === true,
    local,
    stream: createStreamReader({ gate: pLimit(concurrency), retry, signal, meter, onBytes }),
    gate: pLimit(concurrency),
    retry,
    signal,
    meter,
    plainPlans: new Map(),
    bytesRead,
    onReadInstead: meter.readInstead,
  }
  const scanned = scanAlgorithms(join, parties)
  const damages: RunIncomplete[] = []
  const listing = (i: number): SideListingOptions => ({
    mapper: sides[i]!.mapper,
    filter,
    signal,
    retry,
    meter,
    count: counts[i]!,
    cancel,
    onBytes,
    scanAlgorithms: scanned,
    onDamage: (error) => damages.push(damageOf(sides[i]!, error)),
    ...(options.range !== undefined && { range: options.range }),
    ...(options.shard !== undefined && { shard: options.shard }),
    ...(options.tempDirectory !== undefined && { tempDirectory: options.tempDirectory }),
  })
  const counter = new AbortController()
  const countListing = { ...listing(0), signal: AbortSignal.any([signal, counter.signal]), cancel: () => undefined }
  const counting =
    options.countFirst === true && parties[0]!.sequential !== true
      ? countAhead(parties[0]!, countListing, progress)
      : undefined
  const prove = async (rows: readonly Row[]): Promise<{ rows: readonly Row[]; page: readonly ObjectFinding[] }> => {
    try {
      return { rows, page: await proveBatch(own ? rows.map(doubled) : rows, context) }
    } catch (error) {
      cancel(error)
      throw error
    }
  }
  try {
    const batches = mergeJoin(
      parties.map((party, i) => sideListing(party, listing(i))),
      BATCH,
    )
    const window = Math.max(local.parallelism + 1, availableParallelism())
    for await (const { rows, page } of orderedParallel(batches, window, prove)) {
      for (const finding of page) {
        tally.add(finding)
        state.drift?.add(finding)
      }
      for (const row of rows) progress.finished(row.key, sizeOf(row))
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

const sizeOf = (row: Row): number => row.entries.find((side) => side !== undefined)?.entry.size ?? 0

/** Asks every side for its traits, and refuses two sides that are one place. */
const describeAll = async (
  { sides, options }: Join,
  signal: AbortSignal,
  policy: RetryPolicy,
  meter: Meter,
): Promise<readonly Party[]> => {
  const now = (options.now ?? (() => new Date()))().getTime()
  const parties = await Promise.all(
    sides.map(async (side): Promise<Party> => {
      const describe = (): Promise<Party['traits']> => {
        meter.request('describe')
        return abortable(side.source.describe({ signal, onRequest: meter.operation }), signal)
      }
      const traits = await withRetry(describe, { policy, signal, onRetry: meter.retry })
      const replica = side.replica === undefined ? {} : { replica: side.replica }
      const { readCost, asOf } = traits
      const rates = ratesByClass({ readCost, prices: pricesFor(side.source.uri, options.prices, traits.prices) })
      const stale = asOf !== undefined && options.maxAge !== undefined && asOf < now - options.maxAge
      const party = { source: side.source, traits, name: side.name, ...replica, rates, stale }
      return traits.access === 'sequential' ? sequentialParty(party) : party
    }),
  )
  parties.forEach((a, i) => {
    for (const b of parties.slice(i + 1)) {
      const { place } = a.traits
      if (place !== undefined && place === b.traits.place) throw samePlace(a.source.uri, b.source.uri, place)
    }
  })
  return parties
}

/** A source that is read whole before the join: nothing more can be read of it then, and its order does not matter. */
const sequentialParty = (party: Party): Party => {
  if (party.source.scan === undefined) {
    throw new BackupError({
      code: 'contract',
      message: `${party.source.uri} says that it can only be read in its stored order, but it has no \`scan\`. This is a fault of its provider.`,
    })
  }
  return { ...party, traits: { ...party.traits, keyOrder: 'none', readCost: 'impossible' }, sequential: true }
}

/** What to compute of objects that can be read only once: what the other sides keep, else one digest that all compute. */
const scanAlgorithms = (join: Join, parties: readonly Party[]): readonly Measure[] => {
  const kept = parties
    .flatMap(({ traits }) => [...traits.listingDigests, ...traits.statDigests])
    .map(({ algorithm }) => algorithm)
    .filter(isKnownAlgorithm)
  const entropy = join.entropy === true || join.drift !== undefined ? (['entropy'] as const) : []
  return [...new Set<Measure>([twoSidedDigest(join.policy.strength), ...kept, ...join.record, ...entropy])]
}

/** The reference of a fixity check: the same entries, of which only the digests count. */
const ownDigests = (party: Party): Party => ({
  source: party.source,
  traits: { ...party.traits, readCost: 'impossible' },
  name: 'expected',
  rates: ratesByClass({ readCost: 'impossible' }),
})

const doubled = (row: Row): Row => ({
  ...row,
  entries: [row.entries[0], row.entries[0]],
  ...(row.hidden !== undefined && { hidden: [row.hidden[0], row.hidden[0]] }),
})

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

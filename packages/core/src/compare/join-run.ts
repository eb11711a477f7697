import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { KnownAlgorithm } from '../digest/digest.js'
import { BackupError } from '../errors.js'
import type { PlanPolicy } from '../evidence/planner.js'
import { hashOptions } from '../report/canonical.js'
import type { MetadataField, ObjectFinding, SideName } from '../report/finding.js'
import { REPORT_SCHEMA, type Report, type RunResult, type SourceIdentity } from '../report/report.js'
import { createTally } from '../report/tally.js'
import { abortable } from '../run/abort.js'
import { createRun } from '../run/create-run.js'
import type { LocalReader } from '../run/local-jobs.js'
import { createLocalReader } from '../run/local-reader.js'
import { createMeter } from '../run/meter.js'
import { createStreamReader } from '../run/object-reader.js'
import type { RunOptions } from '../run/options.js'
import { orderedParallel } from '../run/ordered-parallel.js'
import { createProgress, type ProgressTracker } from '../run/progress.js'
import { retryPolicy, withRetry } from '../run/retry.js'
import type { Run } from '../run/run.js'
import type { BackupSource } from '../source/backup-source.js'
import type { JsonValue } from '../source/entry.js'
import type { CompiledFilter } from './filter.js'
import type { KeyMapper } from './mapping.js'
import { mergeJoin } from './merge-join.js'
import { proveBatch } from './prove-batch.js'
import type { ProveContext } from './prove-context.js'
import type { Party, Row } from './row.js'
import { createSideCount, type SideListingOptions, sideListing } from './side-listing.js'
import { samePlace } from './validate.js'

/** One side of a join, before it was described. */
export interface JoinSide {
  readonly source: BackupSource
  readonly mapper: KeyMapper
  readonly name: SideName
  readonly replica?: number | undefined
}

/** What comparison and verification are made of: sides joined by key, every pair with the first side proven. */
export interface JoinRun {
  readonly kind: 'compare' | 'verify'
  /** The reference first. A single side is proven against its own stored digests. */
  readonly sides: readonly JoinSide[]
  readonly filter: CompiledFilter
  readonly policy: PlanPolicy
  readonly extras: 'fail' | 'allow'
  readonly record: readonly KnownAlgorithm[]
  readonly metadata: readonly MetadataField[]
  readonly options: RunOptions
  /** Options that decide outcomes, for the result. */
  readonly resultOptions: Readonly<Record<string, JsonValue>>
}

const BATCH = { rows: 256, bytes: 32 * 1024 * 1024 }
const FINDINGS_LIMIT = 1_000
const CONCURRENCY = 16

export const joinRun = (join: JoinRun): Run<ObjectFinding, Report> => {
  const { options, sides } = join
  const counts = sides.map(createSideCount)
  const meter = createMeter()
  const findingsLimit = options.findingsLimit ?? FINDINGS_LIMIT
  const tally = createTally({
    replicas: Math.max(1, sides.filter((side) => side.replica !== undefined).length),
    findingsLimit,
    extras: join.extras,
  })
  const own = sides.length === 1
  const bytesRead = own ? [0, 0] : sides.map(() => 0)
  const started = { at: '', clock: 0 }
  const start = (): void => {
    if (started.at !== '') return
    started.at = (options.now ?? (() => new Date()))().toISOString()
    started.clock = performance.now()
  }
  let progress: ProgressTracker | undefined
  let local: LocalReader | undefined

  async function* findings(
    signal: AbortSignal,
    cancel: (reason: unknown) => void,
  ): AsyncGenerator<readonly ObjectFinding[]> {
    start()
    const retry = retryPolicy(options.retry)
    const parties = await describeAll(sides, signal, retry, meter)
    progress = createProgress({
      onProgress: options.onProgress,
      sides: Math.max(1, sides.length - (join.kind === 'verify' ? 1 : 0)),
    })
    const onBytes = progress.read
    local = createLocalReader({
      signal,
      onBytes,
      ...(options.workers !== undefined && { workers: options.workers }),
      ...(options.createWorker !== undefined && { createWorker: options.createWorker }),
    })
    const gate = pLimit(options.concurrency ?? CONCURRENCY)
    const context: ProveContext = {
      parties: own ? [ownDigests(parties[0]!), parties[0]!] : parties,
      policy: join.policy,
      fixity: join.kind === 'verify',
      record: join.record,
      metadata: join.metadata,
      local,
      stream: createStreamReader({ gate: pLimit(options.concurrency ?? CONCURRENCY), retry, signal, meter, onBytes }),
      gate,
      retry,
      signal,
      meter,
      plainPlans: [],
      bytesRead,
    }
    const listing = (i: number): SideListingOptions => ({
      mapper: sides[i]!.mapper,
      filter: join.filter,
      signal,
      retry,
      meter,
      count: counts[i]!,
      cancel,
      ...(options.range !== undefined && { range: options.range }),
      ...(options.shard !== undefined && { shard: options.shard }),
      ...(options.tempDirectory !== undefined && { tempDirectory: options.tempDirectory }),
    })
    const counting = options.countFirst === true ? countAhead(parties, listing, progress, signal) : undefined
    try {
      const rows = mergeJoin(
        parties.map((party, i) => sideListing(party, listing(i))),
        BATCH,
      )
      const prove = async (
        batch: readonly Row[],
      ): Promise<{ batch: readonly Row[]; page: readonly ObjectFinding[] }> => {
        try {
          return { batch, page: await proveBatch(own ? batch.map(doubled) : batch, context) }
        } catch (error) {
          cancel(error)
          throw error
        }
      }
      for await (const { batch, page } of orderedParallel(
        rows,
        Math.max(local.parallelism + 1, availableParallelism()),
        prove,
      )) {
        for (const finding of page) tally.add(finding)
        for (const row of batch)
          progress.finished(row.key, row.entries.find((side) => side !== undefined)?.entry.size ?? 0)
        if (page.length > 0) yield page
      }
      progress.end()
    } finally {
      await local.close()
      await counting
    }
  }

  return createRun<ObjectFinding, Report>({
    signal: options.signal,
    findings,
    report: (incomplete) => {
      start()
      const { workers, workersReason } = local?.telemetry() ?? { workers: 0 }
      const identity = (i: number): SourceIdentity => {
        const { objects, bytes, excluded } = counts[i]!
        const sorted = Object.fromEntries(Object.entries(excluded).sort(([a], [b]) => (a < b ? -1 : 1)))
        return { uri: sides[i]!.source.uri, objects, bytes, excluded: sorted, bytesRead: bytesRead[own ? 1 : i]! }
      }
      const at = (name: SideName): number => sides.findIndex((side) => side.name === name)
      const result: RunResult = {
        schema: REPORT_SCHEMA,
        kind: join.kind,
        asOf: { from: started.at, to: started.at },
        source: identity(at('source')),
        replicas: sides.flatMap((side, i) => (side.replica === undefined ? [] : identity(i))),
        ...(at('expected') >= 0 && { expected: identity(at('expected')) }),
        options: join.resultOptions,
        optionsHash: hashOptions(join.resultOptions),
        covered: [
          {
            ...(options.range !== undefined && { range: options.range }),
            ...(options.shard !== undefined && { shard: options.shard }),
          },
        ],
        complete: incomplete === undefined && options.range === undefined && options.shard === undefined,
        incomplete: [
          ...(incomplete === undefined ? [] : [incomplete]),
          ...(options.range !== undefined || options.shard !== undefined ? [{ reason: 'gap' as const }] : []),
        ],
        ...tally.snapshot(),
        findingsLimit,
      }
      const read = meter.snapshot()
      return {
        result,
        telemetry: {
          startedAt: started.at,
          elapsedMs: Math.round(performance.now() - started.clock),
          ...read,
          bytesRead: read.bytesRead + (local?.telemetry().bytesRead ?? 0),
          workers,
          ...(workersReason !== undefined && { workersReason }),
        },
      }
    },
  })
}

/** Asks every side for its traits, and refuses two sides that are one place. */
const describeAll = async (
  sides: readonly JoinSide[],
  signal: AbortSignal,
  policy: ReturnType<typeof retryPolicy>,
  meter: ReturnType<typeof createMeter>,
): Promise<readonly Party[]> => {
  const parties = await Promise.all(
    sides.map(async (side): Promise<Party> => {
      const describe = (): Promise<Party['traits']> => {
        meter.request('describe')
        return abortable(side.source.describe({ signal }), signal)
      }
      const traits = await withRetry(describe, { policy, signal, onRetry: meter.retry })
      if (traits.access === 'sequential') {
        throw new BackupError({
          code: 'unsupported',
          message: `${side.source.uri} can only be read in its stored order; this version compares sources that can be read by key.`,
        })
      }
      return {
        source: side.source,
        traits,
        name: side.name,
        ...(side.replica !== undefined && { replica: side.replica }),
      }
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

/** The reference of a fixity check: the same entries, of which only the digests count. */
const ownDigests = (party: Party): Party => ({
  source: party.source,
  traits: { ...party.traits, readCost: 'impossible' },
  name: 'expected',
})

const doubled = (row: Row): Row => ({
  ...row,
  entries: [row.entries[0], row.entries[0]],
  ...(row.hidden !== undefined && { hidden: [row.hidden[0], row.hidden[0]] }),
})

/** Counts the first side in the background, so that progress knows where it ends. A failure shows in the run itself. */
const countAhead = async (
  parties: readonly Party[],
  listing: (i: number) => SideListingOptions,
  progress: ProgressTracker,
  signal: AbortSignal,
): Promise<void> => {
  const count = createSideCount()
  try {
    const pages = sideListing(parties[0]!, { ...listing(0), count, cancel: () => undefined })
    for await (const page of pages) if (page.length === 0 && signal.aborted) return
    progress.total(count.objects, count.bytes)
  } catch {
    // The same listing runs for the join itself, which tells what is wrong; without a count there is no estimate.
  }
}

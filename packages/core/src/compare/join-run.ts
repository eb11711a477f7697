import { setMaxListeners } from 'node:events'
import { alertsOf } from '../report/alerts.js'
import { hashOptions } from '../report/canonical.js'
import { createDriftTally } from '../report/drift.js'
import type { ObjectFinding, SideName } from '../report/finding.js'
import type { Plan } from '../report/plan.js'
import {
  type Incompleteness,
  REPORT_SCHEMA,
  type Report,
  type RunResult,
  type SourceIdentity,
} from '../report/report.js'
import { createTally } from '../report/tally.js'
import { createRun, RunIncomplete } from '../run/create-run.js'
import { createMeter } from '../run/meter.js'
import type { PlannedRun } from '../run/run.js'
import type { Join, JoinState } from './join.js'

const FINDINGS_LIMIT = 1_000

/** What comparison and verification are made of: sides joined by key, every pair with the first side proven. */
export const joinRun = (join: Join): PlannedRun<ObjectFinding, Report, Plan> => {
  const { options, sides } = join
  const findingsLimit = options.findingsLimit ?? FINDINGS_LIMIT
  const replicas = Math.max(1, sides.filter((side) => side.replica !== undefined).length)
  const state: JoinState = {
    counts: sides.map(() => ({ objects: 0, bytes: 0, excluded: {} })),
    bytesRead: sides.length === 1 ? [0, 0] : sides.map(() => 0),
    asOf: [],
    tally: createTally({ replicas, findingsLimit, extras: join.extras }),
    meter: createMeter(),
    ...(join.drift !== undefined && { drift: createDriftTally(join.drift) }),
  }
  const started = { at: '', clock: 0 }
  const start = (): void => {
    if (started.at !== '') return
    started.at = (options.now ?? (() => new Date()))().toISOString()
    started.clock = performance.now()
  }
  const run = createRun<ObjectFinding, Report>({
    signal: options.signal,
    async *findings(signal, cancel) {
      start()
      // The engine is loaded when it is needed: importing core must stay cheap.
      const { joinFindings } = await import('./join-findings.js')
      yield* joinFindings(join, state, signal, cancel)
    },
    report: (incomplete) => {
      start()
      const { spilledEntries, requests, operations, retries, bytesRead, readInstead } = state.meter.snapshot()
      const local = state.local?.() ?? { workers: 0, bytesRead: 0 }
      return {
        result: resultOf(join, state, { at: started.at, findingsLimit, incomplete }),
        telemetry: {
          startedAt: started.at,
          elapsedMs: Math.round(performance.now() - started.clock),
          bytesRead: bytesRead + local.bytesRead,
          retries,
          requests,
          ...(Object.keys(operations).length > 0 && { operations }),
          workers: local.workers,
          ...(local.workersReason !== undefined && { workersReason: local.workersReason }),
          spilledEntries,
          ...(readInstead > 0 && { readInstead }),
        },
      }
    },
  })
  return { ...run, plan: () => planned(join) }
}

/** Plans a run; what it started ends with it. */
const planned = async (join: Join): Promise<Plan> => {
  const { signal } = join.options
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  const stop = (): void => controller.abort(signal?.reason)
  if (signal?.aborted === true) stop()
  else signal?.addEventListener('abort', stop, { once: true })
  try {
    controller.signal.throwIfAborted()
    const { planRun } = await import('./plan-run.js')
    return await planRun(join, controller.signal, (reason) => controller.abort(reason))
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    throw error instanceof RunIncomplete ? (error.original ?? error) : error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

interface End {
  /** ISO 8601. */
  readonly at: string
  readonly findingsLimit: number
  readonly incomplete: Incompleteness | undefined
}

const resultOf = (join: Join, state: JoinState, { at, findingsLimit, incomplete }: End): RunResult => {
  const { options, sides } = join
  const part = {
    ...(options.range !== undefined && { range: options.range }),
    ...(options.shard !== undefined && { shard: options.shard }),
  }
  const isPart = Object.keys(part).length > 0
  const drift = state.drift?.snapshot()
  const alerts = drift === undefined ? [] : alertsOf(drift)
  const indexOf = (name: SideName): number => sides.findIndex((side) => side.name === name)
  return {
    schema: REPORT_SCHEMA,
    kind: join.kind,
    asOf: { from: at, to: at },
    source: identityOf(join, state, indexOf('source')),
    replicas: sides.flatMap((side, i) => (side.replica === undefined ? [] : identityOf(join, state, i))),
    ...(indexOf('expected') >= 0 && { expected: identityOf(join, state, indexOf('expected')) }),
    options: join.resultOptions,
    optionsHash: hashOptions(join.resultOptions),
    covered: [part],
    complete: incomplete === undefined && !isPart,
    incomplete: [...(incomplete === undefined ? [] : [incomplete]), ...(isPart ? [{ reason: 'gap' as const }] : [])],
    ...state.tally.snapshot(),
    ...(state.sample !== undefined && { sample: state.sample.snapshot() }),
    ...(drift !== undefined && { drift }),
    ...(alerts.length > 0 && { alerts }),
    findingsLimit,
  }
}

const identityOf = (join: Join, state: JoinState, side: number): SourceIdentity => {
  const { objects, bytes, excluded } = state.counts[side]!
  return {
    uri: join.sides[side]!.source.uri,
    objects,
    bytes,
    excluded: Object.fromEntries(Object.entries(excluded).sort(([a], [b]) => (a < b ? -1 : 1))),
    // A single side is its own reference, and that one is not read.
    bytesRead: state.bytesRead[join.sides.length === 1 ? 1 : side]!,
    ...(state.asOf[side] !== undefined && { asOf: state.asOf[side] }),
  }
}

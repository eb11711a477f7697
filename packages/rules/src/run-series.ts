import type { Evidence, FoldContext, FoldedFact, Message, Verdict } from '@backproof/core/audit'
import { hasSucceeded, type JobRun } from '@backproof/core/history'
import {
  isRunAhead,
  isShort,
  runAheadVerdict,
  runData,
  runEvidence,
  shortVerdict,
  windowMessages,
  windowStart,
} from './runs.js'
import { type Ring, ring } from './statistics/index.js'
import { days, isoTime } from './time.js'

/** What is measured of runs, by name. `null`: of this run nobody says. */
export type Measures<K extends string> = Readonly<Record<K, number | null>>

export interface MeasuredRun<K extends string> {
  readonly id: string
  readonly start: number
  readonly measures: Measures<K>
}

/** Runs of one plan, job and kind that succeeded within the window: an incremental run is no measure for a full one. */
export interface RunSeries<K extends string> {
  /** Plan, job and kind, as far as runs name them. */
  readonly subject: string | undefined
  readonly plan: string | null
  readonly job: string | null
  readonly kind: NonNullable<JobRun['kind']> | null
  /** The oldest of the window. */
  readonly first: MeasuredRun<K>[]
  /** The newest. */
  readonly last: Ring<MeasuredRun<K>>
  /** The newest that is still going. */
  running?: JobRun | undefined
  /** Newer than all that succeeded, and nobody can say whether it did. */
  untold?: JobRun | undefined
}

/** All series of one asset. */
export interface SeriesOfRuns<K extends string> {
  readonly series: Map<string, RunSeries<K>>
  /** Of the run before. */
  newest?: RunSeries<K>
  /** Runs of series beyond {@link SERIES_LIMIT}. */
  beyond: number
  ahead?: JobRun
}

/** Series of one asset that are told apart. More are names that something makes up, for example one for each run. */
export const SERIES_LIMIT = 64

export interface SeriesOptions {
  readonly windowDays: number
  readonly baselineRuns: number
  readonly recentRuns: number
}

/** Parts of a fold over the runs of one asset that keeps the oldest and the newest of each series. */
export const foldSeries = <K extends string>(
  measure: (run: JobRun) => Measures<K>,
): {
  readonly init: () => SeriesOfRuns<K>
  readonly step: (state: SeriesOfRuns<K>, run: JobRun, context: FoldContext<SeriesOptions>) => SeriesOfRuns<K>
} => ({
  init: () => ({ series: new Map(), beyond: 0 }),
  step: (state, run, context) => {
    const { windowDays, baselineRuns } = context.options
    const going = run.status === 'running'
    const untold = run.status === 'unknown'
    if (isRunAhead(run, context.now)) state.ahead = run
    else if (run.start >= windowStart(context, days(windowDays)) && (hasSucceeded(run) || going || untold)) {
      const one = seriesOf(state, run, context.options)
      if (one === undefined) state.beyond += 1
      else if (going) one.running = run
      else if (untold) one.untold = run
      else {
        const measured = { id: run.id, start: run.start, measures: measure(run) }
        if (one.first.length < baselineRuns) one.first.push(measured)
        one.last.push(measured)
        one.running = undefined
        one.untold = undefined
      }
    }
    return state
  },
})

const seriesOf = <K extends string>(
  state: SeriesOfRuns<K>,
  run: JobRun,
  options: SeriesOptions,
): RunSeries<K> | undefined => {
  const { plan = null, job = null, kind = null } = run
  const { newest } = state
  // Most assets have one series.
  if (newest !== undefined && newest.plan === plan && newest.job === job && newest.kind === kind) return newest
  const name = JSON.stringify([plan, job, kind])
  const known = state.series.get(name) ?? (state.series.size < SERIES_LIMIT ? newSeries(run, options) : undefined)
  if (known !== undefined) {
    state.series.set(name, known)
    state.newest = known
  }
  return known
}

const newSeries = <K extends string>(
  { plan = null, job = null, kind = null }: JobRun,
  { baselineRuns, recentRuns }: SeriesOptions,
): RunSeries<K> => {
  const subject = [plan, job, kind].filter((part) => part !== null).join(', ')
  return {
    subject: subject === '' ? undefined : subject,
    plan,
    job,
    kind,
    first: [],
    last: ring(Math.max(baselineRuns + 1, recentRuns)),
  }
}

interface SeriesQuestion<M extends string> {
  /** The clock of the audit. */
  readonly now: number
  readonly windowDays: number
  /** Fewer runs are no series. */
  readonly needed: number
  /** The message that says that all is well. */
  readonly good: M
}

/** Messages of rules that judge series. */
export const seriesMessages = {
  'too-few': {
    status: 'unknown',
    text: '{runs} runs succeeded in the last {days} days; at least {needed} are needed, the last one and what it is compared with',
  },
  'too-many-series': {
    status: 'unknown',
    text: `its runs name more than ${SERIES_LIMIT} plans, jobs and kinds, and {runs} runs of the rest were not told apart`,
  },
  'run-untold': {
    status: 'unknown',
    text: 'nobody can say how the run {run} of {at} ended, which is newer than those that were compared',
  },
  ...windowMessages,
} as const satisfies Record<string, Message>

/**
 * Verdicts for each series, and what has to be said of runs that are of none. With a run that lies in the future, a newer one that
 * nobody can tell of, or a history that begins within the window, `good` does not stand.
 */
export const judgeSeries = <K extends string, M extends string>(
  runs: FoldedFact<SeriesOfRuns<K>>,
  { now, windowDays, needed, good }: SeriesQuestion<M>,
  judge: (one: RunSeries<K>) => readonly Verdict<M>[],
): readonly Verdict<M | keyof typeof seriesMessages>[] => {
  const { series, beyond, ahead } = runs.value
  const begin = windowStart({ now, observedAt: runs.observedAt }, days(windowDays))
  const short = isShort(runs, begin) ? shortVerdict(runs.from ?? begin, begin) : undefined
  const tooFew = (runs: number) => ({ message: 'too-few', data: { runs, days: windowDays, needed } }) as const
  if (series.size === 0) return [ahead === undefined ? tooFew(0) : runAheadVerdict(ahead)]
  const called = new Map<string | undefined, number>()
  for (const { subject } of series.values()) called.set(subject, (called.get(subject) ?? 0) + 1)
  // Sorted: which series comes first in the map depends on where the window begins.
  const verdicts: Verdict<M | keyof typeof seriesMessages>[] = [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, one]) => {
      const enough = one.last.pushed >= needed
      // Where something makes up names, what they are good for is said once, below.
      if (!enough && beyond > 0) return []
      const found = enough ? judge(one) : [tooFew(one.last.pushed)]
      return found.map((verdict) => ({
        ...((verdict.message === good ? (doubtOf(one, ahead) ?? short) : undefined) ?? verdict),
        // A plan may be called as a job is, which other runs tell without a plan.
        subject: called.get(one.subject) === 1 ? one.subject : name,
      }))
    })
  if (beyond > 0) verdicts.push({ message: 'too-many-series', subject: '(other series)', data: { runs: beyond } })
  return verdicts
}

/** Why what is good does not stand. */
const doubtOf = (
  { untold }: RunSeries<string>,
  ahead: JobRun | undefined,
): Verdict<'in-future' | 'run-untold'> | undefined => {
  if (ahead !== undefined) return runAheadVerdict(ahead)
  return untold && { message: 'run-untold', data: runData(untold), evidence: [runEvidence(untold)] }
}

/** @param role Whether the run is what was judged, or what that was compared with. */
export const measuredEvidence = <K extends string>(
  { id, start, measures }: MeasuredRun<K>,
  measure: K,
  role: 'judged' | 'baseline',
): Evidence => ({ kind: 'job-run', id, at: isoTime(start), data: { role, [measure]: measures[measure] } })

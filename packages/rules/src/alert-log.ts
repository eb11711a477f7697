import { EVIDENCE_LIMIT, type Evidence } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import { runEvidence } from './runs.js'
import { CLOCK_SKEW, isAhead, isoTime } from './time.js'

/** Backup systems that are told apart; those beyond count as one. */
const SYSTEM_LIMIT = 20

/** Runs of one kind: how many, and the first of them. */
interface Runs {
  count: number
  readonly first: Evidence[]
}

/** What one backup system tells of alerts. */
interface SystemLog {
  /** Whether it ever told of an alert: what it does not tell of then did not happen. */
  isKept: boolean
  readonly silent: Runs
  /** Runs without an alert of which nobody can say whether they failed. */
  readonly untold: Runs
}

/** What became of the failures of one asset, within a window. */
export interface AlertLog {
  /** Runs, whatever they came to. */
  seen: number
  failures: number
  inTime: number
  readonly late: Runs
  /** Alerts of which nobody can say how late they were. */
  readonly unsure: Runs
  readonly systems: Map<string, SystemLog>
  ahead?: JobRun
}

export const noAlerts = (): AlertLog => ({
  seen: 0,
  failures: 0,
  inTime: 0,
  late: noRuns(),
  unsure: noRuns(),
  systems: new Map(),
})

export interface AlertClock {
  readonly now: number
  /** Runs that started before count for nothing but that there is a log. */
  readonly begin: number
  /** Until when the log tells everything. */
  readonly until: number
  /** Milliseconds that an alert may take. */
  readonly maxDelay: number
}

/** Adds a run that is not ahead of the clock. Changes the state. */
export const addRun = (log: AlertLog, run: JobRun, clock: AlertClock): void => {
  const isUntold = run.status === 'unknown'
  const isFailure = run.status === 'failed' || run.status === 'partial' || isUntold
  const alerted = run.alertedAt ?? undefined
  const system = isFailure ? systemOf(log, run.system ?? '') : undefined
  if (system !== undefined && alerted !== undefined) system.isKept = true
  if (run.start < clock.begin) return
  log.seen += 1
  if (system === undefined) return
  if (!isUntold) log.failures += 1
  if (alerted === undefined) {
    if ((run.end ?? run.start) + clock.maxDelay < clock.until) add(isUntold ? system.untold : system.silent, run, {})
    return
  }
  const judged = judgeDelay(run, alerted, clock)
  if (isUntold) {
    if (judged !== 'in-time') add(system.untold, run, { alertedAt: isoTime(alerted) })
  } else if (judged === 'in-time') log.inTime += 1
  else add(log[judged], run, { alertedAt: isoTime(alerted), end: isNone(run.end) ? null : isoTime(run.end) })
}

/** From the end of the run, when it is known that it failed. Where nobody knows that, only what is early enough is certain. */
const judgeDelay = (
  { start, end }: JobRun,
  alerted: number,
  { now, maxDelay }: AlertClock,
): 'in-time' | 'late' | 'unsure' => {
  if (alerted < start - CLOCK_SKEW || isAhead(alerted, now)) return 'unsure'
  if (alerted - (end ?? start) <= maxDelay) return 'in-time'
  return isNone(end) ? 'unsure' : 'late'
}

const isNone = (time: JobRun['end']): time is null | undefined => time === undefined || time === null

/** Failures that nobody was told of, of systems that tell of alerts. */
export const silentFailures = (log: AlertLog): Runs => ofKeptLogs(log, 'silent')

/** Runs of which nobody can say whether they failed, and nobody was told in time, of systems that tell of alerts. */
export const untoldFailures = (log: AlertLog): Runs => ofKeptLogs(log, 'untold')

const ofKeptLogs = ({ systems }: AlertLog, name: 'silent' | 'untold'): Runs => {
  const all = noRuns()
  for (const { isKept, [name]: runs } of systems.values()) {
    if (!isKept) continue
    all.count += runs.count
    all.first.push(...runs.first)
  }
  const inOrder = all.first.sort((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''))
  return { count: all.count, first: inOrder.slice(0, EVIDENCE_LIMIT) }
}

const noRuns = (): Runs => ({ count: 0, first: [] })

const systemOf = ({ systems }: AlertLog, name: string): SystemLog => {
  const key = systems.has(name) || systems.size < SYSTEM_LIMIT ? name : '(others)'
  let known = systems.get(key)
  if (known === undefined) {
    known = { isKept: false, silent: noRuns(), untold: noRuns() }
    systems.set(key, known)
  }
  return known
}

const add = (runs: Runs, run: JobRun, data: Evidence['data']): void => {
  runs.count += 1
  if (runs.first.length < EVIDENCE_LIMIT) runs.first.push(runEvidence(run, data))
}

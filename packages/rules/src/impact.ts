import { type Asset, type BackupPlan, EVIDENCE_LIMIT, type Evidence, type TimeWindow } from '@backproof/core/audit'
import { peakOf } from './concurrency.js'
import { knownEnd, type RecentRun } from './recent-runs.js'
import { isoTime } from './time.js'
import { firstOverlap } from './time-window.js'

/** What was found of one way in which backups get in the way of production. */
export interface Impact {
  /** Runs that were looked at. */
  readonly runs: number
  /** Numbers of the finding, where there is one. */
  readonly found?: Readonly<Record<string, number | string>> | undefined
  readonly evidence: readonly Evidence[]
  readonly evidenceOmitted: number
  /** Runs of which it cannot be said. */
  readonly open: number
  /** Runs that name no plan of the policy, or, of an asset with several, none at all. */
  readonly unclear: number
}

/** Runs with the plan that they are of. */
export interface RunsOfPlans {
  readonly runs: readonly (readonly [RecentRun, BackupPlan | undefined])[]
  /** Runs that name no plan of the policy, or, of an asset with several, none at all. */
  readonly unclear: number
}

export const withPlans = (runs: readonly RecentRun[], asset: Asset | undefined): RunsOfPlans => {
  const plans = asset?.plans ?? []
  const byId = new Map(plans.map((plan) => [plan.id, plan]))
  const only = plans.length === 1 ? plans[0] : undefined
  const known = runs.map((run) => [run, run.plan === null ? only : byId.get(run.plan)] as const)
  return { runs: known, unclear: plans.length === 0 ? 0 : known.filter(([, plan]) => plan === undefined).length }
}

/** Runs that were under way while a blackout was. */
export const blackoutImpact = (
  { runs, unclear }: RunsOfPlans,
  blackoutsOf: (plan: BackupPlan | undefined) => readonly TimeWindow[],
  until: number,
): Impact => {
  const evidence: Evidence[] = []
  let [looked, hit, open] = [0, 0, 0]
  for (const [run, plan] of runs) {
    const blackouts = blackoutsOf(plan)
    if (blackouts.length === 0) continue
    looked += 1
    const end = knownEnd(run, until)
    const span = firstOverlap(blackouts, run.start, end ?? run.start)
    if (span === undefined) open += end === undefined ? 1 : 0
    else if (++hit <= EVIDENCE_LIMIT)
      evidence.push(evidenceOf(run, { blackout: isoTime(span.start), blackoutEnd: isoTime(span.end) }))
  }
  return { runs: looked, ...impactOf(hit, { hit }, evidence), open, unclear }
}

/** More runs at one moment than are allowed: the highest peak. */
export const concurrencyImpact = (
  { runs, unclear }: RunsOfPlans,
  groupOf: (plan: BackupPlan | undefined) => { readonly name: string; readonly allowed: number } | undefined,
  until: number,
): Impact => {
  const groups = new Map<string, { readonly allowed: number; readonly stretches: (RecentRun & { end: number })[] }>()
  let [looked, open] = [0, 0]
  for (const [run, plan] of runs) {
    const group = groupOf(plan)
    if (group === undefined) continue
    looked += 1
    const end = knownEnd(run, until)
    if (end === undefined) open += 1
    const known = groups.get(group.name) ?? { allowed: group.allowed, stretches: [] }
    groups.set(group.name, known)
    known.stretches.push({ ...run, end: end ?? run.start })
  }
  const peaks = [...groups.values()].flatMap(({ allowed, stretches }) => {
    const peak = peakOf(stretches)
    return peak !== undefined && peak.count > allowed ? [{ ...peak, allowed }] : []
  })
  const [worst] = peaks.toSorted((a, b) => b.count - b.allowed - (a.count - a.allowed) || a.at - b.at)
  if (worst === undefined) return { runs: looked, evidence: [], evidenceOmitted: 0, open, unclear }
  const { count, allowed, at } = worst
  const evidence = worst.stretches.slice(0, EVIDENCE_LIMIT).map((run) => evidenceOf(run))
  return { runs: looked, ...impactOf(count, { peak: count, allowed, at: isoTime(at) }, evidence), open, unclear }
}

/** Runs that loaded the processors of the source more than is allowed. A run that goes on has no load yet. */
export const loadImpact = (runs: readonly RecentRun[], allowed: number): Impact => {
  const evidence: Evidence[] = []
  let [over, highest, open] = [0, 0, 0]
  for (const run of runs) {
    const load = run.sourceCpuPercent
    if (load === null || !Number.isFinite(load)) open += run.status === 'running' ? 0 : 1
    else if (load > allowed) {
      highest = Math.max(highest, load)
      if (++over <= EVIDENCE_LIMIT) evidence.push(evidenceOf(run, { sourceCpuPercent: load }))
    }
  }
  return { runs: runs.length, ...impactOf(over, { over, highest }, evidence), open, unclear: 0 }
}

/** What follows from some runs of which the first are named. */
const impactOf = (
  count: number,
  found: Readonly<Record<string, number | string>>,
  evidence: readonly Evidence[],
): Pick<Impact, 'found' | 'evidence' | 'evidenceOmitted'> => ({
  ...(count > 0 && { found }),
  evidence,
  evidenceOmitted: count - evidence.length,
})

const evidenceOf = (run: RecentRun, data: Evidence['data'] = {}): Evidence => ({
  kind: 'job-run',
  id: run.id,
  at: isoTime(run.start),
  data: { end: run.end === null ? null : isoTime(run.end), plan: run.plan, ...data },
})

import type { JobRun } from '@backproof/core/history'
import { PLAN_LIMIT } from './plans.js'
import { type Ring, ring } from './statistics/index.js'

/** Starts of one asset that are kept: two a minute for 30 days, and some. */
const START_LIMIT = 100_000

/** Slots of runs that are of no plan that is told apart. */
const UNNAMED = 0
const BEYOND = 1
const FIRST_PLAN = 2

/** When the runs of one asset began, the newest of them: schedules are known only once all runs were seen. */
export interface RunStarts {
  /** Slot of each plan that runs name. */
  readonly plans: Map<string, number>
  readonly starts: Ring<number>
  /** For each start its slot, three times, and what became of the run: 0 it began, 1 it was skipped, 2 nobody can say. */
  readonly marks: Ring<number>
  /** One that lies after the clock of the audit. */
  ahead?: JobRun
}

export const noStarts = (limit: number = START_LIMIT): RunStarts => ({
  plans: new Map(),
  starts: ring(limit),
  marks: ring(limit),
})

/** Runs come in order of their start. Changes the state. */
export const addStart = (state: RunStarts, { plan, start, status }: JobRun): void => {
  state.starts.push(start)
  state.marks.push(slotOf(state, plan) * 3 + (status === 'skipped' ? 1 : status === 'unknown' ? 2 : 0))
}

const slotOf = ({ plans }: RunStarts, plan: JobRun['plan']): number => {
  if (plan === undefined || plan === null) return UNNAMED
  const known = plans.get(plan)
  if (known !== undefined) return known
  if (plans.size >= PLAN_LIMIT) return BEYOND
  const slot = FIRST_PLAN + plans.size
  plans.set(plan, slot)
  return slot
}

/** Starts that count for one plan, each list ascending. */
export interface PlanStarts {
  readonly began: readonly number[]
  /** Runs that the system skipped: they began nothing. */
  readonly skipped: readonly number[]
  /** Runs that may be of this plan, as of another, or of which nobody can say whether they began. */
  readonly unsure: readonly number[]
}

/** From when on all starts are kept; `undefined` where none was dropped. */
export const keptFrom = ({ starts }: RunStarts): number | undefined => {
  const kept = starts.items()
  // Those that were dropped may have had the same time as the oldest.
  return starts.pushed > kept.length ? kept[0]! + 1 : undefined
}

/** The starts of each of the plans that the policy gives an asset. Runs that name none are of the only plan there is. */
export const startsByPlan = (state: RunStarts, plans: readonly string[]): ReadonlyMap<string, PlanStarts> => {
  const starts = state.starts.items()
  const marks = state.marks.items()
  const slots = new Map<number, Slot>()
  for (let at = 0; at < starts.length; at++) {
    const mark = marks[at]!
    const slot = Math.floor(mark / 3)
    let known = slots.get(slot)
    if (known === undefined) {
      known = { began: [], skipped: [], untold: [] }
      slots.set(slot, known)
    }
    known[OUTCOMES[mark % 3]!].push(starts[at]!)
  }
  const isOnly = new Set([...plans, ...state.plans.keys()]).size === 1
  const of = (slot: number | undefined): Slot => slots.get(slot ?? -1) ?? { began: [], skipped: [], untold: [] }
  const loose = merged(of(UNNAMED).began, of(BEYOND).began)
  const untoldLoose = merged(of(UNNAMED).untold, of(BEYOND).untold)
  return new Map(
    plans.map((plan) => {
      const { began, skipped, untold } = of(state.plans.get(plan))
      const unsure = merged(untold, untoldLoose)
      return [
        plan,
        isOnly
          ? { began: merged(began, loose), skipped: merged(skipped, of(UNNAMED).skipped), unsure }
          : { began, skipped, unsure: merged(loose, unsure) },
      ]
    }),
  )
}

/** Starts of one slot, by what became of the runs. */
type Slot = Record<(typeof OUTCOMES)[number], number[]>
const OUTCOMES = ['began', 'skipped', 'untold'] as const

const merged = (a: readonly number[], b: readonly number[]): readonly number[] =>
  b.length === 0 ? a : a.length === 0 ? b : [...a, ...b].sort((x, y) => x - y)

/** Whether one of the times, which ascend, lies between two others, both included. */
export const hasBetween = (times: readonly number[], from: number, to: number): boolean => {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < from) low = middle + 1
    else high = middle
  }
  return low < times.length && times[low]! <= to
}

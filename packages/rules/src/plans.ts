import {
  type Asset,
  type BackupPlan,
  type FoldContext,
  type FoldedFact,
  factValue,
  type Message,
  type SettledFact,
  type Verdict,
} from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'

/** Plans of one asset that a fold tells apart. More are no plans, but names that something makes up. */
export const PLAN_LIMIT = 100

/** Subject of runs that name no plan, of an asset with several. */
export const NO_PLAN = '(no plan)'

const OTHER_PLANS = '(other plans)'

/** What a fold over the runs of one asset came to: over all of them, and for each plan that runs name. */
export interface RunsByPlan<S> {
  readonly all: S
  readonly plans: Map<string, S>
  /** Over runs that name no plan; absent without such runs. */
  unnamed?: S
  /** Runs of plans beyond {@link PLAN_LIMIT}, which are told apart no more. */
  beyond: number
}

/** Parts of a fold over the runs of one asset that keeps a state for each plan. `step` changes the state that it is given. */
export const foldByPlan = <S, O>({
  init,
  step,
}: {
  readonly init: () => S
  readonly step: (state: S, run: JobRun, context: FoldContext<O>) => void
}): {
  readonly init: () => RunsByPlan<S>
  readonly step: (state: RunsByPlan<S>, run: JobRun, context: FoldContext<O>) => RunsByPlan<S>
} => ({
  init: () => ({ all: init(), plans: new Map(), beyond: 0 }),
  step: (state, run, context) => {
    step(state.all, run, context)
    const own = ownState(state, run, init)
    if (own === undefined) state.beyond += 1
    else step(own, run, context)
    return state
  },
})

const ownState = <S>(state: RunsByPlan<S>, { plan }: JobRun, init: () => S): S | undefined => {
  if (plan === undefined || plan === null) {
    state.unnamed ??= init()
    return state.unnamed
  }
  const known = state.plans.get(plan)
  if (known !== undefined || state.plans.size >= PLAN_LIMIT) return known
  const made = init()
  state.plans.set(plan, made)
  return made
}

/** What is judged on its own. */
export interface PlanGroup<S> {
  /** Id of the plan; absent where nobody names any. */
  readonly subject: string | undefined
  /** As the policy has it. */
  readonly plan: BackupPlan | undefined
  /** Absent where no run is of this plan. */
  readonly state: S | undefined
}

/**
 * Plans of an asset: those of the policy, else those that runs name. Runs that name none are of its only plan; where there are
 * several they stand alone.
 */
export const planGroups = <S>(asset: SettledFact<Asset>, runs: RunsByPlan<S>): readonly PlanGroup<S>[] => {
  const promised = new Map(factValue(asset)?.plans.map((plan) => [plan.id, plan]))
  const named = [...runs.plans.keys()].sort()
  const judged = promised.size > 0 ? [...promised.keys()] : named
  const known = new Set([...judged, ...named])
  if (known.size < 2) {
    const [subject] = known
    return [{ subject, plan: promised.get(subject ?? ''), state: runs.all }]
  }
  const groups = judged.map((id) => ({ subject: id, plan: promised.get(id), state: runs.plans.get(id) }))
  return runs.unnamed === undefined ? groups : [...groups, { subject: NO_PLAN, plan: undefined, state: runs.unnamed }]
}

/** Messages of rules that judge each plan. */
export const planMessages = {
  'too-many-plans': {
    status: 'unknown',
    text: `its runs name more than ${PLAN_LIMIT} plans, and {runs} runs of the rest were not told apart`,
  },
  'other-plans': {
    status: 'not-applicable',
    text: 'its runs name plans that the policy does not give it, and that are not judged: {plans}',
  },
} as const satisfies Record<string, Message>

/** Messages of rules that ask what the last runs of each plan came to. */
export const unnamedMessages = {
  'plan-untold': {
    status: 'unknown',
    text: 'it has several plans, and nobody can say which of them its runs are of that name none and that nothing is wrong with',
  },
} as const satisfies Record<string, Message>

/**
 * Good news of runs that name no plan, of an asset with several, is none: the last run of them all hides what the last run of one of
 * the plans came to.
 */
export const doubtUnnamed = <M extends string>(
  verdict: Verdict<M>,
  { subject }: Pick<PlanGroup<unknown>, 'subject'>,
  good: NoInfer<M>,
): Verdict<M | keyof typeof unnamedMessages> =>
  subject === NO_PLAN && verdict.message === good ? { ...verdict, message: 'plan-untold' } : verdict

/** A verdict for each plan of an asset, and what has to be said of runs that are of none of them. */
export const judgePlans = <S, M extends string>(
  asset: SettledFact<Asset>,
  { value }: FoldedFact<RunsByPlan<S>>,
  judge: (state: S | undefined, group: PlanGroup<S>) => Verdict<M>,
): readonly Verdict<M | keyof typeof planMessages>[] => {
  const tooMany = { message: 'too-many-plans', data: { runs: value.beyond } } as const
  const verdicts: Verdict<M | keyof typeof planMessages>[] = planGroups(asset, value).map((group) => ({
    ...(group.state === undefined && value.beyond > 0 ? tooMany : judge(group.state, group)),
    subject: group.subject,
  }))
  if (value.beyond > 0) verdicts.push(tooMany)
  const other = otherPlans(asset, value)
  if (other.length > 0)
    verdicts.push({
      message: 'other-plans',
      subject: OTHER_PLANS,
      data: { plans: other.slice(0, 5).join(', '), count: other.length },
      evidence: other.map((id) => ({ kind: 'plan', id })),
    })
  return verdicts
}

const otherPlans = (asset: SettledFact<Asset>, { plans }: RunsByPlan<unknown>): readonly string[] => {
  const promised = factValue(asset)?.plans ?? []
  if (promised.length === 0) return []
  const ids = new Set(promised.map(({ id }) => id))
  return [...plans.keys()].filter((id) => !ids.has(id)).sort()
}

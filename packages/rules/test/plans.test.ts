import type { Asset, FoldContext, SettledFact } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldByPlan, NO_PLAN, PLAN_LIMIT, planGroups, type RunsByPlan } from '../src/plans.js'
import { jobRun, plan } from './job-run.js'
import { ABSENT, NOW, shop } from './restore-test.js'

const ids = foldByPlan({ init: (): string[] => [], step: (state, { id }) => void state.push(id) })
const context: FoldContext = { target: { kind: 'asset', id: 'shop' }, now: NOW, observedAt: NOW, options: {} }

const folded = (runs: readonly JobRun[]): RunsByPlan<string[]> =>
  runs.reduce((state, run) => ids.step(state, run, context), ids.init())

const known = (...plans: readonly string[]): SettledFact<Asset> => ({
  state: 'known',
  value: shop({ plans: plans.map((id) => plan(id)) }),
  source: 'policy',
  observedAt: NOW,
})

/** Runs of plans, by name; `null` names none. */
const runsOf = (plans: readonly (string | null)[]): readonly JobRun[] =>
  plans.map((name, index) => jobRun(plans.length - index, { id: `run-${index}`, plan: name }))

const NAMES = fc.array(fc.constantFrom('a', 'b', 'c', null), { maxLength: 20 })

describe('runs by plan', () => {
  it('are for each plan those that name it, and for all of them all', () => {
    fc.assert(
      fc.property(NAMES, (names) => {
        const runs = runsOf(names)
        const { all, plans, unnamed, beyond } = folded(runs)
        expect(all).toEqual(runs.map(({ id }) => id))
        for (const name of ['a', 'b', 'c', null]) {
          const own = runs.filter((run) => run.plan === name).map(({ id }) => id)
          expect((name === null ? unnamed : plans.get(name)) ?? []).toEqual(own)
        }
        expect(beyond).toBe(0)
      }),
    )
  })

  it('are each in one group, unless the policy does not have their plan', () => {
    fc.assert(
      fc.property(NAMES, fc.subarray(['a', 'b', 'c']), (names, promised) => {
        const runs = runsOf(names)
        const fact = promised.length === 0 ? ABSENT : known(...promised)
        const groups = planGroups(fact, folded(runs))
        const judged = groups.flatMap(({ state }) => state ?? []).sort()
        const foreign = ({ plan: name }: JobRun) =>
          typeof name === 'string' && promised.length > 0 && !promised.includes(name)
        expect(judged).toEqual(
          runs
            .filter((run) => !foreign(run))
            .map(({ id }) => id)
            .sort(),
        )
        for (const id of promised) expect(groups.map(({ subject }) => subject)).toContain(id)
      }),
    )
  })

  it('without a plan are of the only one, and else stand alone', () => {
    const runs = folded(runsOf(['a', null]))
    expect(planGroups(known('a'), runs).map(({ subject, state }) => [subject, state])).toEqual([
      ['a', ['run-0', 'run-1']],
    ])
    expect(planGroups(ABSENT, runs).map(({ subject }) => subject)).toEqual(['a'])
    expect(planGroups(known('a', 'b'), runs).map(({ subject, state }) => [subject, state])).toEqual([
      ['a', ['run-0']],
      ['b', undefined],
      [NO_PLAN, ['run-1']],
    ])
  })

  it('are of the asset where nobody names a plan', () => {
    expect(planGroups(ABSENT, folded(runsOf([null])))).toEqual([
      { subject: undefined, plan: undefined, state: ['run-0'] },
    ])
  })

  it('are told apart for so many plans, and counted beyond', () => {
    const { plans, beyond } = folded(runsOf(Array.from({ length: PLAN_LIMIT + 3 }, (_, index) => `plan-${index}`)))
    expect([plans.size, beyond]).toEqual([PLAN_LIMIT, 3])
  })
})

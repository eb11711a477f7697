import type { JobRun } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRun, noChains, PLAN_LIMIT } from '../../src/incremental/chains.js'
import { countRun, noShare, shareOf } from '../../src/incremental/full-share.js'
import { jobRun } from '../job-run.js'

/** A run as it was, and what is not told of it. */
const run = fc.record({
  kind: fc.constantFrom('full' as const, 'incremental' as const, 'differential' as const),
  plan: fc.constantFrom('a', 'b'),
  made: fc.boolean(),
  hidesKind: fc.boolean(),
  hidesPlan: fc.boolean(),
  hidesEnd: fc.boolean(),
})
type Run = Omit<typeof run extends fc.Arbitrary<infer R> ? R : never, 'plan'> & { readonly plan: string }

const runs = fc.array(run, { maxLength: 12 }).map((all) => [
  // Begun by a full one each, so that there is a true length.
  ...['a', 'b'].map((plan) => ({
    kind: 'full' as const,
    plan,
    made: true,
    hidesKind: false,
    hidesPlan: false,
    hidesEnd: false,
  })),
  ...all,
])

const told = ({ kind, plan, made, hidesKind, hidesPlan, hidesEnd }: Run, index: number): JobRun =>
  jobRun(100 - index, {
    id: `run-${index}`,
    kind: hidesKind ? null : kind,
    plan: hidesPlan ? null : plan,
    status: hidesEnd ? 'unknown' : made ? 'success' : 'failed',
  })

/** What a restore of the newest backup of a plan needs on top of the full one, by the words. */
const lengthOf = (all: readonly Run[], plan: string): number =>
  all
    .filter((one) => one.plan === plan && one.made)
    .reduce((length, { kind }) => (kind === 'full' ? 0 : kind === 'differential' ? 1 : length + 1), 0)

const chainsOf = (all: readonly JobRun[]) => all.reduce((chains, one) => addRun(chains, one, ['restic']), noChains())

describe('whatever is not told', () => {
  it('the length of a chain lies between the least and the most', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const chains = chainsOf(all.map(told))
        for (const plan of ['a', 'b']) {
          const { least, most } = chains.byPlan.get(plan)!
          const length = lengthOf(all, plan)
          expect([least <= length, length <= most], `${plan}: ${least} to ${most}, and ${length}`).toEqual([true, true])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the share of full backups lies between the least and the most', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const { least, most } = shareOf(all.map(told).reduce((share, one) => countRun(share, one, 20), noShare()))
        const made = all.filter((one) => one.made)
        const share = (made.filter(({ kind }) => kind === 'full').length * 100) / made.length
        expect([least <= share, share <= most], `${least} to ${most}, and ${share}`).toEqual([true, true])
      }),
      { numRuns: 500 },
    )
  })
})

it('where everything is told of one plan, the length is exact', () => {
  fc.assert(
    fc.property(runs, (all) => {
      const open = all.map((one) => ({ ...one, plan: 'a', hidesKind: false, hidesPlan: false, hidesEnd: false }))
      const { least, most } = chainsOf(open.map(told)).byPlan.get('a')!
      expect([least, most]).toEqual([lengthOf(open, 'a'), lengthOf(open, 'a')])
    }),
  )
})

it('more plans than are told apart are counted', () => {
  const many = Array.from({ length: PLAN_LIMIT + 3 }, (_, i) =>
    jobRun(100 - i / 10, { kind: 'full', plan: `plan-${i}` }),
  )
  const chains = chainsOf(many)
  expect([chains.byPlan.size, chains.beyond]).toEqual([PLAN_LIMIT, 3])
})

it('backups that need no others are part of no chain', () => {
  const chained = [jobRun(9, { kind: 'full' }), jobRun(8, { kind: 'incremental' })]
  const alone = [jobRun(7, { kind: 'full', system: 'restic' }), jobRun(6, { status: 'partial', system: 'restic' })]
  const chains = chainsOf([...chained, ...alone])
  expect([...chains.byPlan.values()].map(({ least, most }) => [least, most])).toEqual([[1, 1]])
  expect(chains.alone?.id).toBe('run-7')
})

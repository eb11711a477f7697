import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Drill, drills, type JobRun, jobRuns } from '@backproof/core/history'
import { askRule, type CaseHistory, type RuleCase, type RuleTest } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'

/*
 * Knowing less never passes: where the newest run, or restore test, becomes one of which nobody can say how it ended, no part of the
 * asset passes that did not pass before.
 */

/** Rules that rightly say otherwise. */
const RIGHTLY: Readonly<Record<string, string>> = {
  'job-recurring-errors': 'bounds what may have happened: one run that may have failed is no error that comes back',
}

const folder = join(import.meta.dirname, 'rules')
const tests = await Promise.all(
  readdirSync(folder).map(
    async (name) => ((await import(join(folder, name))) as { readonly default: RuleTest }).default,
  ),
)

const CHANGES = {
  [jobRuns.name]: (item: unknown): unknown => ({ ...(item as JobRun), status: 'unknown' }),
  [drills.name]: (item: unknown): unknown => ({
    ...(item as Drill),
    outcome: 'unknown',
    validation: null,
    level: null,
  }),
}

/** The question with its newest item changed; `undefined` where it has none. */
const lessKnown = (
  one: RuleCase,
  name: string,
  timeOf: (item: unknown) => number,
  change: (item: unknown) => unknown,
): RuleCase | undefined => {
  const told = one.histories?.[name]
  const items = itemsOf(told)
  if (told === undefined || items.length === 0) return undefined
  const newest = items.reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a))
  const changed = items.map((item) => (item === newest ? change(item) : item))
  return { ...one, histories: { ...one.histories, [name]: { ...('items' in told ? told : {}), items: changed } } }
}

const itemsOf = (told: CaseHistory | undefined): readonly unknown[] =>
  told === undefined ? [] : 'items' in told ? told.items : told

describe('with a newest item that nobody can tell of, nothing new passes', () => {
  for (const test of tests) {
    const { meta } = test.rule
    const folds = Object.entries((test.rule as () => ReturnType<typeof test.rule>)().folds)
    for (const [name, { history }] of folds) {
      const change = CHANGES[history.name]
      if (change === undefined || RIGHTLY[meta.id] !== undefined) continue
      it(meta.id, async () => {
        for (const one of test.cases) {
          const less = lessKnown(one, name, history.timeOf, change)
          if (less === undefined) continue
          const passing = async (question: RuleCase): Promise<readonly (string | undefined)[]> =>
            (await askRule(test.rule, question)).flatMap(({ status, subject }) => (status === 'pass' ? [subject] : []))
          const before = await passing(one)
          const after = await passing(less)
          expect(
            after.filter((subject) => !before.includes(subject)),
            one.name,
          ).toEqual([])
        }
      })
    }
  }
})

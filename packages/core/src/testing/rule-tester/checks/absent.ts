import { ask } from '../ask.js'
import type { AskedCase, Bench, CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'
import { checkRows } from '../rows.js'
import { checkNoBetter } from '../variants.js'

export const absentChecks: readonly CheckDefinition[] = [
  {
    name: 'absent-as-stated',
    title: 'the test says what comes out where a fact is absent, and that comes out',
    run: async (bench) => {
      const { absent = {} } = bench.test
      const needs = Object.keys(bench.plain().needs)
      for (const name of Object.keys(absent))
        if (!needs.includes(name)) throw broken(`\`absent\` speaks of ${name}, which the rule does not need.`)
      const [first] = needs
      if (first === undefined) return
      const one = await firstPass(bench)
      const question = one.question()
      for (const name of needs) {
        const expected = absent[name]
        if (expected === undefined) throw broken(`\`absent\` does not say what comes out where ${name} is absent.`)
        const fact = { state: 'absent', source: 'case', observedAt: question.now } as const
        const rows = await ask({ ...question, facts: { ...question.facts, [name]: fact } })
        checkRows(rows, expected, `"${one.case.name}", with ${name} absent`)
      }
    },
  },
  {
    name: 'empty-never-passes',
    title: 'with nothing in any history, nothing passes',
    run: async ({ cases }) => {
      for (const { case: one, question, answer } of cases) {
        const asked = question()
        if (Object.keys(asked.histories).length === 0) continue
        const histories = Object.fromEntries(
          Object.entries(asked.histories).map(([name, history]) => [name, { ...history, items: [] }]),
        )
        const before = await answer()
        const rows = await ask({ ...asked, histories })
        // Nothing there may make a question moot: a pass is what it must not become.
        const asking = rows.filter(({ status }) => status !== 'not-applicable')
        if (rows.length > 0 && asking.length === 0) continue
        checkNoBetter(asking, before, one, 'empty histories')
      }
    },
  },
]

/** The first case that passes; where none does, the first of all. */
const firstPass = async ({ cases }: Bench): Promise<AskedCase> => {
  for (const one of cases) if ((await one.answer()).some(({ status }) => status === 'pass')) return one
  const [first] = cases
  if (first === undefined) throw broken('There are no cases.')
  return first
}

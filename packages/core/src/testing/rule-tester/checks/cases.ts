import { canonicalJson } from '../../../report/canonical.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'
import { checkRows } from '../rows.js'

export const caseChecks: readonly CheckDefinition[] = [
  {
    name: 'comes-to-an-end',
    title: 'the rule comes to an end in all cases; where it does not, no check can be made',
    run: ({ ends, meta }) => {
      if (!ends()) throw broken(`${meta.id} does not come to an end.`)
    },
  },
  {
    name: 'cases-differ',
    title: 'there are cases; no two have one name, or ask the same',
    run: ({ test }) => {
      if (test.cases.length === 0) throw broken('There are no cases.')
      const names = new Set<string>()
      const questions = new Map<string, string>()
      for (const { name, expect, ...question } of test.cases) {
        if (names.has(name)) throw broken(`Two cases have the name "${name}".`)
        names.add(name)
        const asked = canonicalJson(JSON.parse(JSON.stringify(question)))
        const same = questions.get(asked)
        if (same !== undefined) throw broken(`The cases "${same}" and "${name}" ask the same.`)
        questions.set(asked, name)
      }
    },
  },
  {
    name: 'cases-as-expected',
    title: 'each case gives the verdicts that it expects, and no others',
    run: async ({ cases }) => {
      for (const { case: one, answer } of cases) checkRows(await answer(), one.expect, `"${one.name}"`)
    },
  },
]

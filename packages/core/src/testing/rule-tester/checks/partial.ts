import { ask } from '../ask.js'
import { askDirectly, verdictsOf } from '../ask-directly.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'
import type { Question } from '../question.js'
import { checkNoBetter, oneOfEach, variantsOf } from '../variants.js'

export const partialChecks: readonly CheckDefinition[] = [
  {
    name: 'partial-never-passes',
    title: 'with only part of any fact or history seen, nothing passes, and the rule makes no failure better',
    run: async (bench) => {
      const engine = new Set(await oneOfEach(bench))
      for (const one of bench.cases) {
        const asked = one.question()
        const before = statusesOf(asked)
        for (const { what, question } of variantsOf(asked, {
          word: 'partial',
          fact: (fact) => (fact.state === 'known' ? { ...fact, partial: true } : undefined),
          history: (history) => ({ ...history, partial: true }),
        })) {
          if (engine.has(one)) checkNoBetter(await ask(question), await one.answer(), one.case, what)
          const after = statusesOf(question)
          const excused = after.has('not-applicable') && !before.has('not-applicable')
          const forgiven = before.has('fail') && !after.has('fail') && after.has('pass')
          if (excused || forgiven)
            throw broken(
              `"${one.case.name}", with ${what}: the rule turns ${[...before].join(', ')} into ${[...after].join(', ')}.`,
            )
        }
      }
    },
  },
]

const statusesOf = (question: Question): ReadonlySet<string | undefined> => {
  const { messages } = question.rule.meta
  return new Set(verdictsOf(askDirectly(question)).map(({ message }) => messages[message]?.status))
}

import { type Fact, factToken } from '../../../audit/fact.js'
import { ask } from '../ask.js'
import type { CheckDefinition } from '../bench.js'
import { checkNoBetter, oneOfEach, variantsOf } from '../variants.js'

const DENIED: Fact<never> = { state: 'unknown', reason: 'denied', missingPermission: 'read' }
const NOBODY_KNOWS = factToken<never>('asked.nobody-knows', { description: 'what no collector gives' })
/** Longer ago than facts may have been read (a day). */
const STALE_MS = 2 * 86_400_000

export const unknownChecks: readonly CheckDefinition[] = [
  {
    name: 'unknown-never-passes',
    title: 'with any fact or history unknown, or one more that is, nothing passes',
    run: async (bench) => {
      for (const { case: one, question, answer } of await oneOfEach(bench)) {
        const asked = question()
        const { rule } = asked
        const more = { ...rule, needs: { ...rule.needs, nobodyKnows: NOBODY_KNOWS } }
        for (const variant of [
          ...variantsOf(asked, {
            word: 'denied',
            fact: () => DENIED,
            history: (history) => ({ ...history, denied: true }),
          }),
          { what: 'one more need that nobody knows', question: { ...asked, rule: more } },
        ])
          checkNoBetter(await ask(variant.question), await answer(), one, variant.what)
      }
    },
  },
  {
    name: 'stale-never-passes',
    title: 'with any fact or history that was read two days ago, nothing passes',
    run: async (bench) => {
      for (const { case: one, question, answer } of await oneOfEach(bench)) {
        const asked = question()
        const observedAt = asked.now - STALE_MS
        for (const variant of variantsOf(asked, {
          word: 'stale',
          fact: (fact) => (fact.state === 'unknown' ? undefined : { ...fact, observedAt }),
          history: (history) => ({ ...history, observedAt }),
        }))
          checkNoBetter(await ask(variant.question), await answer(), one, variant.what)
      }
    },
  },
]

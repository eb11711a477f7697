import { compareItems } from '../../../audit/engine/item-order.js'
import type { HistorySource } from '../../../audit/history.js'
import { canonicalJson } from '../../../report/canonical.js'
import { type Arrangement, ask, sourceOf } from '../ask.js'
import { askDirectly } from '../ask-directly.js'
import type { Bench, CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'
import type { AskedHistory } from '../question.js'
import { essenceOf, shownRows } from '../rows.js'

export const determinismChecks: readonly CheckDefinition[] = [
  {
    name: 'same-twice',
    title: 'the same question gives the same rows again',
    run: (bench) => sameRows(bench, 'asked again'),
  },
  {
    name: 'any-order',
    title: 'the order of collectors and of items changes nothing',
    run: (bench) =>
      sameRows(bench, 'with facts and items shuffled', {
        sources: (asked) => [sourceOf({ ...asked, items: shuffled(asked.items) })],
        order: (collectors) => [...collectors].reverse(),
      }),
  },
  {
    name: 'any-split',
    title: 'a history in two parts, in pages of one item, is the same history',
    run: (bench) =>
      sameRows(bench, 'with histories in two parts', {
        sources: (asked) => [
          inOrder({ ...asked, items: asked.items.filter((_, i) => i % 2 === 0) }),
          sourceOf({ ...asked, items: asked.items.filter((_, i) => i % 2 === 1 || i === 0) }),
        ],
        order: (collectors) => collectors,
      }),
  },
  {
    name: 'no-memory',
    title: 'what a rule was asked before changes nothing',
    run: ({ cases }) => {
      const answers = new Map<string, string>()
      for (const { case: one, question } of [...cases, ...[...cases].reverse()]) {
        const answer = canonicalJson(askDirectly(question()) ?? null)
        const before = answers.get(one.name) ?? answer
        answers.set(one.name, before)
        if (before !== answer) throw broken(`"${one.name}" gave ${before}, and later ${answer}.`)
      }
    },
  },
]

const sameRows = async ({ cases }: Bench, how: string, arrangement?: Arrangement): Promise<void> => {
  for (const { case: one, question, answer } of cases) {
    if (arrangement !== undefined && Object.keys({ ...question().histories, ...question().facts }).length === 0)
      continue
    const [before, after] = [await answer(), await ask(question(), arrangement)]
    if (essenceOf(before) !== essenceOf(after))
      throw broken(`"${one.name}" gave ${shownRows(before)}, and ${how} ${shownRows(after)}.`)
  }
}

/** The same order each time: a failure that comes and goes helps nobody. */
const shuffled = (items: readonly unknown[]): readonly unknown[] => {
  const order = [...items]
  let seed = 7
  for (let i = order.length - 1; i > 0; i -= 1) {
    seed = (seed * 48_271) % 2_147_483_647
    const j = seed % (i + 1)
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}

/** A source that promises the order, in pages of one item. */
const inOrder = (asked: AskedHistory): HistorySource<unknown> => {
  const source = sourceOf(asked)
  const items = [...asked.items].sort(compareItems(asked.history))
  return {
    ...source,
    describe: async (o) => ({ ...(await source.describe(o)), order: 'target-time' }),
    read: async function* () {
      for (const item of items) yield [item]
    },
  }
}

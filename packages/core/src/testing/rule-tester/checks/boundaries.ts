import type { DurationOption, NumberOption } from '../../../audit/option.js'
import type { RuleFactory } from '../../../audit/rule.js'
import { ask } from '../ask.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'
import { questionOf } from '../question.js'
import { shownRows } from '../rows.js'
import type { RuleBoundary } from '../types.js'

export const boundaryChecks: readonly CheckDefinition[] = [
  {
    name: 'boundaries-exact',
    title: 'at the limit of each numeric option, and a step to either side, comes out what the test says',
    run: async ({ meta, factory, test: { boundaries = {} } }) => {
      const numeric = Object.entries(meta.options).flatMap(([name, option]) =>
        option.kind === 'number' || option.kind === 'duration' ? [[name, option] as const] : [],
      )
      for (const name of Object.keys(boundaries))
        if (!numeric.some(([one]) => one === name))
          throw broken(`\`boundaries\` speaks of ${name}, which is no option with a number or a time span.`)
      for (const [name, option] of numeric) {
        const boundary = boundaries[name]
        if (boundary === undefined) throw broken(`\`boundaries\` has nothing for the option ${name}.`)
        await checkBoundary(factory, name, option, boundary)
      }
    },
  },
]

const checkBoundary = async (
  factory: RuleFactory,
  name: string,
  { min, max, step, stricter }: NumberOption | DurationOption,
  { question, limit, ...expected }: RuleBoundary,
): Promise<void> => {
  const { at, stricter: strict, laxer: lax } = expected
  if (at === strict && at === lax) throw broken(`\`boundaries\` expects ${at} on both sides of the limit of ${name}.`)
  const towards = stricter === 'higher' ? step : -step
  for (const [where, value, message] of [
    ['at the limit', limit, at],
    ['a step stricter', limit + towards, strict],
    ['a step laxer', limit - towards, lax],
  ] as const) {
    // Steps such as 0.1 add up to 98.10000000000001.
    const rounded = Math.round(value * 1e9) / 1e9
    if (rounded < min || rounded > max)
      throw broken(`The limit ${limit} of ${name} has no room ${where} (${min} to ${max}). Ask for another limit.`)
    const asked = questionOf(factory, { ...question, options: { ...question.options, [name]: rounded } })
    const rows = await ask(asked)
    const messages = rows.map((row) => row.message)
    const others = [at, strict, lax].filter((other) => other !== message)
    if (!messages.includes(message) || others.some((other) => messages.includes(other)))
      throw broken(`With ${name} ${rounded}, ${where}: expected ${message}, and got ${shownRows(rows)}.`)
  }
}

import { askDirectly, verdictsOf } from '../ask-directly.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'

const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]!)

export const messageChecks: readonly CheckDefinition[] = [
  {
    name: 'messages-used',
    title: 'each message of the rule comes up in a case',
    run: async ({ cases, meta }) => {
      const used = new Set<string>()
      for (const { answer } of cases) for (const { message } of await answer()) used.add(message)
      const unused = Object.keys(meta.messages).filter((message) => !used.has(message))
      if (unused.length > 0) throw broken(`No case gives ${unused.join(', ')}.`)
    },
  },
  {
    name: 'placeholders-filled',
    title: 'each placeholder of a message has a value',
    run: ({ cases, meta }) => {
      for (const { case: one, question } of cases)
        for (const { message, data = {} } of verdictsOf(askDirectly(question()))) {
          const names = placeholders(meta.messages[message]?.text ?? '')
          const empty = names.filter((name) => data[name] === undefined || data[name] === null)
          if (empty.length > 0) throw broken(`"${one.name}": ${message} has no value for {${empty.join('}, {')}}.`)
        }
    },
  },
]

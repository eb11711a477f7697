import { redact } from '../../../redact.js'
import { askDirectly } from '../ask-directly.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'

export const secretChecks: readonly CheckDefinition[] = [
  {
    name: 'no-secrets',
    title: 'neither meta nor any verdict or row has what looks like a secret',
    run: async ({ meta, cases }) => {
      check(meta, `The meta of ${meta.id}`)
      for (const { case: one, question, answer } of cases) {
        check(askDirectly(question()) ?? null, `"${one.name}": what the rule gives`)
        check(await answer(), `"${one.name}": a row`)
      }
    },
  },
]

/** Each text by itself: quotes and braces around it mean something to the patterns. */
const check = (value: unknown, what: string): void => {
  if (typeof value === 'string') {
    const without = redact(value)
    if (without !== value) throw broken(`${what} has what looks like a secret: ${without}`)
  } else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) check(member, what)
}

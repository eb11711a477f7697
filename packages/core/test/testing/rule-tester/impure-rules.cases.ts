import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { judge, type SafeInput, safeRule, testOf } from './right-rule.js'

const keptNow = Date.now

/** What a rule must not do, by the name of the trap that it runs into. Asked for as `impure-rules.cases.ts?name`. */
const REACHES: Readonly<Record<string, (input: SafeInput) => unknown>> = {
  nothing: () => undefined,
  'new Date() of a time': ({ now }) => new Date(now).toISOString() + Date.UTC(2026, 1, 1) + Date.parse('2026-01-01'),
  'Date.now': () => Date.now(),
  'Date.now kept': () => keptNow(),
  'new Date()': () => new Date(),
  'Date()': () => Date(),
  'Date.prototype.getHours': ({ now }) => new Date(now).getHours(),
  'performance.now': () => performance.now(),
  'process.hrtime': () => process.hrtime(),
  'process.hrtime.bigint': () => process.hrtime.bigint(),
  'process.env': () => process.env['HOME'],
  'process.cwd': () => process.cwd(),
  'Math.random': () => Math.random(),
  'crypto.randomUUID': () => crypto.randomUUID(),
  fetch: () => fetch('https://example.invalid/'),
  WebSocket: () => new WebSocket('wss://example.invalid/'),
  'node:fs.readFileSync': () => readFileSync(import.meta.filename),
  'node:fs/promises.readFile': () => readFile(import.meta.filename),
  'node:net.createConnection': () => createConnection(1),
  setTimeout: () => setTimeout(() => undefined, 1),
  queueMicrotask: () => queueMicrotask(() => undefined),
  'console.log': () => console.log('kept'),
}

const reach = decodeURIComponent(new URL(import.meta.url).search.slice(1))

export const REACH_NAMES: readonly string[] = Object.keys(REACHES)

export default testOf({
  rule: safeRule({
    evaluate: (input: SafeInput) => {
      // As one does who knows that it may go wrong: the trap is told all the same.
      try {
        REACHES[reach]?.(input)
      } catch {
        // Not for rules.
      }
      return judge(input)
    },
  }),
})

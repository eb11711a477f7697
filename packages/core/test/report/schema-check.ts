import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/** A file of the repository. */
export const fromRoot = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8')

export type Json = { [name: string]: unknown }

/** The schema with every object closed: then a member that it does not describe is an error. Readers must stay open. */
export const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node
  const out = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, closed(value)]))
  return 'properties' in out && typeof out['type'] === 'string' ? { ...out, additionalProperties: false } : out
}

export const compiled = (schema: unknown): ValidateFunction =>
  new Ajv2020({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true }).compile(schema as Json)

/** What is wrong with a value as it is on disk: through JSON. */
export const problems = (validate: ValidateFunction, value: unknown): unknown =>
  validate(JSON.parse(JSON.stringify(value))) ? [] : validate.errors

import { createHash } from 'node:crypto'
import type { JsonValue } from '../source/entry.js'

/**
 * JSON in one form only: object members sorted by name (by UTF-16 code unit, as RFC 8785 has it), members that are
 * undefined left out, no white space, numbers and strings as `JSON.stringify` writes them (lone surrogates as `\udc80`).
 * For plain JSON data: class instances, functions and the like have no place in it.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value))
    return `[${value.map((item) => (item === undefined ? 'null' : canonicalJson(item))).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

/** sha256 of the canonical JSON, lowercase hexadecimal: parts of a run merge only when it is equal. */
export const hashOptions = (options: Readonly<Record<string, JsonValue>>): string =>
  createHash('sha256').update(canonicalJson(options), 'utf8').digest('hex')

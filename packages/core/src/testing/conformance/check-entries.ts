import type { JsonValue } from '../../source/entry.js'
import { keyComparison } from '../memory-order.js'
import { broken, check, shown } from './check.js'

/** Throws unless the keys stand in that order; an order that is not known is none. */
export const checkOrder = (keys: readonly string[], order: string): void => {
  const compare = keyComparison(order)
  if (compare === undefined) return
  for (let i = 1; i < keys.length; i++) {
    const [before, key] = [keys[i - 1]!, keys[i]!]
    if (compare(before, key) > 0) throw broken(`${shown(key)} comes after ${shown(before)}; that is no ${order} order.`)
  }
}

export const checkUnique = (keys: readonly string[], what: string): void => {
  const seen = new Set<string>()
  for (const key of keys) {
    check(!seen.has(key), () => `${what} holds ${shown(key)} twice.`)
    seen.add(key)
  }
}

/** Throws unless `value` is the same after a round trip through JSON. */
export const checkJson = (value: unknown, what: string): void => {
  const bad = notJson(value, '')
  check(bad === undefined, () => `${what} is no plain JSON: ${bad}.`)
}

const notJson = (value: unknown, path: string): string | undefined => {
  const here = path === '' ? 'it' : path
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${here} is ${value}`
  if (typeof value !== 'object') return `${here} is of type ${typeof value}`
  const prototype: unknown = Object.getPrototypeOf(value)
  // Not compared with Object.prototype: a test runner may have objects of another realm.
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return `${here} is no plain object`
  for (const [name, part] of Object.entries(value as Readonly<Record<string, JsonValue | undefined>>)) {
    const bad = part === undefined ? undefined : notJson(part, `${path}.${name}`)
    if (bad !== undefined) return bad
  }
  return undefined
}

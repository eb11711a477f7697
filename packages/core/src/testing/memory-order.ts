import { compareKeys } from '../source/key.js'
import type { KeyOrder } from '../source/traits.js'

/** How two keys stand in a listing order; `undefined` for `none` and orders that are not known. */
export const keyComparison = (order: KeyOrder): ((a: string, b: string) => number) | undefined => {
  switch (order) {
    case 'utf8':
      return compareKeys
    case 'utf16':
      return (a, b) => (a < b ? -1 : a > b ? 1 : 0)
    case 'path':
      return (a, b) => compareKeys(a.replaceAll('/', '\0'), b.replaceAll('/', '\0'))
    default:
      return undefined
  }
}

/** Keys in a listing order; `none` is a shuffle that depends on nothing but the keys and the seed. */
export const orderKeys = (
  keys: Iterable<string>,
  order: 'utf8' | 'utf16' | 'path' | 'none',
  seed: number,
): string[] => {
  const compare = keyComparison(order)
  return compare === undefined ? shuffle([...keys].sort(compareKeys), randomFrom(seed)) : [...keys].sort(compare)
}

/** Fisher-Yates. */
const shuffle = <T>(items: T[], random: () => number): T[] => {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const held = items[i]!
    items[i] = items[j]!
    items[j] = held
  }
  return items
}

/** mulberry32 (Tommy Ettinger, 2017): numbers from 0 to below 1. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

import { keyToBytes } from '../../source/key.js'
import type { ConformanceHarness, ConformanceObject } from './types.js'

/** `length` bytes that differ from place to place, and for every seed: a shifted or foreign byte is seen. */
export const patternBytes = (length: number, seed: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  let state = Math.imul(seed + 1, 0x9e3779b1)
  for (let i = 0; i < length; i++) {
    // Numerical Recipes' linear congruential generator; its high byte is good enough for a pattern.
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** An object whose bytes follow from its key, unless they are given. */
export const objectOf = (key: string, bytes: Uint8Array = Buffer.from(`content of ${key}`)): ConformanceObject => ({
  key,
  ...(!key.isWellFormed() && { keyBytes: keyToBytes(key) }),
  bytes,
})

export const linkOf = (key: string, linkTarget: string): ConformanceObject => ({
  ...objectOf(key, new Uint8Array(0)),
  linkTarget,
})

/** Lengths around those at which buffers and parts end. */
export const SIZES: readonly number[] = [0, 1, 65_535, 65_536, 65_537, 1_500_000]

export const sizedObjects = (): ConformanceObject[] =>
  SIZES.map((size, i) => objectOf(`sizes/of-${size}`, patternBytes(size, i)))

export const LARGE_KEY = 'large'

export const largeObject = (harness: ConformanceHarness): ConformanceObject =>
  objectOf(LARGE_KEY, patternBytes(harness.largeBytes ?? 4 * 1024 * 1024, 77))

/** Names in which orders differ: a directory sorts as `name/`, so `a-b` and `a.txt` come before `a/b`, and `a0` after. */
const TRICKY = ['A-B', 'A/x', 'a-b', 'a.txt', 'a/b', 'a/b.c', 'a0', 'b/c/d', 'b/c.d', 'b/c-d']

export const manyObjects = ({ manyObjects: count = 2_500 }: ConformanceHarness): ConformanceObject[] => {
  const keys = TRICKY.slice(0, count)
  for (let i = keys.length; i < count; i++) keys.push(`many/part-${i % 7}/${i % 3 === 0 ? 'deeper/' : ''}object-${i}`)
  return keys.map((key) => objectOf(key))
}

export const canHold = (harness: ConformanceHarness, object: ConformanceObject): true | string => {
  if (harness.canHold !== undefined) return harness.canHold(object)
  if (object.linkTarget !== undefined) return 'the harness does not say that its place can hold symbolic links'
  return object.key.isWellFormed() || 'the harness does not say that its place can hold keys that are not UTF-8'
}

import { keyFromBytes, keyToBytes } from '../source/index.js'

/**
 * Learns from listed keys where later keys will be. A key is a number in [0, 1) whose digits are its bytes: the radix at
 * a position is the count of bytes seen there after the byte before (as arithmetic coding has it). On that line, hashes,
 * counters and dates lie almost evenly, so that the next pages can be extrapolated. Guesses only: nothing is exact here.
 */
export interface KeyModel {
  /** `keys` in canonical order: a page as the store gave it, wherever it lies. */
  observe(keys: readonly string[]): void
  /** `keys` follow the keys passed before, with none between: what was seen under a prefix that they leave behind is all. */
  pass(keys: readonly string[]): void
  /** Says that the store has `count` keys between `low` and `high`. The last few such spans tell the density. */
  addSpan(low: string, high: string, count: number): void
  /**
   * A well-formed key greater than `low` such that about `count` keys lie between; undefined if none can be guessed, or if
   * hardly anything would be left between it and `high`.
   */
  boundary(low: string, high: string | undefined, count: number): string | undefined
}

interface Alphabet {
  readonly seen: Set<number>
  /** Keys that go on behind a later byte at an earlier position were seen: what was not seen here is not to be expected. */
  closed: boolean
}

interface Span {
  readonly low: string
  readonly high: string
  readonly count: number
}

/** Positions beyond are not looked at. S3, Cloud Storage and Blob Storage end at 1024. */
const MAX_POSITIONS = 1024
const SPANS = 8
// Fixed point: 1024 bits hold 200 positions of 30 letters each; what is finer counts as equal.
const ONE = 1n << 1024n
/** Boundaries are this part of their distance exact: shorter keys, the same effect. */
const PRECISION = 256n
/** From so many different bytes on, a position is taken for one of random text, whose alphabet its neighbour has as well. */
const RICH = 10

export const createKeyModel = (): KeyModel => {
  const contexts = new Map<number, Alphabet>()
  const positions: Set<number>[] = []
  const spans: Span[] = []
  const alphabets = new Map<number, readonly number[]>()
  let passed: Uint8Array | undefined
  /** Least position at which passed keys differ. Of what lies under a shorter prefix than that, the begin was not seen. */
  let leastFork = MAX_POSITIONS

  const learn = (position: number, before: number, byte: number): void => {
    const index = position * 256 + before
    const context = contexts.get(index)
    if (context?.seen.has(byte)) return
    if (context === undefined) contexts.set(index, { seen: new Set([byte]), closed: false })
    else context.seen.add(byte)
    positions[position] ??= new Set()
    positions[position].add(byte)
    alphabets.clear()
  }

  const close = (position: number, before: number): void => {
    const context = contexts.get(position * 256 + before)
    if (context === undefined || context.closed) return
    context.closed = true
    alphabets.clear()
  }

  /** What may stand at `position` after `before`, in order. What was seen is widened as long as it may go on. */
  const alphabet = (position: number, before: number): readonly number[] => {
    const index = position * 256 + before
    let letters = alphabets.get(index)
    if (letters === undefined) {
      const context = contexts.get(index)
      const seen = context?.seen ?? positions[position] ?? new Set()
      const all = context?.closed === true ? seen : widened(seen, positions[position + 1])
      letters = [...all].sort((a, b) => a - b)
      alphabets.set(index, letters)
    }
    return letters
  }

  const toNumber = (key: string): bigint => {
    const bytes = keyToBytes(key)
    let low = 0n
    let width = ONE
    for (let i = 0; i < bytes.length && i < MAX_POSITIONS && width > 0n; i++) {
      const letters = alphabet(i, i === 0 ? 0 : bytes[i - 1]!)
      if (letters.length === 0) break
      let index = letters.findIndex((letter) => letter >= bytes[i]!)
      if (index < 0) index = letters.length
      const part = width / BigInt(letters.length)
      low += part * BigInt(index)
      if (letters[index] !== bytes[i]) break
      width = part
    }
    return low
  }

  const fromNumber = (number: bigint, tolerance: bigint): string => {
    const bytes: number[] = []
    let low = 0n
    let width = ONE
    while (bytes.length < MAX_POSITIONS && width > tolerance) {
      const letters = alphabet(bytes.length, bytes.at(-1) ?? 0)
      if (letters.length === 0) break
      const part = width / BigInt(letters.length)
      if (part === 0n) break
      const index = Math.min(Number((number - low) / part), letters.length - 1)
      bytes.push(letters[index]!)
      low += part * BigInt(index)
      width = part
    }
    return wellFormed(keyFromBytes(Uint8Array.from(bytes)))
  }

  /** Distance between two keys, the median of the last spans: a gap between folders does not disturb it. */
  const distance = (): bigint | undefined => {
    const distances: bigint[] = []
    for (const { low, high, count } of spans) {
      const width = toNumber(high) - toNumber(low)
      distances.push(count === 0 ? ONE : width / BigInt(count))
    }
    return distances.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[distances.length >> 1]
  }

  return {
    observe: (keys) => {
      const bytes = keys.map(keyToBytes)
      const forks = bytes.map((key, i) => (i === 0 ? 0 : forkOf(bytes[i - 1]!, key)))
      // What is finer than the distance of neighbours never decides.
      const depth = forks.reduce((a, b) => Math.max(a, b), 0) + 3
      bytes.forEach((key, i) => {
        for (let p = forks[i]!; p < Math.min(key.length, depth, MAX_POSITIONS); p++) {
          learn(p, p === 0 ? 0 : key[p - 1]!, key[p]!)
        }
      })
    },

    pass: (keys) => {
      for (const key of keys) {
        const bytes = keyToBytes(key)
        if (passed !== undefined) {
          const fork = forkOf(passed, bytes)
          for (let p = Math.max(fork, leastFork) + 1; p < Math.min(passed.length, MAX_POSITIONS); p++) {
            close(p, passed[p - 1]!)
          }
          leastFork = Math.min(leastFork, fork)
        }
        passed = bytes
      }
    },

    addSpan: (low, high, count) => {
      spans.push({ low, high, count })
      if (spans.length > SPANS) spans.shift()
    },

    boundary: (low, high, count) => {
      const step = distance()
      if (step === undefined || step === 0n) return undefined
      const stride = step * BigInt(Math.max(1, Math.round(count)))
      const target = toNumber(low) + stride
      if (target >= ONE) return undefined
      if (high !== undefined && toNumber(high) < target + stride / 4n) return undefined
      return fromNumber(target, stride / PRECISION)
    },
  }
}

/** The bytes seen so far where not all may have been seen yet, and those to be expected; `next`: seen one position on. */
const widened = (seen: ReadonlySet<number>, next: ReadonlySet<number> | undefined): ReadonlySet<number> => {
  const random = [...(next ?? [])].filter(isAlphanumeric)
  if (random.length > RICH && [...seen].every((byte) => next?.has(byte))) return new Set([...seen, ...random])
  return seen.size > 0 && [...seen].every(isDigit) ? DIGITS : seen
}

const DIGITS: ReadonlySet<number> = new Set(Array.from({ length: 10 }, (_, digit) => 0x30 + digit))
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
const isAlphanumeric = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

/** First position at which two keys differ. */
const forkOf = (a: Uint8Array, b: Uint8Array): number => {
  const shorter = Math.min(a.length, b.length)
  let i = 0
  while (i < shorter && a[i] === b[i]) i += 1
  return i
}

/** `key` up to its first lone surrogate: bytes put together need not be UTF-8, and services take nothing else. */
const wellFormed = (key: string): string => {
  if (key.isWellFormed()) return key
  const broken = key.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
  return key.slice(0, broken)
}

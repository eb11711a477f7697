import { compareKeys, keyFromBytes, keyToBytes } from '../source/index.js'
import { widened } from './key-letters.js'

/**
 * Learns from listed keys where later keys will be. A key is a number in [0, 1) whose digits are its bytes: the alphabet
 * at a position is what was seen there after the byte before (as arithmetic coding has it). On that line, hashes,
 * counters and dates lie almost evenly, so that the next pages can be extrapolated. Guesses only: nothing is exact here.
 */
export interface KeyModel {
  /** `keys` in canonical order: a page as the store gave it, wherever it lies. */
  observe(keys: readonly string[]): void
  /** `keys` follow the keys passed before, with none between: what was seen under a prefix that they leave behind is all. */
  pass(keys: readonly string[]): void
  /** Says that the store has `count` keys, one or more, between `low` and `high`. The last few spans tell the density. */
  addSpan(low: string, high: string, count: number): void
  /**
   * A well-formed key greater than `low` such that about `count` keys lie between; undefined if none can be guessed, or if
   * hardly anything would be left between it and `high`.
   */
  boundary(low: string, high: string | undefined, count: number): string | undefined
}

interface Context {
  /** In order. */
  readonly letters: number[]
  /** Keys that go on behind a later byte at an earlier position were seen: what was not seen here is not to be expected. */
  closed: boolean
}

/** What may stand at a position, in order. */
interface Alphabet {
  readonly letters: readonly number[]
  /** Where the part of each letter begins, of {@link SHARES}; one more at the end. */
  readonly shares: readonly number[]
  /** How many keys there may be, up to the depth that was looked at. */
  readonly size: number
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
const SHARE_BITS = 32n
const SHARES = 2 ** 32
const MAX_SIZE = 1e250
/** Boundaries are this part of their distance exact: shorter keys, the same effect. */
const PRECISION = 256n

export const createKeyModel = (): KeyModel => {
  const contexts = new Map<number, Context>()
  const positions: Set<number>[] = []
  const spans: Span[] = []
  /** By context; those expected at a position by -1 - position. */
  const alphabets = new Map<number, Alphabet>()
  const finished = new Set<number>()
  /** What is new beyond this position, the last but one of the last boundary, need not be reckoned with at once. */
  let finest = MAX_POSITIONS
  let deepest = 0
  let passed: Uint8Array | undefined
  /** Least position at which passed keys differ. Of what lies under a shorter prefix than that, the begin was not seen. */
  let leastFork = MAX_POSITIONS

  const learn = (position: number, before: number, byte: number): void => {
    const index = position * 256 + before
    const context = contexts.get(index)
    const at = context === undefined ? 0 : placeOf(context.letters, byte)
    if (context?.letters[at] === byte) return
    if (context === undefined) contexts.set(index, { letters: [byte], closed: false })
    else context.letters.splice(at, 0, byte)
    positions[position] ??= new Set()
    positions[position].add(byte)
    if (position <= finest) alphabets.clear()
  }

  const close = (position: number, before: number): void => {
    const context = contexts.get(position * 256 + before)
    if (context === undefined || context.closed) return
    context.closed = true
    finished.add(position)
    if (position <= finest) alphabets.clear()
  }

  const alphabet = (position: number, before: number): Alphabet => {
    const index = position * 256 + before
    let known = alphabets.get(index)
    if (known === undefined) {
      const context = contexts.get(index)
      known = context?.closed === true ? sized(position, context.letters) : expected(position)
      alphabets.set(index, known)
    }
    return known
  }

  /** Where not all may have been seen yet: the same for all contexts of a position. */
  const expected = (position: number): Alphabet => {
    let known = alphabets.get(-1 - position)
    if (known === undefined) {
      const seen = positions[position] ?? new Set()
      const letters = finished.has(position) ? seen : widened(seen, positions[position + 1])
      known = sized(
        position,
        [...letters].sort((a, b) => a - b),
      )
      alphabets.set(-1 - position, known)
    }
    return known
  }

  /** A letter weighs as much as there may be keys behind it: of a day's hours 0-9 begin with 0, but only 0-3 with 2. */
  const sized = (position: number, letters: readonly number[]): Alphabet => {
    const sizes = letters.map((letter) => alphabet(position + 1, letter).size)
    const total = sizes.reduce((a, b) => a + b, 0)
    const shares = [0]
    let sum = 0
    for (const size of sizes) {
      sum += size
      shares.push(Math.round((sum / total) * SHARES))
    }
    return { letters: [...letters], shares, size: letters.length === 0 ? 1 : Math.min(total, MAX_SIZE) }
  }

  const toNumber = (key: string): bigint => {
    const bytes = keyToBytes(key)
    let low = 0n
    let width = ONE
    for (let i = 0; i < bytes.length && i < MAX_POSITIONS && width > 0n; i++) {
      const { letters, shares } = alphabet(i, i === 0 ? 0 : bytes[i - 1]!)
      if (letters.length === 0) break
      const index = placeOf(letters, bytes[i]!)
      low += partOf(width, shares[index]!)
      if (letters[index] !== bytes[i]) break
      width = partOf(width, shares[index + 1]! - shares[index]!)
    }
    return low
  }

  const fromNumber = (number: bigint, tolerance: bigint): string => {
    const bytes: number[] = []
    let low = 0n
    let width = ONE
    while (bytes.length < MAX_POSITIONS && width > tolerance) {
      const { letters, shares } = alphabet(bytes.length, bytes.at(-1) ?? 0)
      if (letters.length === 0) break
      const share = Number(((number - low) << SHARE_BITS) / width)
      const above = shares.findIndex((begin) => begin > share)
      const index = above < 0 ? letters.length - 1 : above - 1
      bytes.push(letters[index]!)
      low += partOf(width, shares[index]!)
      width = partOf(width, shares[index + 1]! - shares[index]!)
    }
    return wellFormed(keyFromBytes(Uint8Array.from(bytes)))
  }

  /** Distance between two keys, the median of the last spans: a gap between folders does not disturb it. */
  const distance = (): bigint | undefined => {
    const distances: bigint[] = []
    for (const { low, high, count } of spans) {
      const width = toNumber(high) - toNumber(low)
      distances.push(width / BigInt(count))
    }
    return distances.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[distances.length >> 1]
  }

  return {
    observe: (keys) => {
      const bytes = keys.map(keyToBytes)
      const forks = bytes.map((key, i) => (i === 0 ? 0 : forkOf(bytes[i - 1]!, key)))
      // What is finer than the distance of neighbours never decides.
      const depth = Math.min(MAX_POSITIONS, forks.reduce((a, b) => Math.max(a, b), 0) + 3)
      deepest = Math.max(deepest, depth)
      bytes.forEach((key, i) => {
        for (let p = forks[i]!; p < Math.min(key.length, depth); p++) {
          learn(p, p === 0 ? 0 : key[p - 1]!, key[p]!)
        }
      })
    },

    pass: (keys) => {
      for (const key of keys) {
        const bytes = keyToBytes(key)
        if (passed !== undefined) {
          const fork = forkOf(passed, bytes)
          for (let p = Math.max(fork, leastFork) + 1; p < Math.min(passed.length, deepest); p++) {
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
      finest = MAX_POSITIONS
      if (step === undefined || step === 0n) return undefined
      const stride = step * BigInt(Math.max(1, Math.round(count)))
      const target = toNumber(low) + stride
      if (target >= ONE) return undefined
      if (high !== undefined && toNumber(high) < target + stride / 4n) return undefined
      const boundary = fromNumber(target, stride / PRECISION)
      const found = compareKeys(boundary, low) > 0
      finest = found ? keyToBytes(boundary).length - 2 : MAX_POSITIONS
      return found ? boundary : undefined
    },
  }
}

const partOf = (width: bigint, share: number): bigint => (width * BigInt(share)) >> SHARE_BITS

/** Index of the first of ordered `letters` that is not smaller. */
const placeOf = (letters: readonly number[], byte: number): number => {
  let at = 0
  while (at < letters.length && letters[at]! < byte) at += 1
  return at
}

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

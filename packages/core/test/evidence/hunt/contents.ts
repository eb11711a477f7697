import { type Crc, longerWithSameCrc, SAME_MD5, sameCrc } from './collisions.js'
import { type Oracle, POLYNOMIALS } from './digests.js'
import type { Random } from './random.js'

/** What is true of one side of a case. */
export interface Truth {
  /** The bytes, as reading gives them. */
  readonly now: Uint8Array
  /** The bytes of which the service (or who recorded them) took digests: others where the object rotted since. */
  readonly stored: Uint8Array
  /** What undoing a compression yields. */
  readonly logical: Uint8Array
  /** How they were uploaded: sizes of parts of `stored`. */
  readonly parts: readonly number[]
  /** `stored` is the version that was listed, and `now` the one that took its place since. */
  readonly replaced?: boolean | undefined
}

export interface Contents {
  /** How the two sides differ; `equal` where they do not. */
  readonly kind: string
  readonly sides: readonly [Truth, Truth]
}

export interface Means {
  readonly random: Random
  readonly oracle: Oracle
}

const CRCS = Object.keys(POLYNOMIALS) as readonly Crc[]

/** Two contents. One in ten pairs is equal: of those, nothing may be called different. */
export const createContents = (means: Means, ownBytes: boolean): Contents => {
  const { random } = means
  const made = differing(means)
  const [a, b] = random.chance(0.5) ? made.pair : ([made.pair[1], made.pair[0]] as const)
  const logical = random.bytes(8)
  const logicals = made.kind === 'logical' ? [logical, logical] : [logical, random.bytes(8)]
  // Tools cut alike, more often than not.
  const alike = random.chance(0.5)
  const layouts = new Map<number, readonly number[]>()
  const layoutOf = (size: number): readonly number[] => {
    const parts = (alike ? layouts.get(size) : undefined) ?? cut(size, random)
    layouts.set(size, parts)
    return parts
  }
  const truth = (now: Uint8Array, stored: Uint8Array, side: 0 | 1): Truth => ({
    now,
    stored,
    logical: logicals[side]!,
    parts: layoutOf(stored.length),
  })
  if (ownBytes) {
    // One object: its digests are of what it was.
    const rotted = truth(a, b, 0)
    return { kind: `rotted, ${made.kind}`, sides: [rotted, rotted] }
  }
  if (random.chance(0.1)) {
    const equal = (side: 0 | 1): Truth => ({ ...truth(a, a, side), logical })
    return { kind: 'equal', sides: [equal(0), equal(1)] }
  }
  // The good copy of before: the service's digest still is that of the other side's bytes.
  if (random.chance(0.06)) {
    const replaced = random.chance(0.5)
    const kind = `${replaced ? 'replaced' : 'rotted'}, ${made.kind}`
    return { kind, sides: [{ ...truth(a, b, 0), replaced }, truth(b, b, 1)] }
  }
  return { kind: made.kind, sides: [truth(a, a, 0), truth(b, b, 1)] }
}

const differing = (means: Means): { readonly kind: string; readonly pair: readonly [Uint8Array, Uint8Array] } => {
  const { random, oracle } = means
  const bytes = random.bytes(12 + random.below(36))
  switch (random.below(10)) {
    case 0:
    case 1:
      return { kind: 'other bytes', pair: [bytes, random.bytes(bytes.length)] }
    case 2:
    case 3: {
      const flipped = Uint8Array.from(bytes)
      flipped[random.below(bytes.length)]! ^= 1 << random.below(8)
      return { kind: 'one bit', pair: [bytes, flipped] }
    }
    case 4:
      return { kind: 'other size', pair: [bytes, random.bytes(random.below(12))] }
    case 5:
      return { kind: 'logical', pair: [bytes, random.bytes(bytes.length)] }
    case 6: {
      const crc = random.pick(CRCS)
      if (random.chance(0.9)) return { kind: `same ${crc}`, pair: [bytes, sameCrc(bytes, crc, random)] }
      const longer = longerWithSameCrc(bytes, crc, 8 + random.below(8), { oracle, random })
      return { kind: `same ${crc}, other size`, pair: [bytes, longer] }
    }
    case 7:
    case 8: {
      const crc = random.pick(CRCS)
      return { kind: `same ${crc}`, pair: [bytes, sameCrc(bytes, crc, random)] }
    }
    default: {
      const end = random.bytes(random.below(4))
      const [a, b] = SAME_MD5.map((block) => Uint8Array.from([...block, ...end]))
      return { kind: 'same md5', pair: [a!, b!] }
    }
  }
}

/** Sizes of one to four parts; sometimes of none, as an empty last one is. */
const cut = (size: number, random: Random): readonly number[] => {
  const parts: number[] = []
  let left = size
  for (let count = 1 + random.below(4); count > 1 && left > 0; count--) {
    const part = 1 + random.below(left)
    parts.push(part)
    left -= part
  }
  return left > 0 || parts.length === 0 || random.chance(0.05) ? [...parts, left] : parts
}

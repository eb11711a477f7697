import type { Digest, Provenance } from '../../../src/digest/digest.js'
import type { Means, Truth } from './contents.js'
import { ALGORITHMS, BITS } from './digests.js'
import type { Random } from './random.js'

/** Whose digests are made, the bytes of the other side, and whether nothing trusted may be wrong (of equal sides). */
export interface Maker extends Means {
  readonly mine: Truth
  readonly other: Truth
  readonly honest: boolean
}

type Make = (maker: Maker) => Digest

const USUAL = ['md5', 'crc32c', 'crc32', 'crc64nvme', 'sha256'] as const

/** Mostly those that services keep, so that both sides often have the same. */
const anyAlgorithm = (random: Random): string => (random.chance(0.8) ? random.pick(USUAL) : random.pick(ALGORITHMS))

/** Sizes of as many parts of the same bytes, cut elsewhere: what a guess may say. As the other side's were, above all. */
const guessed = (sizes: readonly number[], { random, mine, other }: Maker): readonly number[] => {
  const isAlike = mine.parts.length === other.parts.length && mine.stored.length === other.stored.length
  if (isAlike && random.chance(0.6)) return other.parts
  if (sizes.length < 2 || random.chance(0.3)) return sizes
  const [first = 0, second = 0, ...rest] = sizes
  return random.chance(0.5) ? [second, first, ...rest] : [first + second, 0, ...rest]
}

const ofParts = (
  maker: Maker,
  truth: Truth,
  provenance: Provenance,
  told: 'count' | 'sizes' | 'values' | 'guessed',
): Digest => {
  const { oracle, random } = maker
  const algorithm = anyAlgorithm(random)
  const { value, values } = oracle.parts(algorithm, truth.stored, truth.parts)
  const sizes = told === 'guessed' ? guessed(truth.parts, maker) : truth.parts
  return {
    algorithm,
    value,
    provenance,
    coverage: {
      parts: truth.parts.length,
      ...(told !== 'count' && { sizes }),
      ...(told === 'guessed' && { inferred: true }),
      ...((told === 'values' || (told === 'guessed' && random.chance(0.5))) && { values }),
    },
  }
}

const trusted =
  (provenance: 'service' | 'recorded'): Make =>
  ({ mine, oracle, random }) => {
    const algorithm = anyAlgorithm(random)
    return { algorithm, value: oracle.full(algorithm, mine.stored), provenance }
  }

/** A claim; whatever it says. */
const claim = (digest: Omit<Digest, 'provenance'>): Digest => ({ ...digest, provenance: 'claimed' })

const claimOf = (maker: Maker, bytes: Uint8Array): Digest => {
  const algorithm = anyAlgorithm(maker.random)
  return claim({ algorithm, value: maker.oracle.full(algorithm, bytes) })
}

/** What a service, or who recorded it, may truly say. */
const TRUE: Readonly<Record<string, Make>> = {
  service: trusted('service'),
  'service, by the number of parts': (maker) => ofParts(maker, maker.mine, 'service', 'count'),
  'service, by the sizes of parts': (maker) => ofParts(maker, maker.mine, 'service', 'sizes'),
  'service, with all parts': (maker) => ofParts(maker, maker.mine, 'service', 'values'),
  'service, parts guessed': (maker) => ofParts(maker, maker.mine, 'service', 'guessed'),
  'service, of unknown make': (maker) => {
    const digest = maker.random.chance(0.5)
      ? trusted('service')(maker)
      : ofParts(maker, maker.mine, 'service', maker.random.pick(['count', 'sizes', 'values', 'guessed']))
    // Under encryption an ETag looks like a digest, and is none of these bytes.
    const opaque = Buffer.from(maker.random.bytes((BITS[digest.algorithm] ?? 0) / 8)).toString('hex')
    if (maker.random.chance(0.5)) return { ...digest, equalityOnly: true }
    const { coverage = 'full' } = digest
    const bare = coverage === 'full' ? 'full' : { parts: coverage.parts }
    return { ...digest, coverage: bare, value: opaque, equalityOnly: true }
  },
  'service, of what decompressing yields': ({ mine, oracle, random }) => {
    const algorithm = anyAlgorithm(random)
    const value = oracle.full(algorithm, mine.logical)
    return { algorithm, value, representation: 'logical:gzip', provenance: 'service' }
  },
  'service, unknown algorithm': ({ mine, oracle }) => ({
    algorithm: 'xxhash64',
    // Two contents of one first byte have the same: what is not known may miss anything.
    value: oracle.full('md5', mine.stored.subarray(0, 1)).slice(0, 16),
    provenance: 'service',
  }),
  recorded: trusted('recorded'),
  'recorded parts': (maker) => ofParts(maker, maker.mine, 'recorded', maker.random.pick(['sizes', 'values'])),
}

/** What anybody may claim: above all what the other side has. */
const CLAIMED: Readonly<Record<string, Make>> = {
  'claims the other side': (maker) => claimOf(maker, maker.other.now),
  'claims what the other side was': (maker) => claimOf(maker, maker.other.stored),
  'claims the truth': (maker) => claimOf(maker, maker.mine.now),
  'claims the parts of the other side': (maker) =>
    ofParts(maker, maker.other, 'claimed', maker.random.pick(['count', 'sizes', 'values', 'guessed'])),
  'claims parts that do not fit together': (maker) => {
    const digest = ofParts(maker, maker.other, 'claimed', 'values')
    const { coverage = 'full', algorithm } = digest
    if (coverage === 'full') return digest
    const [value = '', ...values] = [...(coverage.values ?? [])].reverse()
    const sizes = maker.random.pick([coverage.sizes, maker.mine.parts])
    const whole = maker.oracle.full(algorithm, maker.other.now)
    return { ...digest, value: whole, coverage: { ...coverage, sizes, values: [value, ...values] } }
  },
  'claims a digest under another name': (maker) => {
    const [algorithm, other] = [anyAlgorithm(maker.random), anyAlgorithm(maker.random)]
    return claim({ algorithm, value: maker.oracle.full(other, maker.other.now) })
  },
  'claims a part of a digest': (maker) => {
    const digest = claimOf(maker, maker.other.now)
    return { ...digest, value: digest.value.slice(0, maker.random.below(digest.value.length)) }
  },
  'claims the digest of another object': (maker) => claimOf(maker, maker.random.bytes(8)),
  'claims an earlier version': (maker) => claimOf(maker, maker.mine.stored.subarray(1)),
  'claims what decompressing yields': (maker) => ({
    ...claimOf(maker, maker.random.chance(0.5) ? maker.other.now : maker.other.logical),
    representation: 'logical:gzip',
  }),
  // Only our own reading computes.
  'claims that it was computed': (maker) => ({ ...claimOf(maker, maker.other.now), provenance: 'computed' }),
  'claims with a doubt': (maker) => ({ ...claimOf(maker, maker.other.now), equalityOnly: true }),
}

/** What is trusted, cut off: no digest of this length is one, however little is left. */
const CUT_OFF: Readonly<Record<string, Make>> = {
  'recorded, a part of a digest': (maker) => {
    const digest = trusted('recorded')(maker)
    return { ...digest, value: digest.value.slice(0, maker.random.below(digest.value.length)) }
  },
}

const KINDS = {
  true: Object.entries(TRUE),
  claimed: Object.entries(CLAIMED),
  cutOff: Object.entries(CUT_OFF),
} as const

/** Digests of one side, up to three; the kinds that were made are added to `seen`. */
export const createDigests = (maker: Maker, seen: Map<string, number>): readonly Digest[] => {
  const { random } = maker
  return Array.from({ length: random.below(4) }, () => {
    const group = random.below(20)
    const kinds = group < 11 ? KINDS.true : group < 19 || maker.honest ? KINDS.claimed : KINDS.cutOff
    const [name, make] = random.pick(kinds)
    seen.set(name, (seen.get(name) ?? 0) + 1)
    return make(maker)
  })
}

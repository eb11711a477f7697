import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import { createHasher, type Digest } from '@backproof/core/digest'
import type { Plan, Report } from '@backproof/core/report'
import type { BackupSource, OfferedDigest, PlacePrices, ReadCost } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import fc from 'fast-check'
import { expect, it } from 'vitest'

// `atMost` of a plan against runs over places whose listings lie: digests that are none of the bytes, answers that do not tell
// what the listing promised.

const prices = (egressByte: number): PlacePrices => ({
  currency: 'USD',
  asOf: '2026-11',
  source: 'made up for a test',
  list: 1e-3,
  pageSize: 1_000,
  stat: 1e-4,
  read: 1e-4,
  egressByte,
})

const ALGORITHMS = ['md5', 'crc32c', 'sha256', 'crc64nvme'] as const
type Algorithm = (typeof ALGORITHMS)[number]

/** Digests of the bytes, in one piece, and as S3 makes them of two parts. */
interface Truth {
  readonly whole: Readonly<Record<Algorithm, string>>
  readonly ofParts: string
}

const CUT = 7
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest()
const truthOf = async (text: string): Promise<Truth> => {
  const bytes = Buffer.from(text)
  const hasher = await createHasher([...ALGORITHMS])
  hasher.update(bytes)
  const parts = [bytes.subarray(0, CUT), bytes.subarray(CUT)].map(md5)
  return { whole: hasher.digest() as Truth['whole'], ofParts: md5(Buffer.concat(parts)).toString('hex') }
}

interface Said {
  readonly algorithm: Algorithm
  readonly provenance: 'service' | 'claimed'
  readonly equalityOnly: boolean
  readonly inParts: boolean
  readonly right: boolean
}

const said = fc.record<Said>({
  algorithm: fc.constantFrom(...ALGORITHMS),
  provenance: fc.constantFrom('service', 'claimed'),
  equalityOnly: fc.boolean(),
  inParts: fc.boolean(),
  right: fc.boolean(),
})

/** What its service vouches for is right: only what proves by being equal, and claims, may be none of the bytes. */
const digestOf = (
  { algorithm, provenance, equalityOnly, inParts, right }: Said,
  truth: Truth,
  sizes: boolean,
): Digest => {
  const accuses = provenance === 'service' && !equalityOnly
  const name = inParts ? 'md5' : algorithm
  const value = inParts ? truth.ofParts : truth.whole[algorithm]
  const parts = sizes ? { parts: 2, sizes: [CUT, 20 - CUT] } : { parts: 2 }
  return {
    algorithm: name,
    value: accuses || right ? value : '0'.repeat(value.length),
    provenance,
    ...(inParts && { coverage: parts }),
    ...((equalityOnly || (inParts && !sizes)) && { equalityOnly: true as const }),
  }
}

interface Shape {
  readonly readCost: ReadCost
  readonly egressByte: number | undefined
  readonly listed: readonly Said[]
  /** What it says that asking tells; of these it tells what is `kept`. */
  readonly offers: readonly (Said & { readonly kept: boolean })[]
  readonly own: boolean
  readonly archived: boolean
}

const shape = fc.record<Shape>({
  readCost: fc.constantFrom('free', 'paid', 'archived', 'impossible'),
  egressByte: fc.constantFrom(undefined, 0, 1e-9, 1),
  listed: fc.array(said, { maxLength: 2 }),
  offers: fc.array(
    fc.tuple(said, fc.boolean()).map(([one, kept]) => ({ ...one, equalityOnly: false, kept })),
    { maxLength: 3 },
  ),
  own: fc.boolean(),
  archived: fc.boolean(),
})

interface Counted extends BackupSource {
  readonly used: { stats: number; reads: number; bytes: number }
  readonly byteCosts: number
}

const KEYS = ['a', 'b', 'c']

const placeOf = (name: string, text: string, truth: Truth, given: Shape): Counted => {
  const memory = memorySource(Object.fromEntries(KEYS.map((key) => [key, text])), { uri: `memory://${name}` })
  const used = { stats: 0, reads: 0, bytes: 0 }
  const { listed, readCost, egressByte, own, archived } = given
  // A list that nothing can be read from is not asked either.
  const promised = readCost === 'impossible' ? [] : given.offers
  const told = promised.filter(({ kept }) => kept)
  const offers = promised.map(
    ({ algorithm, provenance, inParts }): OfferedDigest => ({
      algorithm: inParts ? 'md5' : algorithm,
      provenance,
      ...(inParts && { coverage: 'parts' as const }),
    }),
  )
  return {
    ...memory,
    used,
    byteCosts: egressByte ?? 0,
    describe: async () => ({
      ...(await memory.describe()),
      readCost,
      listingDigests: listed.map(({ algorithm, provenance, inParts }) => ({
        algorithm: inParts ? 'md5' : algorithm,
        provenance,
      })),
      statDigests: offers,
      prices: egressByte === undefined ? undefined : prices(egressByte),
    }),
    list: async function* (options) {
      for await (const page of memory.list(options)) {
        yield page.map((entry) => ({
          ...entry,
          digests: listed.map((one) => digestOf(one, truth, false)),
          ...(own && { offers }),
          ...(archived && entry.key === 'b' && { archived }),
        }))
      }
    },
    stat: async (ref, options) => {
      const sizes = options?.want?.includes('part-sizes') === true
      // One request and one more for parts; then one for each part that is listed.
      used.stats += (sizes ? listed : [...told, ...listed]).some(({ inParts }) => inParts) ? 2 : 1
      const info = await memory.stat(ref, options)
      return {
        ...info,
        digests: [...told, ...listed].map((one) => digestOf(one, truth, sizes)),
        ...(own && { offers }),
        ...(archived && info.key === 'b' && { archived }),
      }
    },
    read: (ref, options) => {
      used.reads += 1
      used.bytes += 20
      return memory.read(ref, options)
    },
  }
}

const RUNS = 150
const SAME = 'x'.repeat(20)

const placesOf = async (shapes: readonly Shape[]): Promise<readonly Counted[]> => {
  const truth = await truthOf(SAME)
  return shapes.map((given, i) => placeOf(`p${i}`, SAME, truth, given))
}

it('of a comparison is never exceeded, whatever the listings say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 2, maxLength: 3 }),
      fc.constantFrom('read', 'stored', 'claimed', 'size'),
      async (shapes, require) => {
        const places = await placesOf(shapes)
        const [source, ...replicas] = places
        const run = compare({ source: source!, replicas, require, readCeiling: 'none' })
        check(await run.plan(), await run.report(), places)
      },
    ),
    { numRuns: RUNS },
  )
})

it('of a verification is never exceeded, whatever the listings say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 1, maxLength: 2 }),
      fc.constantFrom('read', 'stored', 'claimed', 'size'),
      async (shapes, require) => {
        const places = await placesOf(shapes)
        const run = verify({ source: places[0]!, against: places[1], require, readCeiling: 'none' })
        check(await run.plan(), await run.report(), places)
      },
    ),
    { numRuns: RUNS },
  )
})

const check = ({ atMost }: Plan, { result }: Report, places: readonly Counted[]): void => {
  expect(result.complete).toBe(true)
  const sum = (one: (place: Counted) => number): number => places.reduce((total, place) => total + one(place), 0)
  const bytes = sum(({ used }) => used.bytes)
  const requests = sum(({ used }) => used.stats + used.reads)
  const money = sum(({ used, byteCosts }) => byteCosts * used.bytes)
  expect(Math.min(atMost.bytesToRead, bytes)).toBe(bytes)
  expect(Math.min(atMost.requests, requests)).toBe(requests)
  expect(atMost.money['USD'] ?? 0).toBeGreaterThanOrEqual(money)
}

import { isKnownAlgorithm } from '../../../digest/algorithms.js'
import type { Digest } from '../../../digest/digest.js'
import { createHasher } from '../../../digest/hasher.js'
import type { ObjectEntry } from '../../../source/entry.js'
import type { NativeDigest } from '../../../source/traits.js'
import type { Bench, CaseDefinition, When } from '../case-definition.js'
import { check, shown } from '../check.js'
import { all, always, randomAccess } from '../conditions.js'
import { sizedObjects } from '../content.js'
import { listAll } from '../reading.js'

const inListing: When = ({ listingDigests }) => listingDigests.length > 0 || 'the listing carries no digests'
const inStat: When = all(randomAccess, ({ statDigests }) => statDigests.length > 0 || 'stat gives no digests')

export const digestCases: readonly CaseDefinition[] = [
  {
    name: 'listing-digests',
    title: 'lists digests that are those of the bytes',
    when: inListing,
    run: async (bench) => checkValues(await listed(bench)),
  },
  {
    name: 'listing-digests-declared',
    title: 'lists the digests that its traits name, with their provenance',
    when: always,
    run: async (bench) => checkDeclared(await listed(bench), bench.traits.listingDigests, 'listing'),
  },
  {
    name: 'stat-digests',
    title: 'gives digests in stat that are those of the bytes',
    when: inStat,
    run: async (bench) => checkValues(await stated(bench)),
  },
  {
    name: 'stat-digests-declared',
    title: 'gives the digests in stat that its traits name, with their provenance',
    when: randomAccess,
    run: async (bench) => checkDeclared(await stated(bench), bench.traits.statDigests, 'stat'),
  },
]

const listed = async ({ open }: Bench): Promise<readonly ObjectEntry[]> => listAll(await open(sizedObjects()))

const stated = async ({ open }: Bench): Promise<readonly ObjectEntry[]> => {
  const source = await open(sizedObjects())
  return Promise.all((await listAll(source)).map(({ ref }) => source.stat(ref, { want: ['digests'] })))
}

const checkValues = async (entries: readonly ObjectEntry[]): Promise<void> => {
  const content = new Map(sizedObjects().map(({ key, bytes }) => [key, bytes]))
  for (const { key, digests = [] } of entries) {
    for (const digest of digests) {
      const wanted = await digestOf(digest, content.get(key) ?? new Uint8Array(0))
      check(
        wanted === undefined || digest.value === wanted,
        () => `${shown(key)}: the ${digest.algorithm} is ${digest.value}; that of the bytes is ${wanted}.`,
      )
    }
  }
}

/** What the digest should be; `undefined` where that cannot be told: unknown algorithms, parts, other representations. */
const digestOf = async (digest: Digest, bytes: Uint8Array): Promise<string | undefined> => {
  const { algorithm, coverage = 'full', representation = 'stored' } = digest
  if (!isKnownAlgorithm(algorithm) || coverage !== 'full' || representation !== 'stored') return undefined
  if (digest.equalityOnly === true) return undefined
  const hasher = await createHasher([algorithm])
  hasher.update(bytes)
  return hasher.digest()[algorithm]
}

const checkDeclared = (entries: readonly ObjectEntry[], declared: readonly NativeDigest[], place: string): void => {
  for (const { algorithm, provenance } of declared) {
    const having = entries.filter(({ digests = [] }) =>
      digests.some((digest) => digest.algorithm === algorithm && digest.provenance === provenance),
    )
    check(
      having.length * 2 > entries.length,
      () =>
        `The traits promise ${algorithm} (${provenance}) in the ${place}; ${having.length} of ${entries.length} objects have it.`,
    )
  }
  for (const { key, digests = [] } of entries) {
    for (const { algorithm, provenance } of digests) {
      const promised = declared.filter((one) => one.algorithm === algorithm)
      const known = promised.length === 0 || promised.some((one) => one.provenance === provenance)
      check(
        known,
        () => `${shown(key)}: ${algorithm} is told as ${provenance}; the traits say ${promised[0]?.provenance}.`,
      )
      // Only a run computes: what a source stores was computed by somebody else, at another time.
      check(provenance !== 'computed', () => `${shown(key)}: a stored ${algorithm} is told as computed.`)
    }
  }
}

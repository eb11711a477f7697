import { isKnownAlgorithm } from '../digest/algorithms.js'
import { isCombinable } from '../digest/crc-combine.js'
import type { CrcAlgorithm } from '../digest/crc-parameters.js'
import type { Measure } from '../digest/digest.js'
import { BackupError } from '../errors.js'
import { pricesFor } from '../evidence/cost/price-table.js'
import { ratesByClass } from '../evidence/cost/rates.js'
import { twoSidedDigest } from '../evidence/read-proofs.js'
import { abortable } from '../run/abort.js'
import type { Meter } from '../run/meter.js'
import { type RetryPolicy, withRetry } from '../run/retry.js'
import type { Join } from './join.js'
import type { Party } from './row.js'
import { samePlace } from './validate.js'

/** Asks every side for its traits, and refuses two sides that are one place. */
export const describeSides = async (
  { sides, options }: Join,
  signal: AbortSignal,
  policy: RetryPolicy,
  meter: Meter,
): Promise<readonly Party[]> => {
  const now = (options.now ?? (() => new Date()))().getTime()
  const parties = await Promise.all(
    sides.map(async (side): Promise<Party> => {
      const describe = (): Promise<Party['traits']> => {
        meter.request('describe')
        return abortable(side.source.describe({ signal, onRequest: meter.operation }), signal)
      }
      const traits = await withRetry(describe, { policy, signal, onRetry: meter.retry })
      const replica = side.replica === undefined ? {} : { replica: side.replica }
      const { readCost, asOf } = traits
      const prices = pricesFor(side.source.uri, options.prices, traits.prices)
      const rates = ratesByClass({ readCost, prices })
      const stale = asOf !== undefined && options.maxAge !== undefined && asOf < now - options.maxAge
      const party = { source: side.source, traits, name: side.name, ...replica, rates, prices, stale }
      return traits.access === 'sequential' ? sequentialParty(party) : party
    }),
  )
  parties.forEach((a, i) => {
    for (const b of parties.slice(i + 1)) {
      const { place } = a.traits
      if (place !== undefined && place === b.traits.place) throw samePlace(a.source.uri, b.source.uri, place)
    }
  })
  return parties
}

/** A source that is read whole before the join: nothing more can be read of it then, and its order does not matter. */
const sequentialParty = (party: Party): Party => {
  if (party.source.scan === undefined) {
    throw new BackupError({
      code: 'contract',
      message: `${party.source.uri} says that it can only be read in its stored order, but it has no \`scan\`. This is a fault of its provider.`,
    })
  }
  return { ...party, traits: { ...party.traits, keyOrder: 'none', readCost: 'impossible' }, sequential: true }
}

/** The parties of a fixity check of one source: what its own digests expect, and itself. */
export const withOwnDigests = (parties: readonly Party[]): readonly Party[] =>
  parties.length === 1 ? [ownDigests(parties[0]!), parties[0]!] : parties

/** The reference of a fixity check: the same entries, of which only the digests count. */
const ownDigests = ({ source, traits }: Party): Party => ({
  source,
  traits: { ...traits, readCost: 'impossible' },
  name: 'expected',
  rates: ratesByClass({ readCost: 'impossible' }),
})

/** What to compute of objects that can be read only once: what the other sides keep, else one digest that all compute. */
export const scanAlgorithms = (join: Join, parties: readonly Party[]): readonly Measure[] => {
  const kept = parties
    .flatMap(({ traits }) => [...traits.listingDigests, ...traits.statDigests])
    .map(({ algorithm }) => algorithm)
    .filter(isKnownAlgorithm)
  const entropy = join.entropy === true || join.drift !== undefined ? (['entropy'] as const) : []
  // Where a place keeps a CRC, it may keep another one of some objects, and parts of an upload have their own: all cost little.
  const crcs = kept.some(isCombinable) ? CRCS : []
  return [...new Set<Measure>([twoSidedDigest(join.policy.strength), ...kept, ...crcs, ...join.record, ...entropy])]
}

const CRCS: readonly CrcAlgorithm[] = ['crc32', 'crc32c', 'crc64nvme']

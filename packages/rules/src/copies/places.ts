import {
  type Asset,
  durationOption,
  type Evidence,
  type FailureDomains,
  type FoldedFact,
  type Policy,
  type Store,
} from '@backproof/core/audit'
import { isShort } from '../history-start.js'
import { usabilityOptions } from '../recovery-points/usability.js'
import { days, isAhead, isoTime } from '../time.js'
import { DOMAINS } from './apart.js'
import { MOST_STORES, type PointsByStore, type StorePoints } from './store-points.js'

/** Production, or a store that may hold a copy of an asset. */
export interface Place {
  /** Id of the store; `production`. */
  readonly id: string
  /** What the policy says of it; nothing where it does not know the store. */
  readonly domains: FailureDomains
  readonly store?: Store | undefined
  readonly points: StorePoints
  /** Whether a usable recovery point that is young enough lies there. */
  readonly holds: 'yes' | 'maybe' | 'no'
  /** Of `maybe`: what is not known, in words. */
  readonly doubt?: string | undefined
}

/** Where an asset and its copies are. */
export interface Copies {
  readonly production: Place
  /** By id. */
  readonly stores: readonly Place[]
  /** Why there may be more copies than these, in words. Empty: there are none. */
  readonly open: readonly string[]
}

/** Options of rules that count a copy only while it keeps up. */
export const copyOptions = {
  maxLag: durationOption({
    default: days(1),
    stricter: 'lower',
    source: 'own choice: copies are made within a day',
    description: 'How much older than the RPO of the asset (without one: 1d) a copy may be.',
  }),
  ...usabilityOptions,
}

/** How old the newest usable recovery point of a copy may be, milliseconds. */
export const copyLimit = (asset: Asset | undefined, maxLag: number): number => (asset?.rpo ?? days(1)) + maxLag

/** What is known of the copies of an asset. */
export interface CopyFacts {
  readonly now: number
  readonly asset: Asset | undefined
  readonly policy: Policy | undefined
  readonly points: FoldedFact<PointsByStore>
  /** Milliseconds: see {@link copyLimit}. */
  readonly limit: number
}

/**
 * The places of an asset. A store in which recovery points were found to be too old, or unusable, holds none; one that the policy
 * names as a copy, and in which nobody looked, may.
 */
export const copiesOf = ({ now, asset, policy, points, limit }: CopyFacts): Copies => {
  const { stores: told, unplaced, dropped } = points.value
  const until = Math.min(points.observedAt, now)
  const young = until - limit
  const named = (asset?.copies ?? []).flatMap(({ store }) => store ?? [])
  const all = [...new Set([...told.keys(), ...named])]
  const stores = all
    .slice(0, MOST_STORES)
    .sort()
    .map((id): Place => {
      const store = policy?.stores.find((one) => one.id === id)
      const held = told.get(id)
      return { id, store, domains: store ?? {}, points: held ?? {}, ...holding(held, { now, until, limit }) }
    })
  const homeless = asset?.copies.find(({ store }) => store === undefined)
  const open = [
    ...(points.partial === true ? ['recovery points are missing from the history'] : []),
    ...(isShort(points, young) ? [`the history begins at ${isoTime(points.from!)}`] : []),
    ...(unplaced >= young ? ['recovery points do not name their store'] : []),
    ...(dropped >= young || all.length > MOST_STORES ? ['too many stores to hold'] : []),
    ...(homeless === undefined ? [] : [`the policy does not name the store of ${homeless.uri}`]),
  ]
  const production: Place = { id: 'production', domains: asset?.production ?? {}, points: {}, holds: 'yes' }
  return { production, stores, open }
}

const holding = (
  held: StorePoints | undefined,
  { now, until, limit }: { readonly now: number; readonly until: number; readonly limit: number },
): Pick<Place, 'holds' | 'doubt'> => {
  if (held === undefined) return { holds: 'maybe', doubt: 'nobody tells what it holds' }
  const { usable, unsure } = held
  if (usable !== undefined && now - usable.created <= limit) return { holds: 'yes' }
  if (unsure !== undefined && until - unsure.created <= limit) {
    const why = isAhead(unsure.created, now) ? 'dated in the future' : unsure.flaw
    return { holds: 'maybe', doubt: `nobody vouches for its newest recovery point (${why})` }
  }
  if (usable !== undefined && until - usable.created <= limit)
    return { holds: 'maybe', doubt: `the history ends at ${isoTime(until)}` }
  return { holds: 'no' }
}

/** A place with what it was judged by: its newest usable recovery point, and what the policy declares. */
export const placeEvidence = ({ id, domains, store, points, holds, doubt }: Place): Evidence => ({
  kind: 'copy',
  id,
  ...(points.usable !== undefined && { at: isoTime(points.usable.created) }),
  data: {
    holds,
    doubt: doubt ?? null,
    recoveryPoint: points.usable?.id ?? null,
    lock: points.usable ? lockText(points) : null,
    airGapped: store?.airGapped ?? null,
    declared: 'in the policy',
    ...Object.fromEntries([...DOMAINS, 'media' as const].map((name) => [name, domains[name]?.toString() ?? null])),
  },
})

/** Since when the newest recovery point that nobody can remove is there; else why there is none. */
const lockText = ({ locked, perhapsLocked }: StorePoints): string =>
  locked ? isoTime(locked.created) : perhapsLocked ? 'nobody says' : 'none in the mode compliance'

import type { Stop } from '../recovery-points/usability.js'
import { nameOf } from './apart.js'
import { unsaid } from './doubts.js'
import type { Bounds } from './independent.js'
import type { Copies, Place } from './places.js'

/** A number, and what the policy would have to say for it to be known. */
export type Counted = readonly [Bounds, readonly string[]]

/** Kinds of media that copies lie on. Production alone has none for certain. @param present Those that hold, or may hold, a copy. */
export const distinctMedia = (present: readonly Place[]): Counted => {
  const kinds = (of: readonly Place[]): ReadonlySet<string> =>
    new Set(of.flatMap(({ domains }) => nameOf(domains.media) ?? []))
  const sure = present.filter(({ holds }) => holds === 'yes')
  const silent = present.filter(({ domains }) => nameOf(domains.media) === undefined)
  const least = sure.length > 1 ? Math.max(1, kinds(sure).size) : 0
  return [{ least, most: kinds(present).size + silent.length }, unsaid('media', silent)]
}

/**
 * Stores that the policy declares as air-gapped, or whose copy nobody can remove now.
 *
 * @param young Recovery points that were made earlier do not count.
 */
export const unremovable = ({ stores }: Copies, young: number): Counted => {
  const isYoung = (stop: Stop | undefined): boolean => stop !== undefined && stop.created >= young
  const safety = ({ holds, store, points: { locked, perhapsLocked } }: Place): Place['holds'] => {
    if (holds !== 'yes' || store?.airGapped === true || isYoung(locked)) return holds
    return store === undefined || isYoung(perhapsLocked) ? 'maybe' : 'no'
  }
  const unsure = stores.filter((place) => safety(place) === 'maybe')
  const least = stores.filter((place) => safety(place) === 'yes').length
  const doubts = unsure.map(({ id }) => `nobody says whether what ${id} holds can be removed`)
  return [{ least, most: least + unsure.length }, doubts]
}

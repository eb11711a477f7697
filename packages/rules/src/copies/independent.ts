import type { Relation } from './apart.js'
import type { Place } from './places.js'

/** A number of which only bounds are known. */
export interface Bounds {
  readonly least: number
  readonly most: number
}

/**
 * How many of the places do not fall together: the size of the largest set of copies of which no two are joined. One more copy never
 * lowers it, one more thing that is shared never raises it. `least` takes only what is known to be there and known to be apart;
 * `most` all that may be.
 */
export const independentCopies = (places: readonly Place[], relation: (a: Place, b: Place) => Relation): Bounds => ({
  least: largestSet(
    places.filter(({ holds }) => holds === 'yes'),
    (a, b) => relation(a, b) !== 'apart',
  ),
  most: largestSet(
    places.filter(({ holds }) => holds !== 'no'),
    (a, b) => relation(a, b) === 'shared',
  ),
})

/** Size of the largest set of which no two are joined: a maximum independent set, exact. For a few dozen. `joins` is symmetric. */
export const largestSet = <T>(all: readonly T[], joins: (a: T, b: T) => boolean): number => {
  const beside = all.map((one, i) => new Set(all.flatMap((other, j) => (i !== j && joins(one, other) ? [j] : []))))
  const largest = (left: readonly number[]): number => {
    if (left.length === 0) return 0
    const near = (at: number): readonly number[] => left.filter((other) => beside[at]!.has(other))
    const take = (at: number): number => 1 + largest(left.filter((other) => other !== at && !beside[at]!.has(other)))
    const least = left.reduce((a, b) => (near(b).length < near(a).length ? b : a))
    const around = near(least)
    // Of places that all share with each other one can be taken, and this one stands in the way of no others.
    if (around.every((a) => around.every((b) => a === b || beside[a]!.has(b)))) return take(least)
    // It, or one beside it, is in every set to which nothing can be added.
    return Math.max(...[least, ...around].map(take))
  }
  return largest(all.map((_, at) => at))
}

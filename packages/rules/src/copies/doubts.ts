import type { Relation } from './apart.js'
import type { Copies, Place } from './places.js'

/** Reasons as the end of a sentence: the first five of them. */
export const doubtsText = (doubts: readonly string[]): string => doubts.slice(0, 5).join('; ')

/** What is not known of the copies themselves: which there are, and which of them may hold nothing. */
export const copyDoubts = ({ open }: Copies, places: readonly Place[]): readonly string[] => [
  ...open,
  ...places.flatMap(({ id, doubt }) => (doubt === undefined ? [] : [`${id}: ${doubt}`])),
]

/** Places of which the policy says too little, so that it is not known which of them fall together. */
export const silentPlaces = (
  places: readonly Place[],
  says: (place: Place) => boolean,
  relation: (a: Place, b: Place) => Relation,
): readonly Place[] => places.filter((a) => !says(a) && places.some((b) => a !== b && relation(a, b) === 'unknown'))

/** What the policy does not say of places; nothing where there are none. */
export const unsaid = (name: string, places: readonly { readonly id: string }[]): readonly string[] =>
  places.length === 0 ? [] : [`the policy does not say the ${name} of ${places.map(({ id }) => id).join(', ')}`]

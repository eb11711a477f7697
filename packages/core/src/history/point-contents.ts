import { digestBits } from '../digest/algorithms.js'
import type { Digest } from '../digest/digest.js'
import { isWide } from '../evidence/digest-worth.js'
import type { ObjectEntry } from '../source/entry.js'
import type { SourceTraits } from '../source/traits.js'
import type { PointPart } from './point-parts.js'

/** An object of a recovery point, by what it holds. Plain JSON: it is spilled. */
export interface PointContent {
  /** Value of its digest; the same algorithm for all. */
  readonly content: string
  readonly size: number
  readonly asset: string
  readonly created: number
  /** Of the point. */
  readonly id: string
}

/** What the objects of a listing hold, as far as it tells. */
export interface PointContents {
  /** `undefined` for an object without bytes, and once nobody can say it of all. */
  of(part: PointPart, entry: ObjectEntry): PointContent | undefined
  /** Whether every object so far could be told from all others. */
  known(): boolean
}

/**
 * Reads contents by one digest of at least 128 bits that the listing promises, the longest. One object that has none such, or no size,
 * and nothing is known of any: it could hold what any other does. So it is after more than `limit` objects. `undefined` where the
 * listing promises none.
 */
export const pointContents = ({ listingDigests }: SourceTraits, limit: number): PointContents | undefined => {
  const [algorithm] = listingDigests
    .flatMap((digest) => (isWide(digest.algorithm) && digest.provenance !== 'claimed' ? [digest.algorithm] : []))
    .toSorted((a, b) => (digestBits(b) ?? 0) - (digestBits(a) ?? 0))
  if (algorithm === undefined || limit === 0) return undefined
  let known = true
  let count = 0
  return {
    of: ({ asset, created, id }, { size, digests }) => {
      if (!known || size === 0) return undefined
      const digest = digests?.find((one) => one.algorithm === algorithm && tellsApart(one))
      count += 1
      known = digest !== undefined && size !== undefined && created !== undefined && count <= limit
      return known ? { content: digest!.value, size: size!, asset, created: created!, id } : undefined
    },
    known: () => known,
  }
}

/** Whether equal ones mean equal bytes, and different ones different bytes. */
const tellsApart = ({ coverage = 'full', representation = 'stored', provenance, equalityOnly }: Digest): boolean =>
  coverage === 'full' && representation === 'stored' && provenance !== 'claimed' && equalityOnly !== true

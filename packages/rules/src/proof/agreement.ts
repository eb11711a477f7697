import type { Comparison } from './comparisons.js'

/** What may differ between copies that agree. */
export interface Tolerance {
  /** Objects that may be missing, beside those on their way. */
  readonly maxMissing: number
  readonly extras: 'fail' | 'allow'
}

/** How a copy stands to the primary, and what says so. */
export type Standing =
  | {
      readonly state: 'agrees'
      /** From the primary to the copy. */
      readonly path: readonly Comparison[]
      readonly missing: number
    }
  | { readonly state: 'differs'; readonly by: Comparison }
  /** `by`: the newest that nearly proved it, with what is lacking. */
  | { readonly state: 'unknown'; readonly by?: Comparison; readonly why?: string }

/**
 * How each copy stands to the primary. A copy agrees where comparisons that prove it lead from the primary to it, over other copies
 * if need be. It differs where a comparison with the primary, or with a copy that agrees with it, says so and was not followed by
 * proof. What differs proves nothing of others.
 */
export const standingsOf = (
  primary: string,
  copies: readonly string[],
  comparisons: readonly Comparison[],
  tolerance: Tolerance,
): ReadonlyMap<string, Standing> => {
  const between = grouped(comparisons)
  const pairOf = (near: string, far: string): Pair => judge(between.get(near)?.get(far) ?? [], tolerance)
  const differing = new Map<string, Comparison>()
  for (;;) {
    const reached = reachedFrom(primary, copies, pairOf, { differing, tolerance })
    const found = copies.flatMap((copy): (readonly [string, Comparison])[] => {
      if (differing.has(copy)) return []
      const since = reached.get(copy)?.since ?? Number.NEGATIVE_INFINITY
      const contraries = [...reached.keys()].flatMap((near) => pairOf(near, copy).contrary ?? [])
      const by = newest(contraries.filter(({ to }) => to >= since))
      return by === undefined ? [] : [[copy, by]]
    })
    // Without those that differ others may be reached in another way, or not at all.
    for (const [copy, by] of found) differing.set(copy, by)
    if (found.length > 0) continue
    return new Map(
      copies.map((copy): [string, Standing] => {
        const contrary = differing.get(copy)
        if (contrary !== undefined) return [copy, { state: 'differs', by: contrary }]
        const route = reached.get(copy)
        if (route !== undefined) return [copy, { state: 'agrees', path: route.path, missing: route.missing }]
        const by = newest([primary, ...copies].flatMap((near) => between.get(near)?.get(copy) ?? []))
        return [
          copy,
          by === undefined ? { state: 'unknown' } : { state: 'unknown', by, why: lackOf(by) ?? UNCONNECTED },
        ]
      }),
    )
  }
}

const UNCONNECTED =
  'proves it only against a copy that differs or is not proven itself, or with too many objects missing in all'

/** A way from the primary to a copy. */
interface Route {
  readonly path: readonly Comparison[]
  /** Objects that are missing on it, together. */
  readonly missing: number
  /** When the oldest of its comparisons held. */
  readonly since: number
}

/** The best way to each copy, over copies that do not differ: with the fewest objects missing, then the youngest. */
const reachedFrom = (
  primary: string,
  copies: readonly string[],
  pairOf: (near: string, far: string) => Pair,
  { differing, tolerance }: { readonly differing: ReadonlyMap<string, Comparison>; readonly tolerance: Tolerance },
): ReadonlyMap<string, Route> => {
  const reached = new Map<string, Route>([[primary, { path: [], missing: 0, since: Number.POSITIVE_INFINITY }]])
  // A place to which a better way is found passes that on: it comes to the end again.
  for (const near of reached.keys()) {
    const route = reached.get(near)!
    for (const far of copies) {
      const { proof, contrary } = pairOf(near, far)
      if (differing.has(far) || proof === undefined || contrary !== undefined) continue
      const missing = route.missing + proof.missing
      const since = Math.min(route.since, proof.from)
      const known = reached.get(far)
      if (missing > tolerance.maxMissing || (known !== undefined && !isBetter({ missing, since }, known))) continue
      reached.delete(far)
      reached.set(far, { path: [...route.path, proof], missing, since })
    }
  }
  return reached
}

const isBetter = (a: Omit<Route, 'path'>, b: Route): boolean =>
  a.missing < b.missing || (a.missing === b.missing && a.since > b.since)

/** What the reports about two places come to. */
interface Pair {
  /** The newest that proves that they agree. */
  readonly proof?: Comparison | undefined
  /** The newest that says that they differ, and is not older than the proof. */
  readonly contrary?: Comparison | undefined
}

const judge = (comparisons: readonly Comparison[], tolerance: Tolerance): Pair => {
  const proof = newest(comparisons.filter((one) => lackOf(one) === undefined && !differs(one, tolerance)))
  // What was found stays found in a filtered or incomplete report; what cannot be read, or is of another time, says nothing.
  const contrary = newest(
    comparisons.filter(
      (one) =>
        !VOID.has(one.refusal?.reason ?? '') &&
        differs(one, tolerance) &&
        one.to >= (proof?.from ?? Number.NEGATIVE_INFINITY),
    ),
  )
  return { proof, contrary }
}

const VOID: ReadonlySet<string> = new Set(['malformed', 'future', 'old'])

const differs = (
  { missing, extra, mismatch, unreadable, sameFile }: Comparison,
  { maxMissing, extras }: Tolerance,
): boolean => missing > maxMissing || (extras === 'fail' && extra > 0) || mismatch + unreadable + sameFile > 0

/** What keeps a comparison from being a proof, in words that end the sentence "the report ...". */
const lackOf = ({ refusal, matches, weak, undecided }: Comparison): string | undefined => {
  if (refusal !== undefined) return refusal.why
  if (undecided > 0) return `left objects undecided: ${undecided}`
  if (weak > 0) return `matches ${weak} of ${matches} objects by weaker evidence than is required`
  return matches === 0 ? 'matches no object at all' : undefined
}

/** Of equal ones the first by name of the report, whatever the order. */
const newest = (comparisons: readonly Comparison[]): Comparison | undefined =>
  comparisons.reduce<Comparison | undefined>((best, one) => {
    if (best === undefined || rank(one) > rank(best)) return one
    return rank(one) === rank(best) && one.report.source < best.report.source ? one : best
  }, undefined)

/** What has no date comes last. */
const rank = ({ to }: Comparison): number => (Number.isNaN(to) ? Number.NEGATIVE_INFINITY : to)

const grouped = (
  comparisons: readonly Comparison[],
): ReadonlyMap<string, ReadonlyMap<string, readonly Comparison[]>> => {
  const groups = new Map<string, Map<string, Comparison[]>>()
  for (const one of comparisons) {
    const of = groups.get(one.near) ?? new Map<string, Comparison[]>()
    groups.set(one.near, of)
    of.set(one.far, [...(of.get(one.far) ?? []), one])
  }
  return groups
}

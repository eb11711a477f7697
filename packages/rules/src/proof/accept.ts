import { coversEverything, REPORT_SCHEMA, type RunResult, type SourceIdentity } from '@backproof/core/report'
import { isAhead } from '../time.js'

/** What a report has to be, so that it speaks for all of the places that it names. */
export interface Terms {
  /** The clock of the audit. */
  readonly now: number
  /** Milliseconds that the report, and any dated list in it, may be old. */
  readonly maxAge: number
  /** Whether a sample is accepted. What it lists it lists whole; what it reads is a part. */
  readonly samples: boolean
}

/** Why a report is not accepted. */
export type RefusalReason = 'malformed' | 'future' | 'old' | 'filtered' | 'excluded' | 'part' | 'incomplete' | 'sample'

/** When what a report says held: its oldest and its newest moment, milliseconds since 1970. */
export interface Moments {
  readonly from: number
  readonly to: number
}

/** @param sides Those whose state counts; a dated list is as old as the list. */
export const momentsOf = ({ asOf }: RunResult, sides: readonly SourceIdentity[]): Moments => ({
  from: Math.min(Date.parse(asOf.from), ...sides.flatMap((side) => side.asOf ?? [])),
  to: Date.parse(asOf.to),
})

/**
 * Why a report does not speak for all of the places; `undefined` where it does. Accepted is what came to its end, over all keys,
 * without a filter, left nothing out on these sides, and is young enough.
 */
export const refusalReason = (
  result: RunResult,
  sides: readonly SourceIdentity[],
  { now, maxAge, samples }: Terms,
): RefusalReason | undefined => {
  const { from, to } = momentsOf(result, sides)
  const { schema, options, covered, complete, incomplete, sample } = result
  if (schema !== REPORT_SCHEMA || Number.isNaN(from) || Number.isNaN(to)) return 'malformed'
  if (isAhead(to, now)) return 'future'
  if (now - from > maxAge) return 'old'
  if (!isEmptyList(options['include']) || !isEmptyList(options['exclude'])) return 'filtered'
  if (excludedFrom(sides).length > 0) return 'excluded'
  if (covered.length === 0 || !coversEverything(covered)) return 'part'
  if (!complete || incomplete.length > 0) return 'incomplete'
  return !samples && sample !== undefined && sample.sampled < sample.population ? 'sample' : undefined
}

/** What was left out of sides though it may hold content: reasons with counts. */
export const excludedFrom = (sides: readonly SourceIdentity[]): readonly (readonly [reason: string, count: number])[] =>
  sides.flatMap(({ excluded }) => Object.entries(excluded).filter(([name, count]) => count > 0 && !EMPTY.has(name)))

/** Entries that a listing leaves out and that hold nothing: all other reasons, also ones that are not known yet, hide content. */
const EMPTY: ReadonlySet<string> = new Set(['folder-marker', 'empty-directory'])

/** What a plugin leaves out it does not filter by; what is no list is a filter that is not known. */
const isEmptyList = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0)

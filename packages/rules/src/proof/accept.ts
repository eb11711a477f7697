import { coversEverything, REPORT_SCHEMA, type RunResult, type SourceIdentity } from '@backproof/core/report'
import { inDays, isAhead } from '../time.js'

/** What a report has to be, so that it speaks for all of the places that it names. */
export interface Terms {
  /** The clock of the audit. */
  readonly now: number
  /** Milliseconds that the report, and any dated list in it, may be old. */
  readonly maxAge: number
  /** Whether a sample is accepted. What it lists it lists whole; what it reads is a part. */
  readonly samples: boolean
}

/** Why a report is not accepted, and in words that end the sentence "the report ...". */
export interface Refusal {
  readonly reason: 'malformed' | 'future' | 'old' | 'filtered' | 'excluded' | 'part' | 'incomplete' | 'sample'
  readonly why: string
}

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
export const refusalOf = (result: RunResult, sides: readonly SourceIdentity[], terms: Terms): Refusal | undefined => {
  const { from, to } = momentsOf(result, sides)
  if (result.schema !== REPORT_SCHEMA) return { reason: 'malformed', why: `has the schema ${String(result.schema)}` }
  if (Number.isNaN(from) || Number.isNaN(to)) return { reason: 'malformed', why: 'has no date that can be read' }
  if (isAhead(to, terms.now)) return { reason: 'future', why: 'is dated in the future: a clock is wrong' }
  if (terms.now - from > terms.maxAge)
    return { reason: 'old', why: `is ${inDays(terms.now - from)} days old; ${inDays(terms.maxAge)} are allowed` }
  return refusalOfScope(result, sides, terms)
}

const refusalOfScope = (
  { options, covered, complete, incomplete, sample }: RunResult,
  sides: readonly SourceIdentity[],
  { samples }: Terms,
): Refusal | undefined => {
  if (!isEmptyList(options['include']) || !isEmptyList(options['exclude']))
    return { reason: 'filtered', why: 'is filtered (include, exclude)' }
  const excluded = sides.flatMap((side) =>
    Object.entries(side.excluded).filter(([name, count]) => count > 0 && !EMPTY.has(name)),
  )
  const [first] = excluded
  if (first !== undefined) return { reason: 'excluded', why: `leaves entries out (${first[1]} x ${first[0]})` }
  if (covered.length === 0 || !coversEverything(covered))
    return { reason: 'part', why: 'covers a part of the keys only: merge the parts' }
  if (!complete || incomplete.length > 0) {
    const reason = incomplete[0]?.reason ?? 'not complete'
    return { reason: 'incomplete', why: `is incomplete (${reason})` }
  }
  if (!samples && sample !== undefined && sample.sampled < sample.population)
    return { reason: 'sample', why: 'is about a sample' }
  return undefined
}

/** Entries that a listing leaves out and that hold nothing: all other reasons, also ones that are not known yet, hide content. */
const EMPTY: ReadonlySet<string> = new Set(['folder-marker', 'empty-directory'])

/** What a plugin leaves out it does not filter by; what is no list is a filter that is not known. */
const isEmptyList = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0)

import { REPORT_SCHEMA, type RunResult, type SourceIdentity } from '@backproof/core/report'
import { inDays } from '../time.js'
import { excludedFrom, momentsOf, type RefusalReason, refusalReason, type Terms } from './accept.js'

/** Why a report is not accepted, and in words that end the sentence "the report ...". */
export interface Refusal {
  readonly reason: RefusalReason
  readonly why: string
}

/** As {@link refusalReason}, with words. */
export const refusalOf = (result: RunResult, sides: readonly SourceIdentity[], terms: Terms): Refusal | undefined => {
  const reason = refusalReason(result, sides, terms)
  return reason && { reason, why: WORDS[reason](result, sides, terms) }
}

const WORDS: Readonly<
  Record<RefusalReason, (result: RunResult, sides: readonly SourceIdentity[], terms: Terms) => string>
> = {
  malformed: ({ schema }) =>
    schema === REPORT_SCHEMA ? 'has no date that can be read' : `has the schema ${String(schema)}`,
  future: () => 'is dated in the future: a clock is wrong',
  old: (result, sides, { now, maxAge }) =>
    `is ${inDays(now - momentsOf(result, sides).from)} days old; ${inDays(maxAge)} are allowed`,
  filtered: () => 'is filtered (include, exclude)',
  excluded: (_, sides) => {
    const [[reason, count] = ['', 0]] = excludedFrom(sides)
    return `leaves entries out (${count} x ${reason})`
  },
  part: () => 'covers a part of the keys only: merge the parts',
  incomplete: ({ incomplete }) => `is incomplete (${incomplete[0]?.reason ?? 'not complete'})`,
  sample: () => 'is about a sample',
}

import { createSelection } from '../evidence/sample/selection.js'
import type { SampleTally } from '../evidence/sample/tally.js'
import type { ObjectFinding } from '../report/finding.js'
import type { Join } from './join.js'
import { joinedRows, type Listings } from './joined-rows.js'
import { prejudge } from './prejudge.js'
import type { PlanContext } from './prove-context.js'
import type { Party, Row } from './row.js'
import { createSideCount } from './side-listing.js'

/** Whether only bytes or digests can decide something about a row: what a sample is taken of. */
export const isPopulation = (row: Row, { parties, policyOf }: PlanContext): boolean => {
  const policy = policyOf(row.key)
  return row.entries.some((_, subject) => {
    if (subject === 0) return false
    const [reference, other] = [parties[0]!, parties[subject]!]
    if (reference.stale === true || other.stale === true) return false
    return prejudge(row, reference, other, subject, policy) === 'open'
  })
}

/** Bytes of the object that a row is about, where a listing knows them. */
export const sizeOfRow = (row: Row): number | undefined =>
  row.entries.find((side) => side?.entry.size !== undefined)?.entry.size

/** Whether a row is proven: all are, where nothing is sampled. */
export const takesRow = (row: Row, { selection }: PlanContext): boolean =>
  selection === undefined || selection.takes(row.key, sizeOfRow(row))

/**
 * The context with what a sample takes, where there is one. Where that depends on all there is, the sides are listed for it once
 * more, and nothing else.
 */
export const withSelection = async (
  context: PlanContext,
  { sample, ...join }: Join,
  described: readonly Party[],
  listings: Listings,
): Promise<PlanContext> => {
  if (sample === undefined) return context
  const selection = createSelection(sample)
  if (!selection.needsPass) return { ...context, selection }
  const counts = described.map(createSideCount)
  // Archives are listed here, not read.
  const parties = described.map(({ sequential: _, ...party }) => party)
  const rows = joinedRows(join, parties, { ...listings, counts, onBytes: () => undefined, onDamage: () => undefined })
  for await (const batch of rows) {
    for (const row of batch) if (isPopulation(row, context)) selection.add(row.key, sizeOfRow(row))
  }
  return { ...context, selection }
}

/** How often the sides of a run are listed. */
export const listingsOf = ({ selection }: PlanContext): number => (selection?.needsPass === true ? 2 : 1)

/** Adds rows that are done to what is known of a sample. An object is as good as its worst copy. */
export const tallySample = (
  sample: SampleTally,
  rows: readonly Row[],
  findings: readonly ObjectFinding[],
  context: PlanContext,
): void => {
  const failing = new Set(findings.filter(({ outcome }) => outcome !== 'match').map(({ key }) => key))
  for (const row of rows) {
    if (!isPopulation(row, context)) continue
    const size = sizeOfRow(row)
    sample.population(size)
    if (!takesRow(row, context)) continue
    sample.sampled(size)
    sample.result(size, failing.has(row.key))
  }
}

import { days } from '../time.js'
import { addKept, createKeptTally, type Kept, type KeptTally, longest, MOST_DAYS } from './kept.js'

/** Plans whose recovery points are counted apart; those of further ones count as those of an unknown plan. */
const MOST_PLANS = 64
/** Days of what never expires: beyond all limits. */
const FOR_EVER = MOST_DAYS + 1

/** How long recovery points of one plan are kept, the longest first. */
export interface Lengths {
  /** By age. */
  readonly aged: KeptTally
  /** By the days from creation to the earliest removal, where that is known. */
  readonly set: KeptTally
  /** By age at the clock of the audit: some may be gone since the history ended. */
  readonly later: KeptTally
  /** By the most of all. */
  readonly reach: KeptTally
  /** By age; nobody says when they expire. */
  readonly open: KeptTally
}

const createLengths = (): Lengths => ({
  aged: createKeptTally(),
  set: createKeptTally(),
  later: createKeptTally(),
  reach: createKeptTally(),
  open: createKeptTally(),
})

/** Those of a plan, made where there are none. */
export const lengthsOf = (groups: Map<string | undefined, Lengths>, plan: string | undefined): Lengths => {
  const name = groups.has(plan) || groups.size < MOST_PLANS ? plan : undefined
  const group = groups.get(name) ?? createLengths()
  groups.set(name, group)
  return group
}

/** Adds a recovery point; `until`: when it is known to have existed. */
export const addLength = (
  { aged, set, later, reach, open }: Lengths,
  kept: Kept,
  { now, until }: { readonly now: number; readonly until: number },
): void => {
  const daysTo = (end: number): number => Math.min(FOR_EVER, Math.ceil((end - kept.created) / days(1)))
  const least = daysTo(kept.until)
  addKept(aged, longest(kept, daysTo(until)))
  addKept(later, longest(kept, daysTo(now)))
  addKept(reach, longest(kept, Math.max(daysTo(now), least)))
  if (kept.open) addKept(open, longest(kept, daysTo(until)))
  // A lock keeps it also where nobody says when it expires.
  if (!kept.open || kept.until > kept.created) addKept(set, longest(kept, least))
}

import type { Evidence } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import { days, isoTime } from '../time.js'

/** How long a recovery point is kept for certain. */
export interface Kept {
  readonly id: string
  readonly created: number
  /** Milliseconds since 1970, from when on it may be removed; infinite: never. */
  readonly until: number
  /** Whole days from its creation to then, up to {@link MOST_DAYS}. */
  readonly days: number
  /** Whether it may well be kept for longer: nobody says when it expires, only until when it is locked. */
  readonly open: boolean
}

/** A hundred years. */
export const MOST_DAYS = 36_525

/** The later of expiry and lock: what is locked is not removed when it expires. A legal hold can be lifted at any time. */
export const keptOf = ({ id, created, expires, lockedUntil, lockMode }: RecoveryPoint): Kept => {
  const expiry = expires === 'never' ? Number.POSITIVE_INFINITY : (expires ?? undefined)
  const start = expiry ?? created
  // Not from its creation, where it says when it expires: that may be before, as a clock was wrong.
  const until = Math.max(start, (lockMode === 'none' ? undefined : lockedUntil) ?? start)
  const whole = Math.floor((until - created) / days(1))
  return { id, created, until, days: Math.min(MOST_DAYS, Math.max(0, whole)), open: expiry === undefined }
}

export const keptEvidence = ({ id, created, until, days: kept, open }: Kept): Evidence => ({
  kind: 'recovery-point',
  id,
  at: isoTime(created),
  data: {
    removable: open || until === Number.POSITIVE_INFINITY ? null : isoTime(until),
    ...(open && { lockedUntil: until > created ? isoTime(until) : null }),
    days: open && until <= created ? null : kept,
  },
})

/** Counts recovery points by how long they are kept, and holds those that are kept for the shortest time. Bounded. */
export interface KeptTally {
  /** One for each number of days. */
  readonly byDays: Map<number, number>
  /** Shortest first, then by order of time. */
  readonly shortest: Kept[]
}

export const createKeptTally = (): KeptTally => ({ byDays: new Map(), shortest: [] })

const SHOWN = 20

export const addKept = ({ byDays, shortest }: KeptTally, kept: Kept): void => {
  byDays.set(kept.days, (byDays.get(kept.days) ?? 0) + 1)
  if (shortest.length === SHOWN && kept.days >= shortest.at(-1)!.days) return
  const after = shortest.findIndex((other) => other.days > kept.days)
  shortest.splice(after < 0 ? shortest.length : after, 0, kept)
  if (shortest.length > SHOWN) shortest.pop()
}

/** What is kept for fewer days, and the first of it. */
export interface Short {
  readonly count: number
  readonly shown: readonly Kept[]
}

/** Of several tallies, each with the days that are asked of it. */
export const shortOf = (asked: readonly { readonly tally: KeptTally; readonly least: number }[]): Short => {
  let count = 0
  for (const { tally, least } of asked) for (const [kept, points] of tally.byDays) if (kept < least) count += points
  const shown = asked
    .flatMap(({ tally, least }) => tally.shortest.filter((kept) => kept.days < least))
    .sort((a, b) => a.days - b.days || a.created - b.created || (a.id < b.id ? -1 : 1))
    .slice(0, SHOWN)
  return { count, shown }
}

/** The same recovery point in a tally of the longest: its days count downwards. */
export const longest = (kept: Kept, days: number): Kept => ({ ...kept, days: -days })

/** What is kept for more days, of tallies of {@link longest}, and the first of it. */
export const longOf = (asked: readonly { readonly tally: KeptTally; readonly most: number }[]): Short =>
  shortOf(asked.map(({ tally, most }) => ({ tally, least: -most })))

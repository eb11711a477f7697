import type { JobRun } from '@backproof/core/history'
import { type Ring, ring } from '../statistics/index.js'
import { partOf } from './run-part.js'

/** How many runs of a window were full, and how much changed from one to the next. */
export interface FullShare {
  /** Runs that made a full backup, an incremental or differential one, or one of which nobody says what it was. */
  full: number
  partial: number
  untold: number
  /** Runs that may have made one, by what it would be. */
  mayBeFull: number
  mayBePartial: number
  mayBeUntold: number
  /** Of those that made one: `changedItems` is less than the share that counts as little, or at least that. Of the others nobody says. */
  littleChanged: number
  muchChanged: number
  /** Bytes that full ones sent, as far as they tell. */
  fullBytes: number
  /** The newest full ones. */
  readonly newest: Ring<JobRun>
}

const SHOWN = 20

export const noShare = (): FullShare => ({
  full: 0,
  partial: 0,
  untold: 0,
  mayBeFull: 0,
  mayBePartial: 0,
  mayBeUntold: 0,
  littleChanged: 0,
  muchChanged: 0,
  fullBytes: 0,
  newest: ring(SHOWN),
})

/** @param littlePercent Of its items: what changed less changed little. */
export const countRun = (share: FullShare, run: JobRun, littlePercent: number): FullShare => {
  const part = partOf(run)
  if (part === undefined) return share
  if (!part.certain) {
    if (part.part === 'full') share.mayBeFull += 1
    else if (part.part === 'untold') share.mayBeUntold += 1
    else share.mayBePartial += 1
    return share
  }
  if (part.part === 'full') {
    share.full += 1
    share.fullBytes += run.bytesTransferred ?? 0
    share.newest.push(run)
  } else if (part.part === 'untold') share.untold += 1
  else share.partial += 1
  const { items, changedItems } = run
  if (typeof items === 'number' && items > 0 && typeof changedItems === 'number') {
    if (changedItems * 100 < littlePercent * items) share.littleChanged += 1
    else share.muchChanged += 1
  }
  return share
}

/** Runs that made a backup. */
export const madeBy = ({ full, partial, untold }: FullShare): number => full + partial + untold

/** The share of full ones, percent: at least, and at most, whatever those were that do not tell. */
export const shareOf = (share: FullShare): { readonly least: number; readonly most: number } => {
  const { full, untold, mayBeFull, mayBePartial, mayBeUntold } = share
  const made = madeBy(share)
  const percent = (some: number, all: number): number => (all === 0 ? 0 : (some * 100) / all)
  return {
    least: percent(full, made + mayBePartial + mayBeUntold),
    most: percent(full + untold + mayBeFull + mayBeUntold, made + mayBeFull + mayBeUntold),
  }
}

/** Runs of which nobody says whether they made a backup. */
export const mayHaveMade = ({ mayBeFull, mayBePartial, mayBeUntold }: FullShare): number =>
  mayBeFull + mayBePartial + mayBeUntold

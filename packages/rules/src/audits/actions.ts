import type { CorrectiveAction, Severity } from '@backproof/core/audit'
import { CLOCK_SKEW, days, endOfDay, lastOf } from '../time.js'
import type { OpenRow } from './open-rows.js'

/**
 * How a row that is open stands: `retested`: its action was closed, and what it mended was checked after the row failed last.
 * `due-late`: the date is later than the days that the severity allows.
 */
export type Standing =
  | 'tracked'
  | 'retested'
  | 'no-action'
  | 'no-owner'
  | 'reopened'
  | 'not-retested'
  | 'overdue'
  | 'due-late'

export interface JudgedRow {
  readonly standing: Standing
  readonly action?: CorrectiveAction | undefined
  /** The last moment at which it may be due: the end of a day in UTC. */
  readonly latest: number
}

/** @param allowed Days that a row may be open for, by its severity. */
export const judgeRow = (
  open: OpenRow,
  actions: readonly CorrectiveAction[],
  { now, allowed }: { readonly now: number; readonly allowed: Readonly<Record<Severity, number>> },
): JudgedRow => {
  const action = actionOf(open, actions, now)
  const first = Math.min(open.first, action?.opened ?? open.first)
  const latest = endOfDay(first + days(allowed[open.row.severity]))
  return { standing: standingOf(open, action, latest, now), action, latest }
}

const standingOf = ({ last }: OpenRow, action: CorrectiveAction | undefined, latest: number, now: number): Standing => {
  if (action === undefined) return 'no-action'
  const { owner, due, retested } = action
  if (owner.trim() === '') return 'no-owner'
  const closed = closedBy(action, now)
  if (closed !== undefined) {
    if (retested !== undefined && lastOf(retested) >= closed && retested > last.at && retested <= now + CLOCK_SKEW)
      return 'retested'
    // A date stands for the whole day: what failed in the morning may have been mended in the evening.
    if (last.at > lastOf(closed)) return 'reopened'
  }
  if (now > due) return closed === undefined ? 'overdue' : 'not-retested'
  return due > latest ? 'due-late' : 'tracked'
}

/** The action for a row: one that is not closed before one that is, of these the one that was opened last. */
const actionOf = (
  { row, id }: OpenRow,
  actions: readonly CorrectiveAction[],
  now: number,
): CorrectiveAction | undefined =>
  actions
    .filter(({ fingerprint, rule, target, opened }) => {
      if (opened > now + CLOCK_SKEW) return false
      if (fingerprint !== undefined) return fingerprint === row.fingerprint
      const isAbout = target === undefined ? row.target.kind === 'estate' : target === row.target.id
      return isAbout && rule !== undefined && (rule === row.rule || rule === id)
    })
    .sort(
      (a, b) =>
        Number(closedBy(a, now) !== undefined) - Number(closedBy(b, now) !== undefined) ||
        b.opened - a.opened ||
        (a.id < b.id ? -1 : 1),
    )[0]

const closedBy = ({ closed }: CorrectiveAction, now: number): number | undefined =>
  closed !== undefined && closed <= now + CLOCK_SKEW ? closed : undefined

import { WAIVER_RULE } from '@backproof/core/audit'
import type { EarlierAudit, EarlierRow } from '@backproof/core/history'
import type { TimedAudit } from './earlier.js'

/** A row that failed in an earlier audit, and was not seen to be in order since. */
export interface OpenRow {
  readonly row: EarlierRow
  /** Id of its rule, where the audit tells; else its name. */
  readonly id: string
  /** The last audit in which it failed. */
  readonly last: TimedAudit
  /** When it failed for the first time without being in order since, as far as reports at hand tell. */
  readonly first: number
}

/**
 * Failing rows without a waiver that are open, in the order of the audits, newest first.
 *
 * A row is in order once a later audit that came to its end asked its rule, decided something by it, and has neither the row, nor one
 * about the same thing that was not decided, nor rows of the rule that its report left out. Silence is no such audit.
 *
 * @param past Newest first.
 */
export const openRows = (past: readonly TimedAudit[]): readonly OpenRow[] => {
  const read = past.map(readOf)
  const seen = new Set<string>()
  const open: OpenRow[] = []
  for (const [newest, last] of past.entries())
    for (const row of last.audit.failing) {
      if (seen.has(row.fingerprint)) continue
      seen.add(row.fingerprint)
      const doubts = doubtNames(row)
      if (read.slice(0, newest).some((one) => one.isInOrder(row, doubts))) continue
      let first = last.at
      for (const [i, { at }] of past.entries()) {
        if (i <= newest) continue
        if (read[i]!.isInOrder(row, doubts)) break
        if (read[i]!.fails(row)) first = at
      }
      open.push({ row, id: read[newest]!.idOf(row), last, first })
    }
  return open
}

interface Read {
  readonly fails: (row: EarlierRow) => boolean
  /** @param doubts Names of undecided rows that may hide it. */
  readonly isInOrder: (row: EarlierRow, doubts: readonly string[]) => boolean
  readonly idOf: (row: EarlierRow) => string
}

/** What one audit says of rows. */
const readOf = ({ audit }: TimedAudit): Read => {
  const { failing, undecided, result } = audit
  const rules = new Map(result.rules.map((one) => [one.rule, one]))
  const fingerprints = new Set(failing.map(({ fingerprint }) => fingerprint))
  const doubtful = new Set(undecided.flatMap(namesOf))
  const [held, open] = [countByRule(failing), countByRule(undecided)]
  const fails = ({ fingerprint }: EarlierRow): boolean => fingerprints.has(fingerprint)
  const isWhole = (name: string): boolean => {
    const rule = rules.get(name)
    // The engine speaks of waivers without a rule.
    if (rule === undefined) return name === WAIVER_RULE && isAllThere(audit)
    const { fail, pass, unknown, error, review } = rule.statuses
    return (
      fail + pass > 0 &&
      (held.get(name) ?? 0) === fail - rule.waived &&
      (open.get(name) ?? 0) === unknown + error + review
    )
  }
  return {
    fails,
    isInOrder: (row, doubts) =>
      result.complete && isWhole(row.rule) && !fails(row) && !doubts.some((name) => doubtful.has(name)),
    idOf: ({ rule }) => rules.get(rule)?.id ?? rule,
  }
}

const isAllThere = ({ failingOmitted, undecidedOmitted }: EarlierAudit): boolean =>
  failingOmitted + undecidedOmitted === 0

const countByRule = (rows: readonly EarlierRow[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { rule } of rows) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return counts
}

/** What an undecided row is about: its subject, and the target as a whole. */
const namesOf = ({ rule, target: { kind, id }, subject }: EarlierRow): readonly string[] => [
  JSON.stringify([rule, kind, id, subject ?? ALL]),
  JSON.stringify([rule, kind, id, subject === undefined ? ALL : ANY]),
]
const ALL = { all: true }
const ANY = { any: true }

/** Undecided rows that may hide this one: of its subject, of the target as a whole, of the estate; where it has no subject, of any. */
const doubtNames = ({ rule, target: { kind, id }, subject }: EarlierRow): readonly string[] => [
  JSON.stringify([rule, kind, id, ALL]),
  JSON.stringify([rule, kind, id, subject ?? ANY]),
  JSON.stringify([rule, 'estate', 'estate', ALL]),
]

import type { AuditFinding } from '@backproof/core/audit'
import { mostSevere } from '../model/most-severe.js'

/** The rows of an audit that people are shown, at most so many of each group, whatever the number of rows. */
export interface ShownRows {
  /** Without a waiver, the most severe first. */
  readonly failing: readonly AuditFinding[]
  /** `error` and `review`, and `unknown` for another reason than a fact that nobody could read; the most severe first. */
  readonly undecided: readonly AuditFinding[]
  /** How many of these there are, shown or not. */
  readonly allUndecided: number
  readonly waived: readonly AuditFinding[]
  /** Why rules have nothing to say: for an audit in which no rule has. */
  readonly notApplicable: readonly AuditFinding[]
  /** Why a fact could not be read, as the first row says that lost its verdict to it: by token and reason, as a fact is named. */
  readonly details: ReadonlyMap<string, string>
}

export interface RowKeeper {
  readonly add: (findings: readonly AuditFinding[]) => void
  readonly shown: () => ShownRows
}

/** What tells one lost fact from another. */
export const lostName = (token: string, reason: string): string => `${token} ${reason}`

/** Keeps rows as they come: of those that fail or are undecided the most severe, of one severity the first. */
export const keepRows = (limit: number): RowKeeper => {
  const failing = mostSevere<AuditFinding>(limit)
  const undecided = mostSevere<AuditFinding>(limit)
  const waived: AuditFinding[] = []
  const notApplicable: AuditFinding[] = []
  const details = new Map<string, string>()
  let allUndecided = 0
  const add = (finding: AuditFinding): void => {
    const { status, message, waiver, facts = [] } = finding
    if (status === 'pass') return
    if (status === 'not-applicable') {
      if (notApplicable.length < limit) notApplicable.push(finding)
      return
    }
    if (status === 'fail') {
      if (waiver === undefined) failing.add(finding)
      else if (waived.length < limit) waived.push(finding)
      return
    }
    if (message !== 'fact-unknown') {
      allUndecided += 1
      undecided.add(finding)
      return
    }
    for (const { token, state, reason = '', detail } of facts)
      if (state === 'unknown' && detail !== undefined && !details.has(lostName(token, reason)))
        details.set(lostName(token, reason), detail)
  }
  return {
    add: (findings) => {
      for (const finding of findings) add(finding)
    },
    shown: () => ({
      failing: failing.rows(),
      undecided: undecided.rows(),
      allUndecided,
      waived,
      notApplicable,
      details,
    }),
  }
}

import { type AuditFinding, SEVERITIES } from '@backproof/core/audit'

/** The rows of an audit that people are shown, at most so many of each group, whatever the number of rows. */
export interface ShownRows {
  /** Without a waiver, the most severe first. */
  readonly failing: readonly AuditFinding[]
  /** `error` and `review`, and `unknown` for another reason than a fact that nobody could read. */
  readonly undecided: readonly AuditFinding[]
  readonly waived: readonly AuditFinding[]
  /** Why a fact could not be read, as the first row says that lost its verdict to it: by {@link lostName}. */
  readonly details: ReadonlyMap<string, string>
}

export interface RowKeeper {
  readonly add: (findings: readonly AuditFinding[]) => void
  readonly shown: () => ShownRows
}

/** What tells one lost fact from another. */
export const lostName = (token: string, reason: string): string => `${token} ${reason}`

/** Keeps rows as they come: of failing ones the most severe, of one severity the first. */
export const keepRows = (limit: number): RowKeeper => {
  const failing = SEVERITIES.map((severity) => ({ severity, rows: [] as AuditFinding[] }))
  const undecided: AuditFinding[] = []
  const waived: AuditFinding[] = []
  const details = new Map<string, string>()
  const add = (finding: AuditFinding): void => {
    const { status, message, severity, waiver, facts = [] } = finding
    if (status === 'pass' || status === 'not-applicable') return
    if (status === 'fail') {
      const rows = waiver === undefined ? failing.find((one) => one.severity === severity)?.rows : waived
      if (rows !== undefined && rows.length < limit) rows.push(finding)
      return
    }
    if (message !== 'fact-unknown') {
      if (undecided.length < limit) undecided.push(finding)
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
    shown: () => ({ failing: failing.flatMap(({ rows }) => rows).slice(0, limit), undecided, waived, details }),
  }
}

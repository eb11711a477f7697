import type { Evidence } from '@backproof/core/audit'
import type { EarlierAudit } from '@backproof/core/history'
import { isAhead, isoTime } from '../time.js'

/** An earlier audit with its clock, milliseconds since 1970. */
export interface TimedAudit {
  readonly audit: EarlierAudit
  readonly at: number
}

/** Earlier audits, newest first. Those whose clock lies after that of this audit say nothing; the first of them is told. */
export interface EarlierAudits {
  readonly past: readonly TimedAudit[]
  readonly ahead?: TimedAudit | undefined
}

export const earlierAudits = (audits: readonly EarlierAudit[], now: number): EarlierAudits => {
  const timed = audits
    .map((audit) => ({ audit, at: Date.parse(audit.result.asOf) }))
    .sort((a, b) => b.at - a.at || (a.audit.source < b.audit.source ? -1 : 1))
  return { past: timed.filter(({ at }) => !isAhead(at, now)), ahead: timed.find(({ at }) => isAhead(at, now)) }
}

/** How much of what was asked an audit decided. */
export interface Coverage {
  /** Rows that pass or fail. */
  readonly decided: number
  /** Rows that are `unknown`, `review` or `error`. */
  readonly undecided: number
  /** Share of `decided` in both, percent, rounded down to tenths; 0 where nothing was asked. */
  readonly percent: number
}

export const coverageOf = ({ result: { totals } }: EarlierAudit): Coverage => {
  const { pass, fail, unknown, review, error } = totals.statuses
  const [decided, undecided] = [pass + fail, unknown + review + error]
  const all = decided + undecided
  return { decided, undecided, percent: all === 0 ? 0 : Math.floor((decided * 1_000) / all) / 10 }
}

/** So that the coverage can be counted again. */
export const auditEvidence = ({ audit }: TimedAudit): Evidence => {
  const { complete, rules, asOf } = audit.result
  const { decided, undecided, percent } = coverageOf(audit)
  return {
    kind: 'audit',
    id: audit.source,
    at: asOf,
    data: { complete, rules: rules.length, decided, undecided, percent },
  }
}

/** What is said in place of a pass. */
export const aheadMessage = {
  status: 'unknown',
  text: 'the audit {audit} is dated {at}, after the clock of this one: one of the clocks is wrong',
} as const

export const aheadData = ({ audit, at }: TimedAudit): { readonly audit: string; readonly at: string } => ({
  audit: audit.source,
  at: isoTime(at),
})

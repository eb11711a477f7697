import type { StatusCounts } from '@backproof/core/audit'
import type { EarlierAudit, EarlierRow, EarlierRule } from '@backproof/core/history'

const NONE: StatusCounts = { fail: 0, error: 0, unknown: 0, review: 0, pass: 0, 'not-applicable': 0 }

/** What a rule came to: without more it passed ten times. */
export const earlierRule = (
  rule: string,
  statuses: Partial<StatusCounts> = { pass: 10 },
  more: Partial<EarlierRule> = {},
): EarlierRule => ({ rule, id: rule, statuses: { ...NONE, ...statuses }, waived: 0, ...more })

/** An audit of twelve rules that all passed, or of others. */
export const earlierAudit = (
  asOf: string,
  {
    rules = Array.from({ length: 12 }, (_, i) => earlierRule(`rule-${i}`)),
    complete = true,
    ...rows
  }: Partial<Omit<EarlierAudit, 'result'>> & {
    readonly rules?: readonly EarlierRule[]
    readonly complete?: boolean
  } = {},
): EarlierAudit => {
  const statuses = rules.reduce<StatusCounts>(
    (all, one) =>
      Object.fromEntries(
        Object.entries(all).map(([name, count]) => [name, count + one.statuses[name as 'fail']]),
      ) as never,
    NONE,
  )
  const findings = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  const waived = rules.reduce((sum, one) => sum + one.waived, 0)
  return {
    source: `audit-${asOf.slice(0, 10)}.json`,
    result: { asOf, optionsHash: 'hash', complete, totals: { findings, statuses, waived }, rules },
    failing: [],
    failingOmitted: 0,
    undecided: [],
    undecidedOmitted: 0,
    ...rows,
  }
}

/** A row about the asset `shop`. */
export const earlierRow = (rule: string, more: Partial<EarlierRow> = {}): EarlierRow => ({
  rule,
  target: { kind: 'asset', id: 'shop' },
  severity: 'high',
  message: 'late',
  fingerprint: `${rule} shop`,
  ...more,
})

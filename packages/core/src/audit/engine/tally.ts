import { compareKeys } from '../../source/key.js'
import type { AuditFinding } from '../finding.js'
import type { AuditResult, AuditTotals, LostFact, RuleSummary } from '../result.js'
import { AUDIT_STATUSES, type AuditStatus, SEVERITIES, type Severity } from '../verdict.js'

export interface TallySnapshot
  extends Pick<
    AuditResult,
    'totals' | 'failing' | 'score' | 'lost' | 'findings' | 'findingsOmitted' | 'findingsLimit'
  > {
  /** By the name of the rule. */
  readonly byRule: ReadonlyMap<string, RuleTotals>
}

type RuleTotals = AuditTotals & Pick<RuleSummary, 'byClause'>

/** Clauses of rows that are told apart, of one rule: more than any framework has. */
const MOST_CLAUSES = 1_000

/** Counts rows as they come, in memory that the number of rows does not change. */
export interface AuditTally {
  readonly add: (finding: AuditFinding) => void
  readonly snapshot: () => TallySnapshot
}

interface Counter {
  findings: number
  readonly statuses: Record<AuditStatus, number>
  waived: number
}

interface RuleCounter extends Counter {
  /** Of rows that name clauses. */
  readonly byClause: Map<string, Counter>
}

interface Lost extends Pick<LostFact, 'token' | 'reason' | 'missingPermission'> {
  findings: number
  readonly rules: Set<string>
}

export const createAuditTally = (findingsLimit: number): AuditTally => {
  const all = emptyCounter()
  const byRule = new Map<string, RuleCounter>()
  const failing = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>
  const lost = new Map<string, Lost>()
  const kept: AuditFinding[] = []
  let open = 0
  return {
    add: (finding) => {
      const counter = byRule.get(finding.rule) ?? { ...emptyCounter(), byClause: new Map() }
      byRule.set(finding.rule, counter)
      count(all, finding)
      count(counter, finding)
      for (const clause of new Set(finding.clauses)) countClause(counter, clause, finding)
      if (finding.status === 'fail' && finding.waiver === undefined) failing[finding.severity] += 1
      if (finding.message === 'fact-unknown') addLost(lost, finding)
      if (finding.status === 'pass' || finding.status === 'not-applicable') return
      open += 1
      if (kept.length < findingsLimit) kept.push(finding)
    },
    snapshot: () => ({
      totals: totalsOf(all),
      failing: { ...failing },
      score: scoreOf(all.statuses),
      lost: [...lost.values()]
        .map(({ rules, ...one }) => ({ ...one, rules: [...rules].sort(compareKeys) }))
        .sort((a, b) => b.findings - a.findings || compareKeys(nameOf(a), nameOf(b))),
      findings: [...kept],
      findingsOmitted: open - kept.length,
      findingsLimit,
      byRule: new Map([...byRule].map(([rule, counter]) => [rule, ruleTotals(counter)])),
    }),
  }
}

const count = (counter: Counter, { status, waiver }: AuditFinding): void => {
  counter.findings += 1
  counter.statuses[status] += 1
  if (waiver !== undefined) counter.waived += 1
}

const countClause = ({ byClause }: RuleCounter, clause: string, finding: AuditFinding): void => {
  const known = byClause.get(clause)
  if (known === undefined && byClause.size >= MOST_CLAUSES) return
  const counter = known ?? emptyCounter()
  byClause.set(clause, counter)
  count(counter, finding)
}

const ruleTotals = (counter: RuleCounter): RuleTotals => {
  const clauses = [...counter.byClause].sort(([a], [b]) => compareKeys(a, b))
  const byClause = clauses.map(([clause, one]) => [clause, totalsOf(one)] as const)
  return { ...totalsOf(counter), ...(clauses.length > 0 && { byClause: Object.fromEntries(byClause) }) }
}

/** passes / (passes + fails + unknown + review + error): what was not asked does not count, what is not known does. */
const scoreOf = ({ pass, fail, unknown, review, error }: Readonly<Record<AuditStatus, number>>): number | null => {
  const asked = pass + fail + unknown + review + error
  return asked === 0 ? null : pass / asked
}

const addLost = (lost: Map<string, Lost>, finding: AuditFinding): void => {
  const seen = new Set<string>()
  for (const { token, state, reason = '', missingPermission } of finding.facts ?? []) {
    const one = { token, reason, ...(missingPermission !== undefined && { missingPermission }) }
    const name = nameOf(one)
    if (state !== 'unknown' || seen.has(name)) continue
    seen.add(name)
    const entry = lost.get(name) ?? { ...one, findings: 0, rules: new Set<string>() }
    lost.set(name, entry)
    entry.findings += 1
    entry.rules.add(finding.rule)
  }
}

const nameOf = ({
  token,
  reason,
  missingPermission,
}: Pick<LostFact, 'token' | 'reason' | 'missingPermission'>): string =>
  JSON.stringify([token, reason, missingPermission])

const emptyCounter = (): Counter => ({
  findings: 0,
  statuses: Object.fromEntries(AUDIT_STATUSES.map((status) => [status, 0])) as Record<AuditStatus, number>,
  waived: 0,
})

const totalsOf = ({ findings, statuses, waived }: Counter): AuditTotals => ({
  findings,
  statuses: { ...statuses },
  waived,
})

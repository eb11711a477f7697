import type { AttestedClauses, AuditResult, RuleSummary } from '../result.js'
import type { Framework } from './framework.js'

/**
 * What an audit shows of a clause. Public API.
 * - `automated`: rules that speak to it were asked, and all that was applicable passes.
 * - `attested`: no rule decides it, and somebody vouches for it, in date.
 * - `accepted-risk`: everything that fails is waived, and nothing else is open.
 * - `gap`: something fails, cannot be decided, or nothing speaks to it.
 */
export type ClauseStatus = 'automated' | 'attested' | 'accepted-risk' | 'gap'

/** In the order reports count them. */
export const CLAUSE_STATUSES: readonly ClauseStatus[] = ['automated', 'attested', 'accepted-risk', 'gap']

export interface ClauseStanding {
  readonly clause: string
  /** What it is about, in our words. */
  readonly about: string
  readonly status: ClauseStatus
  /** Why, one sentence without full stop. */
  readonly reason: string
  /** The most that rules of the run say of it. Absent where none speaks to it. */
  readonly strength?: 'full' | 'partial' | 'supporting' | undefined
  /** Names of the rules of the run that speak to it. */
  readonly rules: readonly string[]
  /** Rows of these rules. */
  readonly passes: number
  readonly failing: number
  readonly waived: number
  /** `unknown`, `review` and `error`. */
  readonly undecided: number
  /** Ids of attestations that name it and hold. */
  readonly attestations: readonly string[]
}

/** An audit, clause by clause. That a rule speaks to a clause is a working proposal, which an auditor has to review. */
export interface ClauseView {
  readonly framework: Pick<Framework, 'id' | 'title' | 'version'>
  readonly counts: Readonly<Record<ClauseStatus, number>>
  /** In the order of the framework. */
  readonly clauses: readonly ClauseStanding[]
}

/** Tells what an audit shows of each clause of a framework that rules speak to. Pure: it says no more than the result does. */
export const clauseView = (result: AuditResult, framework: Framework): ClauseView => {
  const clauses = Object.entries(framework.clauses).map(([clause, about]) =>
    standingOf(clause, about, result, framework.id),
  )
  const count = (status: ClauseStatus): number => clauses.filter((one) => one.status === status).length
  return {
    framework: { id: framework.id, title: framework.title, version: framework.version },
    counts: {
      automated: count('automated'),
      attested: count('attested'),
      'accepted-risk': count('accepted-risk'),
      gap: count('gap'),
    },
    clauses,
  }
}

type Counts = Pick<ClauseStanding, 'passes' | 'failing' | 'waived' | 'undecided'>

const standingOf = (clause: string, about: string, result: AuditResult, framework: string): ClauseStanding => {
  const speaks = (rule: RuleSummary): boolean =>
    rule.clauses.some((one) => one.framework === framework && one.clause === clause)
  const rules = result.rules.filter(speaks)
  const strengths = rules.flatMap((rule) =>
    rule.clauses.filter((one) => one.framework === framework && one.clause === clause).map(({ strength }) => strength),
  )
  const strength = STRENGTHS.find((one) => strengths.includes(one))
  const sum = (value: (rule: RuleSummary) => number): number => rules.reduce((all, rule) => all + value(rule), 0)
  const counts: Counts = {
    passes: sum(({ statuses }) => statuses.pass),
    failing: sum(({ statuses, waived }) => statuses.fail - waived),
    waived: sum(({ waived }) => waived),
    undecided: sum(({ statuses: { unknown, review, error } }) => unknown + review + error),
  }
  const named = (result.attestations ?? []).filter(({ clauses }) => clauses.includes(`${framework} ${clause}`))
  const holding = named.filter(({ at, expires }) => at <= result.asOf && result.asOf <= expires)
  const attested = { named, holding }
  return {
    clause,
    about,
    ...decide(counts, rules.length, attested, result.complete),
    ...(strength !== undefined && { strength }),
    rules: rules.map(({ rule }) => rule),
    ...counts,
    attestations: holding.map(({ id }) => id),
  }
}

const STRENGTHS = ['full', 'partial', 'supporting'] as const

const decide = (
  { passes, failing, waived, undecided }: Counts,
  rules: number,
  { named, holding }: { readonly named: readonly AttestedClauses[]; readonly holding: readonly AttestedClauses[] },
  complete: boolean,
): Pick<ClauseStanding, 'status' | 'reason'> => {
  if (failing > 0) return { status: 'gap', reason: `${failing} ${failing === 1 ? 'check fails' : 'checks fail'}` }
  const open = undecided > 0 || !complete
  if (!open && waived > 0)
    return { status: 'accepted-risk', reason: `${waived} ${waived === 1 ? 'failure is' : 'failures are'} waived` }
  if (!open && passes > 0)
    return { status: 'automated', reason: `${passes} ${passes === 1 ? 'check passes' : 'checks pass'}` }
  const [first] = holding
  if (first !== undefined && waived === 0)
    return { status: 'attested', reason: `attested by ${first.by} until ${first.expires.slice(0, 10)}` }
  if (undecided > 0)
    return { status: 'gap', reason: `${undecided} ${undecided === 1 ? 'check' : 'checks'} cannot be decided` }
  if (!complete) return { status: 'gap', reason: 'the audit is incomplete' }
  if (named.length > 0) return { status: 'gap', reason: 'its attestation does not hold at this time' }
  return { status: 'gap', reason: rules === 0 ? 'no rule of this audit speaks to it' : 'nothing was applicable' }
}

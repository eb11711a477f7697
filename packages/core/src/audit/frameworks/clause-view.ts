import type { AttestedClauses, AuditResult, AuditTotals, RuleSummary } from '../result.js'
import { clausesOf } from './clauses-of.js'
import type { Framework } from './framework.js'

/**
 * What an audit shows of a clause. Public API.
 * - `automated`: rules that speak to it were asked, and all that was applicable passes. How much that says is its `strength`.
 * - `attested`: nothing of it fails or is unknown, what is left is for people to judge, and somebody vouches for it, in date
 *   and with evidence.
 * - `accepted-risk`: everything that fails is waived, and nothing else is open.
 * - `gap`: something fails or cannot be decided, or nothing speaks to it.
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
  /** Names of the rules of the run that speak to it, as a whole or in some of their rows. */
  readonly rules: readonly string[]
  /** Rows of these rules. */
  readonly passes: number
  readonly failing: number
  readonly waived: number
  /** `unknown` and `error`. No attestation stands in for them: knowing less never makes a clause look better. */
  readonly undecided: number
  /** `review`: for people to judge. */
  readonly review: number
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
  const clauses = clausesOf(framework).map(([clause, about]) => standingOf(clause, about, result, framework.id))
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

type Counts = Pick<ClauseStanding, 'passes' | 'failing' | 'waived' | 'undecided' | 'review'>

/** What one rule says of one clause: the whole rule, or those of its rows that name the clause. */
interface Voice extends Pick<AuditTotals, 'statuses' | 'waived'> {
  readonly rule: string
  readonly strength: string
}

const voicesOf = ({ rule, clauses, byClause, ...totals }: RuleSummary, framework: string, clause: string): Voice[] => {
  const own = clauses.find((one) => one.framework === framework && one.clause === clause)
  if (own !== undefined) return [{ rule, strength: own.strength, ...totals }]
  const name = `${framework} ${clause}`
  const rows = byClause !== undefined && Object.hasOwn(byClause, name) ? byClause[name] : undefined
  return rows === undefined ? [] : [{ rule, strength: 'supporting', ...rows }]
}

const standingOf = (clause: string, about: string, result: AuditResult, framework: string): ClauseStanding => {
  const voices = result.rules.flatMap((rule) => voicesOf(rule, framework, clause))
  const strength = STRENGTHS.find((one) => voices.some((voice) => voice.strength === one))
  const sum = (value: (voice: Voice) => number): number => voices.reduce((all, voice) => all + value(voice), 0)
  const counts: Counts = {
    passes: sum(({ statuses }) => statuses.pass),
    failing: sum(({ statuses, waived }) => statuses.fail - waived),
    waived: sum(({ waived }) => waived),
    undecided: sum(({ statuses: { unknown, error } }) => unknown + error),
    review: sum(({ statuses }) => statuses.review),
  }
  const named = (result.attestations ?? []).filter(({ clauses }) => clauses.includes(`${framework} ${clause}`))
  const now = Date.parse(result.asOf)
  const inDate = named.filter(({ at, expires }) => Date.parse(at) <= now && now <= Date.parse(expires))
  const holding = inDate.filter(({ by, evidence = '' }) => by.trim() !== '' && evidence.trim() !== '')
  return {
    clause,
    about,
    ...decide(counts, { rules: voices.length, strength, named, inDate, holding, complete: result.complete }),
    ...(strength !== undefined && { strength }),
    rules: voices.map(({ rule }) => rule),
    ...counts,
    attestations: holding.map(({ id }) => id),
  }
}

type Strength = NonNullable<ClauseStanding['strength']>

/** Strongest first. */
const STRENGTHS: readonly Strength[] = ['full', 'partial', 'supporting']

/** What passing rules of a strength do not say. */
const LEFT_OPEN: Readonly<Record<Strength, string>> = {
  full: '',
  partial: ', which is a part of it',
  supporting: ', which supports it and does not decide it',
}

interface Speaking {
  readonly rules: number
  readonly strength: Strength | undefined
  readonly named: readonly AttestedClauses[]
  readonly inDate: readonly AttestedClauses[]
  /** Of those in date, the ones that somebody signed and that name evidence. */
  readonly holding: readonly AttestedClauses[]
  readonly complete: boolean
}

const decide = (
  { passes, failing, waived, undecided, review }: Counts,
  { rules, strength, named, inDate, holding, complete }: Speaking,
): Pick<ClauseStanding, 'status' | 'reason'> => {
  const gap = (reason: string) => ({ status: 'gap', reason }) as const
  if (failing > 0) return gap(`${failing} ${failing === 1 ? 'check fails' : 'checks fail'}`)
  if (undecided > 0) return gap(`${undecided} ${undecided === 1 ? 'check' : 'checks'} cannot be decided`)
  if (rules > 0 && !complete) return gap('the audit is incomplete')
  if (review === 0 && waived > 0)
    return { status: 'accepted-risk', reason: `${waived} ${waived === 1 ? 'failure is' : 'failures are'} waived` }
  if (review === 0 && passes > 0)
    return {
      status: 'automated',
      reason: `${passes} ${passes === 1 ? 'check passes' : 'checks pass'}${LEFT_OPEN[strength ?? 'supporting']}`,
    }
  const [first] = holding
  if (first !== undefined && waived === 0)
    return { status: 'attested', reason: `attested by ${first.by} until ${first.expires.slice(0, 10)}` }
  if (review > 0) return gap(`${review} ${review === 1 ? 'check' : 'checks'} somebody has to judge`)
  if (inDate.length > 0) return gap('its attestation names no evidence, or nobody')
  if (named.length > 0) return gap('its attestation does not hold at this time')
  return gap(rules === 0 ? 'no rule of this audit speaks to it' : 'nothing was applicable')
}

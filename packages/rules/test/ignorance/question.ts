import {
  type AuditRule,
  type AuditTarget,
  collected,
  ESTATE,
  type Fact,
  type HistoryToken,
  judge,
} from '@backproof/core/audit'
import { RULE_NOW, type RuleCase, type RuleTest } from '@backproof/core/testing'

export type Item = Readonly<Record<string, unknown>>

/** A history as a rule is asked about it. */
export interface AskedHistory {
  readonly token: HistoryToken<unknown>
  readonly items: readonly Item[]
  readonly from?: number | undefined
  readonly observedAt?: number | undefined
  readonly partial?: boolean | undefined
}

/** A case of a rule, as data that can be changed. */
export interface Asked {
  readonly name: string
  readonly rule: AuditRule
  readonly target: AuditTarget
  readonly now: number
  readonly facts: Readonly<Record<string, Fact<unknown>>>
  readonly histories: readonly AskedHistory[]
}

export const askedOf = (test: RuleTest, one: RuleCase): Asked => {
  const rule = (test.rule as (options: unknown, config: unknown) => AuditRule)(one.options, one.config)
  const { now = RULE_NOW } = one
  const { scope } = rule.meta
  const target = scope === ESTATE.kind ? ESTATE : { kind: scope, id: 'shop', ...one.target }
  const facts = Object.entries(one.facts ?? {}).map(([name, value]): [string, Fact<unknown>] => [
    name,
    isFact(value) ? value : { state: 'known', value, source: 'case', observedAt: now },
  ])
  const histories = Object.entries(one.histories ?? {}).map(([name, told]): AskedHistory => {
    const given = 'items' in told ? told : { items: told }
    return { ...given, token: rule.folds[name]!.history, items: given.items as readonly Item[] }
  })
  return { name: one.name, rule, target, now, facts: Object.fromEntries(facts), histories }
}

const isFact = (value: unknown): value is Fact<unknown> =>
  typeof value === 'object' && value !== null && 'state' in value && 'source' in value === (value.state !== 'unknown')

/** What is said of each part of the target, the worst of it. */
export type Said = ReadonlyMap<string, { readonly status: string; readonly message: string }>

/** Best last. */
const STATUSES = ['fail', 'error', 'unknown', 'review', 'not-applicable', 'pass']

const isGood = (status: string): boolean => status === 'pass' || status === 'not-applicable'

export const answer = ({ rule, target, now, facts, histories }: Asked): Said => {
  const rows = judge(rule, {
    target,
    now: new Date(now),
    facts: Object.entries(facts).map(([name, fact]) => collected(rule.needs[name]!, fact)),
    histories: histories.map(({ token, ...history }) => ({ history: token, ...history })),
  })
  const said = new Map<string, { status: string; message: string }>()
  for (const { subject = '', status, message } of rows) {
    const known = said.get(subject)
    if (known === undefined || STATUSES.indexOf(status) < STATUSES.indexOf(known.status))
      said.set(subject, { status, message })
  }
  return said
}

/** What became better: the message before, or {@link GONE}, and the one after. */
export interface Better {
  readonly was: string
  readonly now: string
}

/** In place of a message: what was said of a part is not said any more, of any. */
export const GONE = '(gone)'

/**
 * Whether anything became better.
 *
 * @param isMoved Runs may have moved from one part of the target to another: only the target as a whole must not become better.
 */
export const improved = (before: Said, after: Said, isMoved: boolean): Better | undefined => {
  for (const [subject, { status, message: now }] of isMoved ? [] : after) {
    const told = before.get(subject)
    if (told === undefined) continue
    const passes = status === 'pass' && told.status !== 'pass'
    if (passes || (status === 'not-applicable' && told.status === 'fail')) return { was: told.message, now }
  }
  const isBad = [...before.values()].some(({ status }) => !isGood(status))
  const passing = [...after.values()].find(({ status }) => status === 'pass') ?? [...after.values()][0]
  if (!isBad || [...after.values()].some(({ status }) => !isGood(status))) return undefined
  if (passing?.status !== 'pass' && ![...before.values()].some(({ status }) => status === 'fail')) return undefined
  return { was: GONE, now: passing?.message ?? GONE }
}

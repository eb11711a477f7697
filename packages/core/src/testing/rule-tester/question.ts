import type { Fact } from '../../audit/fact.js'
import type { HistoryToken } from '../../audit/history.js'
import type { AuditRule, RuleFactory } from '../../audit/rule.js'
import { type AuditTarget, ESTATE } from '../../audit/target.js'
import { broken } from './broken.js'
import { deepFreeze } from './freeze.js'
import { type CaseHistory, RULE_NOW, type RuleQuestion } from './types.js'

/** A history of a question. */
export interface AskedHistory {
  readonly history: HistoryToken<unknown>
  readonly items: readonly unknown[]
  readonly observedAt: number
  readonly from?: number | undefined
  readonly partial?: boolean | undefined
  /** Nobody may read it. */
  readonly denied?: boolean | undefined
}

/** A question with all that an engine needs. What a rule is given of it is frozen, so that changing it is seen. */
export interface Question {
  readonly rule: AuditRule
  readonly target: AuditTarget
  readonly now: number
  /** By the name of the need. What is left out nobody collects. */
  readonly facts: Readonly<Record<string, Fact<unknown>>>
  /** By the name of the token. */
  readonly histories: Readonly<Record<string, AskedHistory>>
}

/** @throws BackupError where the question is about what the rule does not have. */
export const questionOf = (factory: RuleFactory, asked: RuleQuestion): Question => {
  const rule = factory(asked.options as Parameters<RuleFactory>[0], asked.config)
  const kind = rule.meta.scope
  const now = asked.now ?? RULE_NOW
  const target = kind === ESTATE.kind ? ESTATE : { kind, id: 'shop', ...asked.target }
  deepFreeze([target, rule.options])
  return {
    rule,
    target,
    now,
    facts: deepFreeze(factsOf(rule, asked.facts ?? {}, now)),
    histories: historiesOf(rule, asked.histories ?? {}, now),
  }
}

const factsOf = (rule: AuditRule, given: NonNullable<RuleQuestion['facts']>, now: number): Question['facts'] =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (rule.needs[name] === undefined)
        throw broken(
          `The question gives a fact ${name}, which ${rule.meta.id} does not need. It needs ${list(rule.needs)}.`,
        )
      return [name, isFact(value) ? value : { state: 'known', value, source: 'case', observedAt: now }]
    }),
  )

const historiesOf = (
  rule: AuditRule,
  given: Readonly<Record<string, CaseHistory>>,
  now: number,
): Question['histories'] => {
  const histories: Record<string, AskedHistory> = {}
  for (const [name, told] of Object.entries(given)) {
    const fold = rule.folds[name]
    if (fold === undefined)
      throw broken(
        `The question gives a history ${name}, which ${rule.meta.id} does not fold. It folds ${list(rule.folds)}.`,
      )
    const { history } = fold
    if (histories[history.name] !== undefined)
      throw broken(
        `The question gives the history ${history.name} under two names. Give it under one: all folds see it.`,
      )
    const asked: AskedHistory = { observedAt: now, ...('items' in told ? told : { items: told }), history }
    deepFreeze(asked.items)
    histories[history.name] = asked
  }
  return histories
}

const list = (named: Readonly<Record<string, unknown>>): string => Object.keys(named).join(', ') || 'none'

const isFact = (value: unknown): value is Fact<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'state' in value &&
  ['known', 'absent', 'unknown'].includes((value as { state: string }).state)

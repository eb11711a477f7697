import type { CollectedFact } from './collector.js'
import { orderedItems } from './engine/history-order.js'
import { rowsOf } from './engine/rows.js'
import { createRuleRunner } from './engine/rule-runner.js'
import { beginWork, evaluateWork, foldTasks, planWork, runFolds } from './engine/rule-work.js'
import type { Fact, UnknownFact } from './fact.js'
import type { AuditFinding } from './finding.js'
import type { HistoryToken } from './history.js'
import type { AuditRule } from './rule.js'
import type { AuditTarget } from './target.js'

/** Items of one history, in any order, about the target (others are left aside, but for rules about the estate). */
export interface GivenItems {
  readonly history: HistoryToken<unknown>
  readonly items: readonly unknown[]
  /** Until when they tell everything, milliseconds since 1970. Default: the clock. */
  readonly observedAt?: number | undefined
  /** From when on. Default: from the beginning. */
  readonly from?: number | undefined
  readonly partial?: boolean | undefined
}

export interface JudgeOptions {
  /** Default: kind and id are those of the rule's scope. */
  readonly target?: AuditTarget | undefined
  /** Facts, of the target or the estate. Make them with `collected(token, fact)`. Those that are left out are `unknown`. */
  readonly facts?: readonly CollectedFact[] | undefined
  readonly histories?: readonly GivenItems[] | undefined
  /** Default: the system's clock. */
  readonly now?: Date | undefined
}

/**
 * Asks one rule about one target, on facts that are at hand: without collectors, files, waivers and report, for scripts and tests. Says
 * what `audit` would: `unknown` where a needed fact is, never a pass from part of the facts, `error` where the rule fails.
 */
export const judge = (rule: AuditRule, options: JudgeOptions = {}): readonly AuditFinding[] => {
  const { meta, folds, needs } = rule
  const { target = { kind: meta.scope, id: meta.scope }, facts = [], histories = [] } = options
  const now = (options.now ?? new Date()).getTime()
  const runner = createRuleRunner(10_000)
  const walks = new Map(
    Object.values(folds).map(({ history }) => {
      const given = histories.filter((one) => one.history.name === history.name)
      const state = given.length === 0 ? NOT_COLLECTED : stateOf(given, now)
      return [history.name, { history, state: () => state }]
    }),
  )
  const context = { now, runner, walks }
  const works = planWork([rule], target, context)
  beginWork(works, context)
  for (const { history } of walks.values()) {
    const given = histories.filter((one) => one.history.name === history.name)
    const parts = given.map(({ items, observedAt = now }) => ({ items, observedAt }))
    const own = orderedItems(history, parts).filter(
      (item) => target.kind !== history.target || history.targetOf(item) === target.id,
    )
    runFolds(foldTasks(works, history.name, own), context)
  }
  const known = new Map(facts.map(({ token, fact }) => [token.name, fact]))
  const sheet = new Map<string, Fact<unknown>>(
    Object.values(needs).map(({ name }) => [name, known.get(name) ?? NOT_COLLECTED]),
  )
  const sheeted = works.map((work) => ({ work, sheet }))
  evaluateWork(sheeted, context)
  return sheeted.flatMap(({ work }) => rowsOf(work, sheet))
}

const NOT_COLLECTED: UnknownFact = { state: 'unknown', reason: 'not-collected' }

const stateOf = (
  given: readonly GivenItems[],
  now: number,
): { state: 'known'; source: string; observedAt: number; from?: number; partial?: boolean } => {
  const froms = given.flatMap(({ from }) => (from === undefined ? [] : [from]))
  return {
    state: 'known',
    source: 'given items',
    observedAt: Math.min(...given.map(({ observedAt = now }) => observedAt)),
    ...(froms.length > 0 && { from: Math.max(...froms) }),
    ...(given.some(({ partial }) => partial === true) && { partial: true }),
  }
}

import type { AuditRule, Fold, FoldContext } from '../rule.js'
import type { AuditTarget } from '../target.js'

import type { FactSheet } from './facts.js'
import type { HistoryState, HistoryWalk } from './history-walk.js'
import type { RuleRunner, Work } from './rule-runner.js'
import { AttributeMissing, attributeOf } from './select.js'
import type { Reading } from './settle.js'

/** A fold under way. */
interface FoldWork {
  readonly name: string
  readonly fold: Fold<unknown>
  readonly walk: HistoryWalk
  readonly context: FoldContext
  state: unknown
  items: number
}

/** One rule and one target. */
export interface RuleWork extends Work {
  readonly target: AuditTarget
  readonly folds: readonly FoldWork[]
  /** What `applies` gave, where that is not `true`: a message. */
  notApplicable?: unknown
  /** An attribute that the target does not have. */
  missing?: string
  /** What `evaluate` gave. */
  verdicts?: unknown
  /** What it rests on, once its folds are done. */
  readings?: readonly Reading[]
}

export interface WorkContext {
  readonly now: number
  readonly runner: RuleRunner
  readonly walks: ReadonlyMap<string, HistoryWalk>
}

/** The work of rules on one target, not begun. */
export const planWork = (
  rules: readonly AuditRule[],
  target: AuditTarget,
  { now, walks }: WorkContext,
): readonly RuleWork[] =>
  rules.map((rule) => ({
    rule,
    target,
    failure: undefined,
    folds: Object.entries(rule.folds).map(([name, fold]) => {
      const walk = walks.get(fold.history.name)!
      const state = walk.state()
      const observedAt = state.state === 'known' ? state.observedAt : now
      return {
        name,
        fold,
        walk,
        context: { target, now, options: rule.options, observedAt },
        state: undefined,
        items: 0,
      }
    }),
  }))

/** Asks whether rules apply, and begins their folds. */
export const beginWork = (works: readonly RuleWork[], { runner }: WorkContext): void => {
  runner.each(works, itself, (work) => {
    const { rule, target } = work
    try {
      const { options } = rule
      const applies = rule.applies({ target, options, attribute: (name) => attributeOf(target, name) })
      if (applies !== true) work.notApplicable = applies ?? null
    } catch (error) {
      if (!(error instanceof AttributeMissing)) throw error
      work.missing = error.attribute
    }
    if (!isOpen(work)) return
    for (const one of work.folds) one.state = one.fold.init(one.context)
  })
}

const itself = (work: RuleWork): RuleWork => work

/** Items for one fold. */
export interface FoldTask {
  readonly work: RuleWork
  readonly fold: FoldWork
  readonly items: readonly unknown[]
}

/** What the folds of some rules have to do with items of a history. */
export const foldTasks = (works: readonly RuleWork[], history: string, items: readonly unknown[]): FoldTask[] => {
  const tasks: FoldTask[] = []
  for (const work of works)
    if (isOpen(work))
      for (const fold of work.folds) if (fold.fold.history.name === history) tasks.push({ work, fold, items })
  return tasks
}

export const runFolds = (tasks: readonly FoldTask[], { runner }: WorkContext): void => {
  runner.each(
    tasks,
    ({ work }) => work,
    ({ fold: one, items }) => {
      const { fold, context } = one
      let { state } = one
      for (const item of items) state = fold.step(state, item, context)
      one.state = state
      one.items += items.length
    },
  )
}

/** A rule, a target, and the facts of the target. */
export interface SheetedWork {
  readonly work: RuleWork
  readonly sheet: FactSheet
}

/** Asks rules whose facts are settled. */
export const evaluateWork = (works: readonly SheetedWork[], { now, runner }: WorkContext): void => {
  runner.each(
    works.filter(({ work, sheet }) => isOpen(work) && !readingsOf(work, sheet).some(isUnknown)),
    ({ work }) => work,
    ({ work, sheet }) => {
      const { rule, target } = work
      // Loops, not entries: it is done for each rule and target.
      const facts: Record<string, unknown> = {}
      for (const name of Object.keys(rule.needs)) facts[name] = sheet.get(rule.needs[name]!.name)
      const folds: Record<string, unknown> = {}
      for (const { name, fold, walk, context, state, items } of work.folds) {
        const { source, observedAt, from, partial } = walk.state() as HistoryState
        folds[name] = { state: 'known', value: fold.done(state, context), items, source, observedAt, from, partial }
      }
      work.verdicts = rule.evaluate({ target, now, options: rule.options, facts: facts as never, folds })
    },
  )
}

/** Whether the rule is still to be asked. */
const isOpen = (work: RuleWork): boolean =>
  work.failure === undefined && work.notApplicable === undefined && work.missing === undefined

/** Every fact and history that the rule needs, in the order of its needs. Asked for once its folds are done. */
export const readingsOf = (work: RuleWork, sheet: FactSheet): readonly Reading[] => {
  work.readings ??= [
    ...Object.values(work.rule.needs).map(({ name }) => ({ token: name, fact: sheet.get(name)! })),
    ...work.folds.map(({ fold, walk, items }) => ({ token: fold.history.name, fact: walk.state(), items })),
  ]
  return work.readings
}

const isUnknown = ({ fact }: Reading): boolean => fact.state === 'unknown'

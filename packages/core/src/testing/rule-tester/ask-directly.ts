import { supersedes } from '../../audit/engine/history-items.js'
import { compareItems } from '../../audit/engine/item-order.js'
import type { FoldContext, RuleInput } from '../../audit/rule.js'
import type { Verdict } from '../../audit/verdict.js'
import type { AskedHistory, Question } from './question.js'

/**
 * What the functions of a rule give without the engine around them. `undefined`: the engine would not call the rule, as something
 * is not known.
 */
export type DirectAnswer =
  | { readonly applies: string }
  /** As it came: nothing has checked that these are verdicts. */
  | { readonly gave: unknown }
  | { readonly threw: string }
  | undefined

/** Calls `applies`, the folds and `evaluate` of a rule, with inputs that are frozen. */
export const askDirectly = (question: Question): DirectAnswer => {
  try {
    return callRule(question)
  } catch (error) {
    return { threw: error instanceof Error ? error.message : String(error) }
  }
}

const callRule = ({ rule, target, now, facts, histories }: Question): DirectAnswer => {
  const missing: string[] = []
  const attribute = (name: string): never => {
    const value = target.attributes?.[name]
    if (value === undefined) missing.push(name)
    return (value ?? '') as never
  }
  const applies = rule.applies({ target, options: rule.options, attribute })
  if (missing.length > 0) return undefined
  if (applies !== true) return { applies }
  const folded: Record<string, unknown> = {}
  for (const [name, fold] of Object.entries(rule.folds)) {
    const asked = histories[fold.history.name]
    if (asked === undefined || asked.denied === true) return undefined
    const { observedAt, from, partial } = asked
    const context: FoldContext = Object.freeze({ target, now, options: rule.options, observedAt })
    const items = itemsOf(asked, target)
    let state = fold.init(context)
    for (const item of items) state = fold.step(state, item, context)
    const value = fold.done(state, context)
    folded[name] = { state: 'known', value, items: items.length, source: 'case', observedAt, from, partial }
  }
  const settled: Record<string, unknown> = {}
  for (const name of Object.keys(rule.needs)) {
    const fact = facts[name]
    if (fact === undefined || fact.state === 'unknown') return undefined
    settled[name] = fact
  }
  const input = Object.freeze({ target, now, options: rule.options, facts: Object.freeze(settled), folds: folded })
  return { gave: rule.evaluate(input as RuleInput<unknown, never, unknown>) }
}

/** The items that a fold of this target sees, in their order, each once. */
const itemsOf = ({ history, items, observedAt }: AskedHistory, target: Question['target']): readonly unknown[] => {
  const own = items.filter((item) => target.kind !== history.target || history.targetOf(item) === target.id)
  const compare = compareItems(history)
  const once: { item: unknown; observedAt: number }[] = []
  for (const item of own.sort(compare)) {
    const [last, told] = [once.at(-1), { item, observedAt }]
    if (last === undefined || compare(last.item, item) !== 0) once.push(told)
    else if (supersedes(history, last, told)) once[once.length - 1] = told
  }
  return once.map(({ item }) => item)
}

/** The verdicts of an answer, where they are some. */
export const verdictsOf = (answer: DirectAnswer): readonly Verdict[] => {
  if (answer === undefined || 'threw' in answer) return []
  if ('applies' in answer) return [{ message: answer.applies }]
  return (Array.isArray(answer.gave) ? answer.gave : [answer.gave]) as readonly Verdict[]
}

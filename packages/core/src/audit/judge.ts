import { BackupError } from '../errors.js'
import type { CollectedFact } from './collector.js'
import { compareItems, isItem } from './engine/item-order.js'
import { attributeOf } from './engine/select.js'
import { type Reading, type Said, unknownSaid, verdictSaid } from './engine/settle.js'
import type { UnknownFact } from './fact.js'
import type { AuditFinding } from './finding.js'
import type { HistoryToken } from './history.js'
import type { AuditRule, Fold, FoldContext, FoldedFact } from './rule.js'
import type { AuditTarget } from './target.js'
import type { Verdict } from './verdict.js'

/** Items of one history, in any order, each once. Those about other targets are left aside, but for rules about the estate. */
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
  /** One for each history that the rule folds. Those that are left out are `unknown`. */
  readonly histories?: readonly GivenItems[] | undefined
  /** Default: the system's clock. */
  readonly now?: Date | undefined
}

/** What a rule says of one target. */
export type Judgement = Said & Pick<AuditFinding, 'rule' | 'target'>

/**
 * Asks one rule about one target, on facts that are at hand: without collectors, files, waivers and report, for scripts and tests. Says
 * what `audit` would: `unknown` where a needed fact is, never a pass from part of the facts. A rule that fails throws here.
 *
 * @throws BackupError `contract` where the rule gives no verdict, or a message that it does not have, and for an item without target,
 *   time or id; and what the rule throws.
 */
export const judge = (rule: AuditRule, options: JudgeOptions = {}): readonly Judgement[] => {
  const { scope } = rule.meta
  const { target = { kind: scope, id: scope }, facts = [], histories = [] } = options
  const now = (options.now ?? new Date()).getTime()
  const { kind, id } = target
  const say = (said: Said): Judgement => ({ rule: rule.name, target: { kind, id }, ...said })

  const applies = rule.applies({ target, options: rule.options, attribute: (name) => attributeOf(target, name) })
  if (applies !== true) return [say(verdictSaid(rule, checked(rule, { message: applies }), []))]

  const needed = Object.entries(rule.needs).map(([as, token]) => {
    const given = facts.find((one) => one.token.name === token.name)
    return { as, token: token.name, fact: given?.fact ?? NOT_COLLECTED }
  })
  const folded = Object.entries(rule.folds).map(([as, fold]) => {
    const given = histories.find(({ history }) => history.name === fold.history.name)
    const fact = given === undefined ? NOT_COLLECTED : foldGiven(fold, given, { target, now, options: rule.options })
    return { as, token: fold.history.name, fact }
  })
  const readings: readonly Reading[] = [...needed, ...folded]
  const unknown = unknownSaid(rule, readings)
  if (unknown !== undefined) return [say(unknown)]
  const input = {
    target,
    now,
    options: rule.options,
    facts: Object.fromEntries(needed.map(({ as, fact }) => [as, fact])) as never,
    folds: Object.fromEntries(folded.map(({ as, fact }) => [as, fact])),
  }
  const verdicts = [rule.evaluate(input)].flat()
  if (verdicts.length === 0) throw wrong(rule, 'no verdict')
  return verdicts.map((verdict) => say(verdictSaid(rule, checked(rule, verdict), readings)))
}

const NOT_COLLECTED: UnknownFact = { state: 'unknown', reason: 'not-collected' }

const foldGiven = (
  fold: Fold<unknown>,
  { history, items, observedAt, from, partial }: GivenItems,
  context: Omit<FoldContext, 'observedAt'>,
): FoldedFact<unknown> => {
  const { target, now } = context
  if (!items.every((item) => isItem(history, item)))
    throw new BackupError({ code: 'contract', message: `An item of ${history.name} has no target, time or id.` })
  const whole = { ...context, observedAt: observedAt ?? now }
  const own = items
    .filter((item) => target.kind !== history.target || history.targetOf(item) === target.id)
    .sort(compareItems(history))
  const state = own.reduce((before, item) => fold.step(before, item, whole), fold.init(whole))
  return {
    state: 'known',
    value: fold.done(state, whole),
    items: own.length,
    source: 'given items',
    observedAt: whole.observedAt,
    ...(from !== undefined && { from }),
    ...(partial === true && { partial }),
  }
}

const checked = (rule: AuditRule, verdict: Verdict): Verdict => {
  if (typeof verdict === 'object' && verdict !== null && Object.hasOwn(rule.meta.messages, verdict.message))
    return verdict
  throw wrong(rule, 'a verdict without one of its messages')
}

const wrong = ({ meta }: AuditRule, what: string): BackupError =>
  new BackupError({ code: 'contract', operation: 'judge', message: `The rule ${meta.id} gave ${what}.` })

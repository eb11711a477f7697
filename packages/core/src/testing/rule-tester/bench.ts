import { createWatchdog } from '../../audit/engine/watchdog.js'
import type { AuditFinding } from '../../audit/finding.js'
import type { AuditRule, RuleFactory, RuleMeta } from '../../audit/rule.js'
import { ask } from './ask.js'
import { askDirectly } from './ask-directly.js'
import { type Question, questionOf } from './question.js'
import type { RuleCase, RuleTest } from './types.js'

/** A case with its answer, which is asked for once. */
export interface AskedCase {
  readonly case: RuleCase
  readonly question: () => Question
  readonly answer: () => Promise<readonly AuditFinding[]>
}

/** What a check works with. */
export interface Bench {
  readonly test: RuleTest
  readonly factory: RuleFactory
  readonly meta: RuleMeta
  readonly cases: readonly AskedCase[]
  /** The rule without options. */
  readonly plain: () => AuditRule
  /** Whether the rule comes to an end in all cases. What does not would hang every check. */
  readonly ends: () => boolean
}

/** A check before it is bound to a test. */
export interface CheckDefinition {
  readonly name: string
  readonly title: string
  readonly run: (bench: Bench) => Promise<void> | void
}

export const benchOf = (test: RuleTest, endMs: number): Bench => {
  const factory = test.rule as RuleFactory
  const cases = test.cases.map((one): AskedCase => {
    const made: { question?: Question; answer?: Promise<readonly AuditFinding[]> } = {}
    const question = (): Question => {
      made.question ??= questionOf(factory, one)
      return made.question
    }
    const answer = (): Promise<readonly AuditFinding[]> => {
      made.answer ??= ask(question())
      return made.answer
    }
    return { case: one, question, answer }
  })
  const made: { ends?: boolean } = {}
  const ends = (): boolean => {
    made.ends ??= createWatchdog(endMs).run(() => {
      for (const { question } of cases) tryCase(question)
    })
    return made.ends
  }
  return { test, factory, meta: factory.meta, cases, plain: () => factory(), ends }
}

/** A question that cannot be asked is told by the checks that ask it. */
const tryCase = (question: AskedCase['question']): void => {
  try {
    askDirectly(question())
  } catch {}
}

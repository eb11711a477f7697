import type { AuditFinding } from '../../audit/finding.js'
import type { AuditRule, RuleFactory, RuleMeta } from '../../audit/rule.js'
import { ask } from './ask.js'
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
}

/** A check before it is bound to a test. */
export interface CheckDefinition {
  readonly name: string
  readonly title: string
  readonly run: (bench: Bench) => Promise<void> | void
}

export const benchOf = (test: RuleTest): Bench => {
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
  return { test, factory, meta: factory.meta, cases, plain: () => factory() }
}

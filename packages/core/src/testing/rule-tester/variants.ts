import type { Fact } from '../../audit/fact.js'
import type { AuditFinding } from '../../audit/finding.js'
import type { AskedCase, Bench } from './bench.js'
import { broken } from './broken.js'
import type { AskedHistory, Question } from './question.js'
import { shownRows } from './rows.js'

/** A question of which one thing was changed. */
export interface Variant {
  /** What was changed, for messages. */
  readonly what: string
  readonly question: Question
}

/** The question with each of its facts and histories changed in turn. What `change` gives `undefined` for stays out. */
export const variantsOf = (
  question: Question,
  change: {
    readonly word: string
    readonly fact: (fact: Fact<unknown>) => Fact<unknown> | undefined
    readonly history: (asked: AskedHistory) => AskedHistory
  },
): readonly Variant[] => {
  const { facts, histories } = question
  return [
    ...Object.entries(facts).flatMap(([name, fact]) => {
      const changed = change.fact(fact)
      if (changed === undefined) return []
      return [{ what: `${name} ${change.word}`, question: { ...question, facts: { ...facts, [name]: changed } } }]
    }),
    ...Object.entries(histories).map(([name, asked]) => ({
      what: `the history ${name} ${change.word}`,
      question: { ...question, histories: { ...histories, [name]: change.history(asked) } },
    })),
  ]
}

/** Of cases with the same messages the first: what the engine does is the same for all of them. */
export const oneOfEach = async ({ cases }: Bench): Promise<readonly AskedCase[]> => {
  const seen = new Map<string, AskedCase>()
  for (const one of cases) {
    const messages = (await one.answer()).map(({ message }) => message).join()
    if (!seen.has(messages)) seen.set(messages, one)
  }
  return [...seen.values()]
}

/** @throws BackupError where knowing less made a row pass, or not applicable. */
export const checkNoBetter = (
  rows: readonly AuditFinding[],
  before: readonly AuditFinding[],
  { name }: AskedCase['case'],
  what: string,
): void => {
  if (rows.length === 0) throw broken(`"${name}", with ${what}: no row came, so that nobody learns of it.`)
  const notApplicable = before.some(({ status }) => status === 'not-applicable')
  for (const { status } of rows)
    if (status === 'pass' || (status === 'not-applicable' && !notApplicable))
      throw broken(`"${name}", with ${what}, is ${shownRows(rows)}.`)
}

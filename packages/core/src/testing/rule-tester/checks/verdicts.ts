import type { RuleMeta } from '../../../audit/rule.js'
import { SEVERITIES, type Verdict } from '../../../audit/verdict.js'
import { showValue } from '../../../source/option-check.js'
import { askDirectly, verdictsOf } from '../ask-directly.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'

export const verdictChecks: readonly CheckDefinition[] = [
  {
    name: 'verdicts-well-formed',
    title: 'a rule gives verdicts at once, at least one, each with a message of its own',
    run: ({ cases, meta }) => {
      for (const { case: one, question } of cases) {
        const wrong = wrongWith(askDirectly(question()), meta)
        if (wrong !== undefined) throw broken(`"${one.name}": ${wrong}`)
      }
    },
  },
  {
    name: 'inputs-unchanged',
    title: 'a rule changes nothing of what it is given',
    run: ({ cases }) => {
      for (const { case: one, question } of cases) {
        const answer = askDirectly(question())
        if (answer !== undefined && 'threw' in answer && FROZEN.test(answer.threw))
          throw broken(`"${one.name}": the rule changes what it is given: ${answer.threw}`)
      }
    },
  },
  {
    name: 'fails-with-evidence',
    title: 'a fail says what it rests on',
    run: ({ cases, meta }) => {
      for (const { case: one, question } of cases)
        for (const { message, evidence = [] } of verdictsOf(askDirectly(question())))
          if (meta.messages[message]?.status === 'fail' && evidence.length === 0)
            throw broken(`"${one.name}": ${message} fails, and has no evidence.`)
    },
  },
]

/** What V8 and other engines say where a frozen object is to be changed. */
const FROZEN = /read.only|not extensible|cannot (?:delete|define|redefine|assign|add)/i

const wrongWith = (answer: ReturnType<typeof askDirectly>, meta: RuleMeta): string | undefined => {
  if (answer === undefined) return
  if ('applies' in answer) {
    const status = meta.messages[answer.applies]?.status
    return status === 'not-applicable'
      ? undefined
      : `applies gives ${showValue(answer.applies)}, which is no message of a not-applicable.`
  }
  if ('threw' in answer) return `the rule throws: ${answer.threw}`
  const { gave } = answer
  if (typeof gave !== 'object' || gave === null) return `evaluate gives ${showValue(gave)}, which is no verdict.`
  if ('then' in gave) return 'evaluate gives a promise: it has to answer at once.'
  const verdicts = verdictsOf(answer)
  if (verdicts.length === 0) return 'evaluate gives no verdict.'
  const seen = new Set<string>()
  for (const verdict of verdicts) {
    const wrong = wrongVerdict(verdict, meta)
    if (wrong !== undefined) return wrong
    const name = JSON.stringify([verdict.message, verdict.subject])
    if (seen.has(name))
      return `${verdict.message} comes twice${verdict.subject === undefined ? ' without a' : ' for one'} subject.`
    seen.add(name)
  }
  return
}

const wrongVerdict = (verdict: Verdict, meta: RuleMeta): string | undefined => {
  const { message, data = {}, evidence = [], evidenceOmitted = 0, sampled, severity } = verdict
  if (!Object.hasOwn(meta.messages, message)) return `${showValue(message)} is no message of ${meta.id}.`
  for (const values of [data, ...evidence.map((piece) => piece.data ?? {})])
    for (const [name, value] of Object.entries(values))
      if (!isScalar(value))
        return `${name} of ${message} is ${showValue(value)}, which is no text, finite number or flag.`
  for (const { kind, at } of evidence) {
    if (typeof kind !== 'string' || kind === '') return `${message} has evidence of no kind.`
    if (at !== undefined && !ISO.test(at))
      return `${message} has evidence at ${showValue(at)}; times are ISO 8601, UTC.`
  }
  if (!isCount(evidenceOmitted)) return `evidenceOmitted of ${message} is no count.`
  if (sampled !== undefined && !(isCount(sampled.taken) && isCount(sampled.of) && sampled.taken <= sampled.of))
    return `${message} says that it rests on ${sampled.taken} of ${sampled.of}.`
  if (severity !== undefined && !SEVERITIES.includes(severity)) return `${showValue(severity)} is no severity.`
  return
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0

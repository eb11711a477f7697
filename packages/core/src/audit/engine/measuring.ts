import { redact } from '../../redact.js'
import type { JsonValue } from '../../source/entry.js'
import { compareKeys } from '../../source/key.js'
import type { AuditMeasure } from '../measure.js'
import type { Measured } from '../result.js'
import type { AuditRule } from '../rule.js'
import { ESTATE } from '../target.js'
import type { FactSheet } from './facts.js'
import { type RuleWork, readingsOf } from './rule-work.js'

/** A measure as the engine asks rules: about the estate, once, on what every rule rests on. Its rows are never told. */
export const asRule = (measure: AuditMeasure): AuditRule => ({
  specVersion: 'v1',
  meta: {
    id: measure.name,
    title: measure.description,
    description: [],
    rationale: '',
    category: 'measures',
    severity: 'info',
    scope: ESTATE.kind,
    messages: {},
    clauses: [],
    remediation: { action: '' },
    since: '0.1.0',
    options: {},
    facts: [],
  },
  name: measure.name,
  severity: 'info',
  options: {},
  needs: measure.needs,
  folds: measure.folds,
  applies: () => true,
  evaluate: ({ now, facts, folds }) => measure.measure({ now, facts, folds } as never) as never,
})

/** What measures came to, in the order of their names. */
export const measuredBy = (works: readonly RuleWork[], sheet: FactSheet): Readonly<Record<string, Measured>> =>
  Object.fromEntries(
    [...works]
      .sort((a, b) => compareKeys(a.rule.name, b.rule.name))
      .map((work): [string, Measured] => [
        work.rule.name,
        { description: redact(work.rule.meta.title), ...outcomeOf(work, sheet) },
      ]),
  )

const outcomeOf = (work: RuleWork, sheet: FactSheet): Omit<Measured, 'description'> => {
  const { failure, verdicts } = work
  if (failure !== undefined) {
    const { reason = failure.message } = failure.data
    return { unknown: redact(String(reason)) }
  }
  const readings = readingsOf(work, sheet)
  const unknown = readings.flatMap(({ token, fact }) => (fact.state === 'unknown' ? [`${token}: ${fact.reason}`] : []))
  if (unknown.length > 0) return { unknown: unknown.join(', ') }
  const value = plain(verdicts)
  if (value === undefined) return { unknown: 'the measure gave no JSON' }
  return {
    value,
    ...(readings.some(({ fact }) => fact.state === 'known' && fact.partial === true) && { partial: true }),
  }
}

/** Plain JSON without secrets; `undefined` for anything else. */
const plain = (value: unknown): JsonValue | undefined => {
  try {
    const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? redact(one) : one))
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue)
  } catch {
    return undefined
  }
}

import type { RuleMeta } from '../rule.js'
import { AUDIT_STATUSES, SEVERITIES, type Verdict, type VerdictStatus } from '../verdict.js'

/** What a rule said, once it is known to be a verdict; or why it is none, empty where there is nothing at all. */
export type ReadVerdicts = { readonly verdicts: readonly Verdict[] } | { readonly wrong: string }

/** Checks what a rule gave: it may come from plain JavaScript. */
export const readVerdicts = (
  meta: RuleMeta,
  given: unknown,
  allowed: readonly VerdictStatus[] = STATUSES,
): ReadVerdicts => {
  const verdicts: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (verdicts.length === 0 || given === undefined || given === null) return { wrong: '' }
  if (verdicts.some(isPromise)) {
    // Nobody waits for it: what it fails with must not end the process.
    for (const one of verdicts) if (isPromise(one)) Promise.resolve(one).catch(() => undefined)
    return { wrong: 'a promise; rules are synchronous' }
  }
  const seen = new Set<string>()
  for (const verdict of verdicts) {
    const wrong = wrongWith(meta, verdict, allowed)
    if (wrong !== undefined) return { wrong }
    if (verdicts.length === 1) break
    const { message, subject } = verdict as Verdict
    const name = JSON.stringify([message, subject])
    if (seen.has(name)) return { wrong: `two verdicts ${message} without different subjects` }
    seen.add(name)
  }
  return { verdicts: verdicts as readonly Verdict[] }
}

const STATUSES = AUDIT_STATUSES.filter((status): status is VerdictStatus => status !== 'error')

const wrongWith = (meta: RuleMeta, verdict: unknown, allowed: readonly VerdictStatus[]): string | undefined => {
  if (!isRecord(verdict)) return 'no verdict, but something else'
  const { message, subject, data, evidence, evidenceOmitted = 0, sampled, severity, clauses = [] } = verdict
  const known =
    typeof message === 'string' && Object.hasOwn(meta.messages, message) ? meta.messages[message] : undefined
  if (known === undefined) return `the message ${JSON.stringify(message)}, which the rule does not have`
  if (!allowed.includes(known.status)) return `the message ${JSON.stringify(message)}, which cannot be given here`
  if (subject !== undefined && typeof subject !== 'string') return 'a subject that is no text'
  if (severity !== undefined && !(SEVERITIES as readonly unknown[]).includes(severity)) return 'an unknown severity'
  if (data !== undefined && !isScalars(data)) return 'data other than texts, finite numbers, true, false and null'
  if (evidence !== undefined && !isEvidence(evidence)) return 'evidence that is no list of pieces with a kind'
  if (!isCount(evidenceOmitted)) return 'a number of omitted pieces of evidence that is none'
  if (sampled !== undefined && !(isRecord(sampled) && isCount(sampled['taken']) && isCount(sampled['of'])))
    return 'a sample without its size, or the size of the whole'
  if (!(Array.isArray(clauses) && clauses.every((one) => typeof one === 'string'))) return 'clauses that are no texts'
  const open = openPlaceholder(known.text, isRecord(data) ? data : {})
  return open === undefined ? undefined : `the message ${String(message)} without its value {${open}}`
}

const openPlaceholder = (text: string, data: Readonly<Record<string, unknown>>): string | undefined => {
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
    const name = text.slice(at + 1, text.indexOf('}', at))
    if (!Object.hasOwn(data, name) && placeholders(`{${name}}`).length > 0) return name
  }
  return undefined
}

/** The names of the values that a message shows. */
export const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name!)

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const isScalars = (data: unknown): boolean => {
  if (!isRecord(data)) return false
  for (const name of Object.keys(data)) if (!isScalar(data[name])) return false
  return true
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isFinite(value)

const isEvidence = (evidence: unknown): boolean =>
  Array.isArray(evidence) &&
  evidence.every(
    (one) =>
      isRecord(one) &&
      typeof one['kind'] === 'string' &&
      ['id', 'at'].every((name) => one[name] === undefined || typeof one[name] === 'string') &&
      (one['data'] === undefined || isScalars(one['data'])),
  )

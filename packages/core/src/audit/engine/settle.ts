import { redact } from '../../redact.js'
import type { AbsentFact, UnknownFact } from '../fact.js'
import { FACT_MESSAGES } from '../fact-messages.js'
import type { AuditRule } from '../rule.js'
import {
  type AuditStatus,
  EVIDENCE_LIMIT,
  type Evidence,
  type Scalar,
  SEVERITIES,
  type Severity,
  type Verdict,
} from '../verdict.js'

/** A fact or history that a rule rests on, by the name of its token. */
export interface Reading {
  readonly token: string
  readonly fact: KnownState | AbsentFact | UnknownFact
  /** Of a history. */
  readonly items?: number | undefined
}

/** Of what is known its value does not matter here. */
interface KnownState {
  readonly state: 'known'
  readonly source: string
  readonly observedAt: number
  readonly partial?: boolean | undefined
}

/** What a row says, whoever it is about. */
export interface Said {
  readonly status: AuditStatus
  readonly severity: Severity
  readonly message: string
  readonly text: string
  readonly subject?: string | undefined
  readonly data?: Readonly<Record<string, Scalar>> | undefined
  readonly evidence?: readonly Evidence[] | undefined
  readonly evidenceOmitted?: number | undefined
  readonly sampled?: Verdict['sampled']
  readonly clauses?: readonly string[] | undefined
  readonly action?: string | undefined
}

type Data = Readonly<Record<string, Scalar>>

/** What is said where a fact that the rule needs is not known: the rule is not asked. `undefined`: all are known or absent. */
export const unknownSaid = (
  { severity }: Pick<AuditRule, 'severity'>,
  readings: readonly Reading[],
): Said | undefined => {
  const unknown = readings.filter(({ fact }) => fact.state === 'unknown')
  return unknown.length === 0
    ? undefined
    : engineSaid('unknown', severity, 'fact-unknown', FACT_MESSAGES, { facts: unknown.map(named).join(', ') })
}

/** What a verdict says: from part of the facts it neither passes, nor finds that the question does not arise. */
export const verdictSaid = (
  { meta, severity }: Pick<AuditRule, 'meta' | 'severity'>,
  verdict: Verdict,
  readings: readonly Reading[],
): Said => {
  const { status, text } = meta.messages[verdict.message]!
  const { message, evidence = [], evidenceOmitted = 0, sampled } = verdict
  const about = {
    ...(verdict.subject !== undefined && { subject: redact(verdict.subject) }),
    ...(verdict.clauses !== undefined && { clauses: verdict.clauses.map(redact) }),
  }
  const partial = readings.filter(({ fact }) => fact.state === 'known' && fact.partial === true)
  if (partial.length > 0 && (status === 'pass' || status === 'not-applicable')) {
    const facts = partial.map(({ token }) => token).join(', ')
    return { ...engineSaid('unknown', severity, 'fact-partial', FACT_MESSAGES, { facts }), ...about }
  }
  const data = verdict.data === undefined ? undefined : cleaned(verdict.data)
  const omitted = evidenceOmitted + Math.max(0, evidence.length - EVIDENCE_LIMIT)
  return {
    status,
    severity: status === 'fail' ? severer(severity, verdict.severity) : severity,
    message,
    text: fillIn(text, data ?? {}),
    ...about,
    ...(data !== undefined && { data }),
    ...(evidence.length > 0 && { evidence: evidence.slice(0, EVIDENCE_LIMIT).map(cleanedEvidence) }),
    ...(omitted > 0 && { evidenceOmitted: omitted }),
    ...(sampled !== undefined && { sampled }),
    ...(status === 'fail' && { action: meta.remediation.action }),
  }
}

/** What the engine itself says. */
export const engineSaid = <M extends string>(
  status: AuditStatus,
  severity: Severity,
  message: M,
  texts: Readonly<Record<M, string>>,
  given: Data = {},
): Said => {
  const data = cleaned(given)
  return {
    status,
    severity,
    message,
    text: fillIn(texts[message], data),
    ...(Object.keys(data).length > 0 && { data }),
  }
}

const severer = (a: Severity, b: Severity | undefined): Severity =>
  b !== undefined && SEVERITIES.indexOf(b) < SEVERITIES.indexOf(a) ? b : a

/** `{name}` becomes the value. Every placeholder has one: verdicts are checked. */
const fillIn = (text: string, data: Data): string =>
  text.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole))

/** The same data where there is nothing to redact, as in most rows. */
const cleaned = (data: Data): Data => {
  let clean: Record<string, Scalar> | undefined
  for (const name of Object.keys(data)) {
    const value = data[name]!
    if (typeof value !== 'string') continue
    const text = redact(value)
    if (text !== value) clean = { ...(clean ?? data), [name]: text }
  }
  return clean ?? data
}

const cleanedEvidence = ({ kind, id, at, data }: Evidence): Evidence => ({
  kind,
  ...(id !== undefined && { id: redact(id) }),
  ...(at !== undefined && { at }),
  ...(data !== undefined && { data: cleaned(data) }),
})

const named = ({ token, fact }: Reading): string =>
  fact.state === 'unknown'
    ? `${token} (${fact.reason}${fact.missingPermission === undefined ? '' : `, needs ${fact.missingPermission}`})`
    : token

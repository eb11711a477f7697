import { redact } from '../../redact.js'
import { type AuditFinding, ENGINE_MESSAGES, type EngineMessage, type FactReading } from '../finding.js'
import type { AuditRule } from '../rule.js'
import type { AuditTarget } from '../target.js'
import { isoTime } from '../time.js'
import {
  type AuditStatus,
  EVIDENCE_LIMIT,
  type Evidence,
  type Scalar,
  SEVERITIES,
  type Severity,
  type Verdict,
} from '../verdict.js'
import type { FactSheet } from './facts.js'
import { fingerprintOf } from './fingerprint.js'
import { type Reading, type RuleWork, readingsOf } from './rule-work.js'
import { readVerdicts } from './verdicts.js'

type Data = Readonly<Record<string, Scalar>>

/** The rows of one rule and one target: at least one. */
export const rowsOf = (work: RuleWork, sheet: FactSheet): readonly AuditFinding[] => {
  const { rule, target, failure } = work
  const readings = readingsOf(work, sheet)
  const row = engineRow(rule, target, readings)
  if (failure !== undefined) return [row('error', failure.message, failure.data)]
  if (work.missing !== undefined) return [row('unknown', 'attribute-missing', { attribute: work.missing })]
  const verdicts =
    work.notApplicable === undefined
      ? undefined
      : readVerdicts(rule.meta, { message: work.notApplicable }, ['not-applicable'])
  if (verdicts === undefined) {
    const unknown = readings.filter(({ fact }) => fact.state === 'unknown')
    if (unknown.length > 0) return [row('unknown', 'fact-unknown', { facts: unknown.map(named).join(', ') })]
  }
  const read = verdicts ?? readVerdicts(rule.meta, work.verdicts)
  if ('wrong' in read)
    return [
      row('error', read.wrong === '' ? 'no-verdict' : 'wrong-verdict', read.wrong === '' ? {} : { reason: read.wrong }),
    ]
  const partial =
    work.notApplicable === undefined
      ? readings.filter(({ fact }) => fact.state === 'known' && fact.partial === true)
      : []
  return read.verdicts.map((verdict) => {
    const { status } = rule.meta.messages[verdict.message]!
    if (partial.length > 0 && (status === 'pass' || status === 'not-applicable'))
      return row('unknown', 'fact-partial', { facts: partial.map(({ token }) => token).join(', ') }, verdict.subject)
    return verdictRow(rule, target, readings, verdict, status)
  })
}

/** Makes rows that the engine itself says. */
export const engineRow =
  (rule: Pick<AuditRule, 'name' | 'severity'>, target: AuditTarget, readings: readonly Reading[] = []) =>
  (status: AuditStatus, message: EngineMessage, data: Data = {}, subject?: string): AuditFinding => ({
    rule: rule.name,
    target: targetOf(target),
    ...(subject !== undefined && { subject }),
    status,
    severity: rule.severity,
    message,
    text: fillIn(ENGINE_MESSAGES[message], data),
    ...(Object.keys(data).length > 0 && { data }),
    ...(readings.length > 0 && { facts: readings.map(factReading) }),
    fingerprint: fingerprintOf(rule.name, target, subject, message),
  })

const verdictRow = (
  rule: AuditRule,
  target: AuditTarget,
  readings: readonly Reading[],
  verdict: Verdict,
  status: AuditStatus,
): AuditFinding => {
  const { message, subject, evidence = [], evidenceOmitted = 0, sampled } = verdict
  const data = verdict.data === undefined ? undefined : cleaned(verdict.data)
  const omitted = evidenceOmitted + Math.max(0, evidence.length - EVIDENCE_LIMIT)
  return {
    rule: rule.name,
    target: targetOf(target),
    ...(subject !== undefined && { subject: redact(subject) }),
    status,
    severity: status === 'fail' ? severer(rule.severity, verdict.severity) : rule.severity,
    message,
    text: fillIn(rule.meta.messages[message]!.text, data ?? {}),
    ...(data !== undefined && { data }),
    ...(evidence.length > 0 && { evidence: evidence.slice(0, EVIDENCE_LIMIT).map(cleanedEvidence) }),
    ...(omitted > 0 && { evidenceOmitted: omitted }),
    ...(sampled !== undefined && { sampled }),
    ...(readings.length > 0 && { facts: readings.map(factReading) }),
    ...(status === 'fail' && { action: rule.meta.remediation.action }),
    fingerprint: fingerprintOf(rule.name, target, subject, message),
  }
}

const targetOf = ({ kind, id, name, declaredAt }: AuditTarget): AuditFinding['target'] => ({
  kind,
  id,
  ...(name !== undefined && { name }),
  ...(declaredAt !== undefined && { declaredAt }),
})

const severer = (a: Severity, b: Severity | undefined): Severity =>
  b !== undefined && SEVERITIES.indexOf(b) < SEVERITIES.indexOf(a) ? b : a

/** `{name}` becomes the value. Every placeholder has one: verdicts are checked. */
const fillIn = (text: string, data: Data): string =>
  text.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole))

const cleaned = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  )

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

const factReading = ({ token, fact, items }: Reading): FactReading =>
  fact.state === 'unknown'
    ? {
        token,
        state: fact.state,
        reason: fact.reason,
        ...(fact.detail !== undefined && { detail: fact.detail }),
        ...(fact.missingPermission !== undefined && { missingPermission: fact.missingPermission }),
      }
    : {
        token,
        state: fact.state,
        source: redact(fact.source),
        observedAt: isoTime(fact.observedAt),
        ...(fact.state === 'known' && fact.partial === true && { partial: true }),
        ...(items !== undefined && { items }),
      }

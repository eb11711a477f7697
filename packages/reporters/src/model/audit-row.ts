import {
  type AuditFinding,
  type AuditResult,
  type Evidence,
  type FactReading,
  WAIVER_RULE,
  type WaivedBy,
} from '@backproof/core/audit'
import { redact } from '@backproof/core/errors'
import { lostHint } from './lost-hint.js'
import type { ReportRow } from './row.js'

/** A finding of an audit as a row. The title is that of its rule in the result; its words are those of the finding. */
export const auditRow = (finding: AuditFinding, result: AuditResult): ReportRow => {
  const { status, severity, rule, target, subject, message, waiver, fingerprint } = finding
  const { kind, id, name, declaredAt } = target
  const action = status === 'pass' || status === 'not-applicable' ? undefined : actionOf(finding)
  return {
    status,
    severity,
    rule,
    title: titlesOf(result).get(rule) ?? rule,
    target: { kind, id, ...(name !== undefined && { name }) },
    ...(subject !== undefined && { subject }),
    message,
    text: redact(finding.text),
    evidence: [...sampleLines(finding), ...(finding.evidence ?? []).map(evidenceLine), ...unreadLines(finding)],
    evidenceOmitted: finding.evidenceOmitted ?? 0,
    ...(action !== undefined && { action }),
    ...(waiver !== undefined && { waiver: redactedWaiver(waiver) }),
    ...(declaredAt !== undefined && { location: { file: declaredAt.file, line: declaredAt.line } }),
    fingerprint,
  }
}

/** One piece of evidence on one line: `job-run 17  2026-11-20T01:00:00.000Z  status=failed`. */
export const evidenceLine = ({ kind, id, at, data = {} }: Evidence): string =>
  redact(
    [
      id === undefined ? kind : `${kind} ${id}`,
      // What happened at a time and has no other name is called by it.
      ...(at === undefined || at === id ? [] : [at]),
      ...Object.entries(data)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `${name}=${String(value)}`),
    ].join('  '),
  )

/** By the name of the configured rule; made once for a result. */
export const titlesOf = (result: AuditResult): ReadonlyMap<string, string> => {
  const known = TITLES.get(result)
  if (known !== undefined) return known
  const titles = new Map([
    [WAIVER_RULE, 'Waivers hold'],
    ...result.rules.map(({ rule, title }): [string, string] => [rule, title]),
  ])
  TITLES.set(result, titles)
  return titles
}

const TITLES = new WeakMap<AuditResult, ReadonlyMap<string, string>>()

/** A verdict about a sample says no more than that. */
const sampleLines = ({ sampled }: AuditFinding): readonly string[] =>
  sampled === undefined ? [] : [`it rests on a sample: ${sampled.taken} of ${sampled.of}`]

/** Facts that could not be read: of an undecided row they are what it rests on. */
const unreadLines = ({ status, facts = [] }: AuditFinding): readonly string[] =>
  status === 'unknown' ? facts.filter(({ state }) => state === 'unknown').map(unreadLine) : []

const unreadLine = ({ token, reason, detail, missingPermission }: FactReading): string =>
  redact(
    [
      `${token} is unknown${reason === undefined ? '' : `: ${reason}`}`,
      ...(detail === undefined ? [] : [detail]),
      ...(missingPermission === undefined ? [] : [`${missingPermission} is missing`]),
    ].join('; '),
  )

const actionOf = ({ action, status, facts = [] }: AuditFinding): string | undefined => {
  if (action !== undefined) return redact(action)
  const permissions = new Set(facts.flatMap(({ missingPermission = [] }) => missingPermission))
  if (permissions.size > 0) return redact(`Grant ${[...permissions].join(', ')}`)
  return (status === 'unknown' ? decidingAction(facts) : undefined) ?? OPEN[status]
}

/** What would decide a row; `undefined` where that depends on what failed. */
const decidingAction = (facts: readonly FactReading[]): string | undefined => {
  const unread = facts.filter(({ state }) => state === 'unknown')
  if (unread.length === 0) return 'Add to the policy or the histories what it says is missing, and audit again'
  const hints = new Set(unread.flatMap(({ token, reason }) => lostHint({ token, reason: reason ?? '' }) ?? []))
  const [first, ...more] = hints
  return first === undefined ? undefined : redact([`${first[0]!.toUpperCase()}${first.slice(1)}`, ...more].join('; '))
}

/** What to do about a row that nothing failed in. */
const OPEN: Readonly<Partial<Record<AuditFinding['status'], string>>> = {
  unknown: 'Give the audit what it could not read, and audit again',
  review: 'Have a person judge it, and record what they found',
  error: 'See to what the message says, and audit again',
}

const redactedWaiver = ({ id, reason, approver, ticket, compensatingControl, expires }: WaivedBy): WaivedBy => ({
  id: redact(id),
  reason: redact(reason),
  approver: redact(approver),
  ...(ticket !== undefined && { ticket: redact(ticket) }),
  ...(compensatingControl !== undefined && { compensatingControl: redact(compensatingControl) }),
  expires,
})

import { redact } from '../../redact.js'
import { compareKeys } from '../../source/key.js'
import { type AuditFinding, type EngineMessage, WAIVER_RULE, type WaivedBy } from '../finding.js'
import type { AuditRule } from '../rule.js'
import { isoTime } from '../time.js'
import type { AuditStatus, Scalar } from '../verdict.js'
import { WAIVER_DAYS, type Waiver, type WaiverSelect } from '../waiver.js'
import { engineRow } from './rows.js'
import { matchesPattern } from './select.js'
import { type ReadWaiver, readWaiver } from './waiver-form.js'

/** The waivers of a run: which rows they accept, and in the end what is wrong with them. */
export interface WaiverDesk {
  /** The row, with its waiver where it has one. Only failing rows can be waived; they stay failing. */
  readonly apply: (finding: AuditFinding) => AuditFinding
  /** Rows about the waivers themselves: expired, malformed, unused, too long. */
  readonly findings: (complete: boolean) => readonly AuditFinding[]
}

interface Held {
  readonly id: string
  readonly read: ReadWaiver
  used: boolean
  /** A row that it may be about could not be decided. */
  undecided: boolean
  tooLong: Readonly<Record<string, Scalar>> | undefined
}

const DAY = 86_400_000

const ACTIONS: Readonly<Partial<Record<EngineMessage, string>>> = {
  'waiver-malformed': 'Correct the waiver, or remove it and mend what it was to accept',
  'waiver-expired': 'Renew the waiver with approval, or remove it and mend what it accepted',
  'waiver-too-long': 'Let the waiver end sooner, or remove it and mend what it was to accept',
  'waiver-unused': 'Remove the waiver, or correct what it selects',
}

export const createWaiverDesk = (waivers: readonly Waiver[], rules: readonly AuditRule[], now: number): WaiverDesk => {
  const ids = new Map(rules.map(({ name, meta }) => [name, meta.id]))
  // In the order of ids: which of two waivers a row names must not depend on how they were given.
  const held: readonly Held[] = waivers
    .map((waiver, i): Held => {
      const read = readWaiver(waiver)
      return { id: read.id ?? `#${i + 1}`, read, used: false, undecided: false, tooLong: undefined }
    })
    .sort((a, b) => compareKeys(a.id, b.id))
  const byId = new Set<string>()
  const twice = new Set(held.filter(({ id }) => byId.size === byId.add(id).size).map(({ id }) => id))
  const usable = held.filter(({ read, id }) => 'until' in read && read.until >= now && !twice.has(id))

  const apply = (finding: AuditFinding): AuditFinding => {
    if (isUndecided(finding)) for (const one of usable) if (mayBeAbout(one.read, finding, ids)) one.undecided = true
    if (finding.status !== 'fail' || finding.rule === WAIVER_RULE) return finding
    for (const one of usable) {
      const { read } = one
      if (!('until' in read) || !selects(read.waiver.select, finding, ids)) continue
      const days = WAIVER_DAYS[finding.severity]
      if (read.until - (read.approved ?? now) > days * DAY + DAY - 1) {
        one.tooLong ??= { expires: isoTime(read.until), days, severity: finding.severity }
        continue
      }
      one.used = true
      return { ...finding, waiver: waivedBy(one.id, read.waiver, read.until) }
    }
    return finding
  }

  const findings = (complete: boolean): readonly AuditFinding[] =>
    held.flatMap((one) => {
      const say = (
        status: AuditStatus,
        message: EngineMessage,
        data: Readonly<Record<string, Scalar>>,
      ): AuditFinding[] => [
        {
          ...engineRow({ name: WAIVER_RULE, severity: 'high' }, { kind: 'waiver', id: one.id })(status, message, data),
          ...(ACTIONS[message] !== undefined && { action: ACTIONS[message] }),
        },
      ]
      const { read } = one
      if ('wrong' in read) return say('fail', 'waiver-malformed', { reason: redact(read.wrong) })
      if (twice.has(one.id)) return say('fail', 'waiver-malformed', { reason: 'another waiver has the same id' })
      if (read.until < now) return say('fail', 'waiver-expired', { expires: isoTime(read.until) })
      if (one.tooLong !== undefined) return say('fail', 'waiver-too-long', one.tooLong)
      const { rule } = read.waiver.select
      if (rule !== undefined && !ids.has(rule) && ![...ids.values()].includes(rule))
        return say('not-applicable', 'waiver-not-asked', { rule })
      // What was not looked at may be what it accepts.
      if (one.used || !complete) return []
      return one.undecided ? say('unknown', 'waiver-undecided', {}) : say('fail', 'waiver-unused', {})
    })

  return { apply, findings: (complete) => sortedRows(findings(complete)) }
}

/** Two waivers of one id are told once. */
const sortedRows = (rows: readonly AuditFinding[]): readonly AuditFinding[] => {
  const seen = new Set<string>()
  return rows.filter(({ fingerprint }) => seen.size < seen.add(fingerprint).size)
}

const selects = (select: WaiverSelect, finding: AuditFinding, ids: ReadonlyMap<string, string>): boolean => {
  const { rule, kind, target, subject, message, fingerprint } = select
  return (
    (rule === undefined || rule === finding.rule || rule === ids.get(finding.rule)) &&
    (kind === undefined || kind === finding.target.kind) &&
    (target === undefined || matchesPattern(redact(target), finding.target.id)) &&
    (subject === undefined || redact(subject) === finding.subject) &&
    (message === undefined || message === finding.message) &&
    (fingerprint === undefined || fingerprint === finding.fingerprint)
  )
}

const isUndecided = ({ status }: AuditFinding): boolean =>
  status === 'unknown' || status === 'error' || status === 'review'

/** A rule that could not be asked says neither which message it would have given nor of which subject. */
const mayBeAbout = (read: ReadWaiver, finding: AuditFinding, ids: ReadonlyMap<string, string>): boolean => {
  if (!('until' in read)) return false
  const { message: _, fingerprint: __, subject, ...select } = read.waiver.select
  return selects({ ...select, ...(finding.subject !== undefined && { subject }) }, finding, ids)
}

const waivedBy = (id: string, waiver: Waiver, until: number): WaivedBy => ({
  id: redact(id),
  reason: redact(waiver.reason),
  approver: redact(waiver.approver),
  ...(waiver.ticket !== undefined && { ticket: redact(waiver.ticket) }),
  ...(waiver.compensatingControl !== undefined && { compensatingControl: redact(waiver.compensatingControl) }),
  expires: isoTime(until),
})

import { redact } from '../../redact.js'
import { compareKeys } from '../../source/key.js'
import { type AuditFinding, WAIVER_RULE, type WaivedBy } from '../finding.js'
import type { AuditRule } from '../rule.js'
import { isoTime } from '../time.js'
import { SEVERITIES, type Severity } from '../verdict.js'
import { WAIVER_DAYS, type Waiver, type WaiverSelect } from '../waiver.js'
import type { WaiverStanding } from '../waiver-standing.js'
import { matchesPattern } from './select.js'
import { type ReadWaiver, readWaiver } from './waiver-form.js'

/** The waivers of a run: which rows they accept, and in the end how they stood. */
export interface WaiverDesk {
  /** The row, with its waiver where it has one. Only failing rows can be waived; they stay failing. */
  readonly apply: (finding: AuditFinding) => AuditFinding
  /** How each stood, by id; two of one id are told once. */
  readonly standings: (complete: boolean) => readonly WaiverStanding[]
}

interface Held {
  readonly id: string
  readonly read: ReadWaiver
  /** Rows that it accepts, and the severest of them. */
  rows: number
  severest: Severity | undefined
  /** A row that it may be about could not be decided. */
  undecided: boolean
  /** Severity of the first row that it would accept, if it did not run too long for it. */
  tooLong: Severity | undefined
}

const DAY = 86_400_000

export const createWaiverDesk = (waivers: readonly Waiver[], rules: readonly AuditRule[], now: number): WaiverDesk => {
  const ids = new Map(rules.map(({ name, meta }) => [name, meta.id]))
  // In the order of ids: which of two waivers a row names must not depend on how they were given.
  const held: readonly Held[] = waivers
    .map((waiver, i): Held => {
      const read = approvedBy(readWaiver(waiver), now)
      return { id: read.id ?? `#${i + 1}`, read, rows: 0, severest: undefined, undecided: false, tooLong: undefined }
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
      if (spanOf(read, now) > days * DAY + DAY - 1) {
        one.tooLong ??= finding.severity
        continue
      }
      one.rows += 1
      one.severest = severer(one.severest, finding.severity)
      return { ...finding, waiver: waivedBy(one.id, read.waiver, read.until) }
    }
    return finding
  }

  const standingOf = (one: Held, complete: boolean): WaiverStanding => {
    const { id, read, rows } = one
    if ('wrong' in read) return { id, state: 'malformed', wrong: redact(read.wrong), rows: 0 }
    const { rule } = read.waiver.select
    const told = {
      id,
      expires: read.until,
      approver: redact(read.waiver.approver),
      span: spanOf(read, now),
      ...(rule !== undefined && { rule: redact(rule) }),
      rows,
    }
    if (twice.has(id)) return { ...told, state: 'malformed', wrong: 'another waiver has the same id' }
    if (read.until < now) return { ...told, state: 'expired' }
    if (one.tooLong !== undefined) return { ...told, state: 'too-long', severity: one.tooLong }
    if (rule !== undefined && !ids.has(rule) && ![...ids.values()].includes(rule))
      return { ...told, state: 'not-asked' }
    if (rows > 0) return { ...told, state: 'used', severity: one.severest }
    // What was not looked at may be what it accepts.
    if (!complete) return { ...told, state: 'not-reached' }
    return { ...told, state: one.undecided ? 'undecided' : 'unused' }
  }

  return {
    apply,
    standings: (complete) => {
      const seen = new Set<string>()
      return held.filter(({ id }) => seen.size < seen.add(id).size).map((one) => standingOf(one, complete))
    },
  }
}

/** What is yet to be approved accepts nothing: else one of ten years ahead would run for ten years. Today is a day apart on earth. */
const approvedBy = (read: ReadWaiver, now: number): ReadWaiver =>
  'until' in read && read.approved !== undefined && read.approved > now + DAY
    ? { id: read.id, wrong: `\`approved\` is ${isoTime(read.approved)}, which is yet to come` }
    : read

/** From its approval, which is no later than now, to its end, milliseconds. */
const spanOf = (read: Extract<ReadWaiver, { until: number }>, now: number): number =>
  read.until - Math.min(read.approved ?? now, now)

const severer = (a: Severity | undefined, b: Severity): Severity =>
  a !== undefined && SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b) ? a : b

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

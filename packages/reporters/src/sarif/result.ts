import type { Severity } from '@backproof/core/audit'
import { escapeKey } from '@backproof/core/source'
import type { ReportRow } from '../model/row.js'
import { targetPhrase } from '../model/target-phrase.js'
import { oneLine } from '../text/one-line.js'
import { locationOf } from './location.js'
import { message } from './message.js'

export type SarifLevel = 'error' | 'warning' | 'note' | 'none'

export const levelOf = (severity: Severity): SarifLevel => LEVELS[severity] ?? 'warning'

const LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
}

/** A result of any kind but `fail` has the level `none` (SARIF 2.1.0, 3.27.10). What is not known here is open, never a pass. */
const KINDS: Readonly<Partial<Record<ReportRow['status'], string>>> = {
  pass: 'pass',
  fail: 'fail',
  review: 'review',
  'not-applicable': 'notApplicable',
}

/** Rows of the status `error` are no results: {@link errorNotification}. */
export const resultOf = (
  row: ReportRow,
  ruleIndex: number | undefined,
  fallback: string | undefined,
): Readonly<Record<string, unknown>> => {
  const kind = KINDS[row.status] ?? 'open'
  const { fingerprint, waiver } = row
  return {
    ruleId: escapeKey(row.rule),
    ...(ruleIndex !== undefined && { ruleIndex }),
    kind,
    level: kind === 'fail' ? levelOf(row.severity) : 'none',
    message: message(sentenceOf(row)),
    locations: [locationOf(row, fallback)],
    // GitHub tells alerts apart by the first, whose name is that of CodeQL's; others by any that both runs have.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'backproofRow/v1': fingerprint },
    ...(waiver !== undefined && { suppressions: [suppressionOf(waiver)] }),
    properties: propertiesOf(row),
  }
}

/** A rule that ended in an error says nothing of its target: the run says that it happened. */
export const errorNotification = (
  row: ReportRow,
  index: number | undefined,
  fallback: string | undefined,
): Readonly<Record<string, unknown>> => ({
  level: 'error',
  message: message(sentenceOf(row)),
  descriptor: { id: escapeKey(row.message) },
  associatedRule: { id: escapeKey(row.rule), ...(index !== undefined && { index }) },
  locations: [locationOf(row, fallback)],
  properties: { ...propertiesOf(row), fingerprint: row.fingerprint },
})

/** What is said, and what to do: most viewers show the message and nothing else of a result. */
const sentenceOf = (row: ReportRow): string => {
  const { text, action } = row
  const said = `${targetPhrase(row)}: ${oneLine(text)}`
  return action === undefined ? said : `${said}. What to do: ${oneLine(action)}`
}

const suppressionOf = ({
  id,
  reason,
  approver,
  expires,
  ticket,
  compensatingControl,
}: NonNullable<ReportRow['waiver']>): Readonly<Record<string, unknown>> => ({
  kind: 'external',
  status: 'accepted',
  justification: oneLine(`${reason} (approved by ${approver}, until ${expires})`),
  properties: {
    waiver: oneLine(id),
    approver: oneLine(approver),
    expires,
    ...(ticket !== undefined && { ticket: oneLine(ticket) }),
    ...(compensatingControl !== undefined && { compensatingControl: oneLine(compensatingControl) }),
  },
})

const propertiesOf = ({
  status,
  severity,
  target,
  subject,
  message: id,
  evidence,
  evidenceOmitted,
  action,
}: ReportRow): Readonly<Record<string, unknown>> => ({
  status,
  severity,
  target: { kind: escapeKey(target.kind), id: escapeKey(target.id) },
  ...(subject !== undefined && { subject: escapeKey(subject) }),
  message: escapeKey(id),
  ...(evidence.length > 0 && { evidence: evidence.map(oneLine) }),
  ...(evidenceOmitted > 0 && { evidenceOmitted }),
  ...(action !== undefined && { action: oneLine(action) }),
})

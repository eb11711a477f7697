import { hash } from 'node:crypto'
import type { RuleSummary } from '@backproof/core/audit'
import { escapeKey } from '@backproof/core/source'
import type { ReportDocument } from '../model/document.js'
import type { ReportRow } from '../model/row.js'
import { targetPhrase } from '../model/target-phrase.js'
import { REPORT_TITLES } from '../model/titles.js'
import { type RunVerdict, verdictOf } from '../model/verdict.js'
import { PRODUCT } from '../product.js'
import { oneLine } from '../text/one-line.js'
import { complianceOf } from './compliance.js'
import { ocsfSeverity } from './severity.js'

/** The version of OCSF that events are written in. */
export const OCSF_VERSION = '1.5.0'

/** What every event of a document has. */
export interface EventContext {
  /** Milliseconds since 1970: the clock of the run. */
  readonly time: number
  /** Of this package. */
  readonly version: string | undefined
  /** Of audits, by the rule's name. */
  readonly rules: ReadonlyMap<string, RuleSummary>
}

/** A row as an event of the class Compliance Finding (2003). */
export const eventOf = (row: ReportRow, context: EventContext): Readonly<Record<string, unknown>> => {
  const { status, severity, rule, title, target, subject, text, evidence, evidenceOmitted, action, waiver } = row
  const about = context.rules.get(rule)
  const open = status !== 'pass' && status !== 'not-applicable'
  const waived =
    waiver && `waived until ${waiver.expires}: ${waiver.reason} (waiver ${waiver.id}, approved by ${waiver.approver})`
  const details = [
    text,
    ...evidence,
    ...(evidenceOmitted > 0 ? [`and ${evidenceOmitted} more pieces of evidence`] : []),
    ...(waived === undefined ? [] : [waived]),
  ]
  return {
    // First, so that a file is known by how it begins.
    metadata: metadataOf(context, row.message),
    ...CLASS,
    time: context.time,
    // What passes asks nothing of anybody.
    ...ocsfSeverity(open ? severity : 'info'),
    ...(waiver === undefined ? { status_id: 1, status: 'New' } : { status_id: 3, status: 'Suppressed' }),
    status_code: status,
    ...(waived !== undefined && { status_detail: oneLine(waived) }),
    message: `${targetPhrase(row)}: ${oneLine(text)}`,
    finding_info: {
      uid: row.fingerprint,
      title: oneLine(title),
      desc: oneLine(text),
      created_time: context.time,
      types: [about === undefined ? 'proof' : oneLine(about.category)],
      analytic: { type_id: 1, type: 'Rule', uid: escapeKey(rule), name: oneLine(title) },
    },
    compliance: complianceOf({ rule, title, severity, status, details, about }),
    ...(action !== undefined && { remediation: { desc: oneLine(action) } }),
    resources: [
      {
        uid: escapeKey(target.id),
        name: escapeKey(target.name ?? target.id),
        type: escapeKey(target.kind),
        ...(subject !== undefined && { labels: [escapeKey(subject)] }),
      },
    ],
  }
}

/** The run as a whole as an event, so that a run that is incomplete, or that checked nothing, does not look like one that passed. */
export const verdictEvent = (document: ReportDocument, context: EventContext): Readonly<Record<string, unknown>> => {
  const { result } = document.report
  const { exitCode, sentence, details } = verdictOf(document)
  const { status, severity } = VERDICTS[exitCode]
  const title = `${REPORT_TITLES[document.kind]}, as a whole`
  const run = result.kind === 'audit' ? result.optionsHash : [result.source, ...result.replicas].map(({ uri }) => uri)
  const uid = hash('sha256', JSON.stringify([VERDICT, document.kind, run]), 'hex').slice(0, 32)
  return {
    metadata: metadataOf(context, 'verdict'),
    ...CLASS,
    time: context.time,
    ...ocsfSeverity(severity),
    status_id: 1,
    status: 'New',
    status_code: status,
    message: oneLine(sentence),
    finding_info: {
      uid,
      title,
      desc: oneLine(sentence),
      created_time: context.time,
      types: ['verdict'],
      analytic: { type_id: 1, type: 'Rule', uid: VERDICT, name: title },
    },
    compliance: complianceOf({ rule: VERDICT, title, severity, status, details: [sentence, ...details] }),
    resources: [{ uid, name: title, type: 'run' }],
  }
}

/** `compliance.control` of the event for the run as a whole. */
const VERDICT = 'backproof/verdict'

const VERDICTS: Readonly<Record<RunVerdict['exitCode'], Pick<ReportRow, 'status' | 'severity'>>> = {
  0: { status: 'pass', severity: 'info' },
  1: { status: 'fail', severity: 'high' },
  3: { status: 'unknown', severity: 'medium' },
}

const CLASS = {
  category_uid: 2,
  category_name: 'Findings',
  class_uid: 2003,
  class_name: 'Compliance Finding',
  activity_id: 1,
  activity_name: 'Create',
  type_uid: 200301,
  type_name: 'Compliance Finding: Create',
} as const

const metadataOf = ({ version }: EventContext, code: string): Readonly<Record<string, unknown>> => ({
  version: OCSF_VERSION,
  product: { name: PRODUCT, vendor_name: PRODUCT, ...(version !== undefined && { version }) },
  event_code: escapeKey(code),
})

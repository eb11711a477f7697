import { type AuditStatus, FRAMEWORKS, type RuleSummary, type Severity } from '@backproof/core/audit'
import { canonicalJson } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { oneLine } from '../text/one-line.js'
import { ocsfSeverity } from './severity.js'

/** What the `compliance` object is made of. */
export interface ComplianceParts {
  readonly rule: string
  readonly title: string
  /** What a failing row has; the row's own, not the rule's. */
  readonly severity: Severity
  readonly status: AuditStatus
  /** Sentences about the status. */
  readonly details: readonly string[]
  /** Of audits. */
  readonly about?: RuleSummary | undefined
}

/** The `compliance` object: clauses of frameworks are its standards and requirements, options of the rule its parameters. */
export const complianceOf = ({
  rule,
  title,
  severity,
  status,
  details,
  about,
}: ComplianceParts): Readonly<Record<string, unknown>> => {
  const [id, caption] = STATUS_IDS[status] ?? WARNING
  const standards = [...new Set((about?.clauses ?? []).map(({ framework }) => standardOf(framework)))]
  const requirements = (about?.clauses ?? []).map(({ framework, clause }) => oneLine(`${framework} ${clause}`))
  const parameters = Object.entries(about?.options ?? {}).map(([name, value]) => ({
    name: oneLine(name),
    value: oneLine(typeof value === 'string' ? value : canonicalJson(value)),
  }))
  const applies = status !== 'not-applicable'
  return {
    control: escapeKey(rule),
    ...(about !== undefined && { category: oneLine(about.category), desc: oneLine(about.rationale) }),
    ...(standards.length > 0 && { standards }),
    ...(requirements.length > 0 && { requirements }),
    ...(parameters.length > 0 && { control_parameters: parameters }),
    // The object knows pass, warning and fail only: what does not apply is said of the check.
    ...(applies && { status_id: id, status: caption }),
    status_code: status,
    status_details: details.map(oneLine),
    checks: [
      {
        uid: escapeKey(about?.id ?? rule),
        name: oneLine(title),
        ...(standards.length > 0 && { standards }),
        ...(applies ? { status_id: id, status: caption } : { status_id: 99, status: 'Not applicable' }),
        ...ocsfSeverity(severity),
      },
    ],
  }
}

/** Missing information, in the words of the schema. What is not known here is no pass. */
const WARNING = [2, 'Warning'] as const

const STATUS_IDS: Readonly<Record<AuditStatus, readonly [id: number, caption: string]>> = {
  pass: [1, 'Pass'],
  fail: [3, 'Fail'],
  unknown: WARNING,
  review: WARNING,
  error: WARNING,
  'not-applicable': WARNING,
}

const standardOf = (id: string): string => {
  const framework = FRAMEWORKS.find((known) => known.id === id)
  return oneLine(framework === undefined ? id : `${framework.title} (${framework.version})`)
}

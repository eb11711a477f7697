import { type RuleSummary, type Severity, WAIVER_RULE } from '@backproof/core/audit'
import { OUTCOMES } from '@backproof/core/evidence'
import { escapeKey } from '@backproof/core/source'
import { titlesOf } from '../model/audit-row.js'
import type { ReportDocument } from '../model/document.js'
import { standingOfOutcome, titleOfOutcome } from '../model/object-row.js'
import { oneLine } from '../text/one-line.js'
import { message } from './message.js'
import { levelOf } from './result.js'
import type { Taxonomies } from './taxonomies.js'

/** A rule as SARIF describes it, `reportingDescriptor`. */
export interface SarifRule {
  readonly id: string
  readonly [name: string]: unknown
}

/** The rules of a document: of audits those that were asked; of comparisons and verifications one an outcome. */
export const rulesOf = ({ kind, report: { result } }: ReportDocument, taxonomies: Taxonomies): readonly SarifRule[] => {
  if (result.kind === 'audit') {
    const rules = result.rules.map((rule) => auditRule(rule, taxonomies))
    // The engine speaks of waivers itself where no rule does.
    if (rules.some(({ id }) => id === WAIVER_RULE)) return rules
    const title = titlesOf(result).get(WAIVER_RULE) ?? WAIVER_RULE
    return [...rules, descriptor(WAIVER_RULE, title, 'medium', ['backup', 'governance'])]
  }
  return OUTCOMES.map((outcome) => {
    const { severity } = standingOfOutcome(outcome, result)
    return descriptor(`${kind}/${outcome}`, titleOfOutcome(outcome, result), severity, ['backup', kind])
  })
}

const auditRule = (
  { rule, id, title, severity, category, rationale, action, clauses }: RuleSummary,
  taxonomies: Taxonomies,
): SarifRule => {
  const relationships = clauses.flatMap((clause) => taxonomies.relationshipOf(clause))
  return {
    ...descriptor(rule, title, severity, ['backup', category]),
    fullDescription: message(rationale),
    help: message(`${withStop(rationale)} What to do: ${action}`),
    ...(relationships.length > 0 && { relationships }),
    properties: {
      ...tagsOf(severity, ['backup', category]),
      rule: escapeKey(id),
      category,
      clauses: clauses.map(({ framework, clause, strength }) => ({ framework, clause, strength })),
    },
  }
}

const descriptor = (rule: string, title: string, severity: Severity, tags: readonly string[]): SarifRule => ({
  id: escapeKey(rule),
  shortDescription: message(title),
  // GitHub wants both of every rule.
  fullDescription: message(title),
  help: message(`${withStop(title)} What to do depends on what it rests on: each result says so`),
  defaultConfiguration: { level: levelOf(severity) },
  properties: tagsOf(severity, tags),
})

/** What GitHub shows as the severity of a security alert: its words for CVSS scores, the middle of each. */
const tagsOf = (severity: Severity, tags: readonly string[]): Readonly<Record<string, unknown>> => ({
  tags: ['security', ...new Set(tags)],
  'security-severity': SCORES[severity] ?? '5.5',
  severity,
})

const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.1',
}

const withStop = (text: string): string => (/[.!?]$/.test(text) ? oneLine(text) : `${oneLine(text)}.`)

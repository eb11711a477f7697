import type { ReportRow } from '../model/row.js'
import { code, prose } from './inline.js'

/** A row as an item of a list, with at most so many pieces of evidence. */
export const rowLines = (row: ReportRow, mostEvidence: number): string => {
  const { status, severity, rule, title, target, subject, text, evidence, evidenceOmitted, action, waiver, location } =
    row
  const part = subject === undefined ? '' : `, ${code(subject)}`
  const place = location === undefined ? '' : ` (${code(`${location.file}:${location.line}`)})`
  const hidden = Math.max(0, evidence.length - mostEvidence) + evidenceOmitted
  const inner = [
    ...evidence.slice(0, mostEvidence).map(prose),
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
    ...(waiver === undefined
      ? []
      : [
          `Accepted until ${code(waiver.expires)} by ${code(waiver.approver)}: ${prose(waiver.reason)} (waiver ${code(waiver.id)}${waiver.ticket === undefined ? '' : `, ${code(waiver.ticket)}`})`,
        ]),
    ...(action === undefined ? [] : [`**Do:** ${prose(action)}`]),
  ]
  return [
    `- **${status}**, ${severity}: ${nameOf(target)}${part}${place}  `,
    `  ${prose(text)} (${code(rule)}: ${prose(title)})`,
    ...inner.map((line) => `  - ${line}`),
  ].join('\n')
}

const nameOf = ({ kind, id, name }: ReportRow['target']): string =>
  kind === 'estate' ? 'the estate' : `${prose(kind)} ${code(name ?? id)}`

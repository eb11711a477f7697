import { escapeKey } from '@backproof/core/source'
import type { ReportRow } from '../model/row.js'
import { targetPhrase } from '../model/target-phrase.js'
import { oneLine } from '../text/one-line.js'
import { xmlAttributes, xmlLines } from './xml.js'

/** How a test case ends. `passed` has no element of its own. */
export type CaseEnd = 'passed' | 'failure' | 'error' | 'skipped'

/** What is unknown is an error: a build must not pass by what nobody could read. A status of a later version is one too. */
export const endOf = ({ status, waiver }: Pick<ReportRow, 'status' | 'waiver'>): CaseEnd => {
  if (status === 'fail') return waiver === undefined ? 'failure' : 'skipped'
  return ENDS[status] ?? 'error'
}

const ENDS: Readonly<Record<Exclude<ReportRow['status'], 'fail'>, CaseEnd>> = {
  pass: 'passed',
  unknown: 'error',
  error: 'error',
  // The verdict of the run is a test case too: it is an error while a person has to judge something.
  review: 'skipped',
  'not-applicable': 'skipped',
}

/** A row as a `testcase`, on lines of its own. */
export const testCase = (row: ReportRow): string => {
  const end = endOf(row)
  const attributes = xmlAttributes({ name: targetPhrase(row), classname: escapeKey(row.rule), time: '0' })
  if (end === 'passed') return `    <testcase${attributes}/>\n`
  return `    <testcase${attributes}>\n${ending(end, row.waiver === undefined ? escapeKey(row.message) : 'waived', sentenceOf(row), bodyOf(row))}    </testcase>\n`
}

/** `failure`, `error` or `skipped`. */
export const ending = (
  end: Exclude<CaseEnd, 'passed'>,
  type: string,
  message: string,
  lines: readonly string[],
): string => `      <${end}${xmlAttributes({ type, message })}>${xmlLines(lines)}</${end}>\n`

const sentenceOf = ({ waiver, status, text }: ReportRow): string => {
  if (waiver === undefined) return `${status}: ${oneLine(text)}`
  return `waived until ${waiver.expires}: ${oneLine(waiver.reason)}; approved by ${oneLine(waiver.approver)}`
}

const bodyOf = (row: ReportRow): readonly string[] => {
  const { text, severity, evidence, evidenceOmitted, action, location, waiver } = row
  return [
    oneLine(text),
    ...(waiver === undefined
      ? []
      : [`waiver: ${oneLine(waiver.id)}${waiver.ticket === undefined ? '' : `, ${oneLine(waiver.ticket)}`}`]),
    `severity: ${severity}`,
    ...evidence.map((line) => `- ${oneLine(line)}`),
    ...(evidenceOmitted > 0 ? [`- and ${evidenceOmitted} more`] : []),
    ...(action === undefined ? [] : [`what to do: ${oneLine(action)}`]),
    ...(location === undefined ? [] : [`declared at: ${escapeKey(location.file)}:${location.line}`]),
  ]
}

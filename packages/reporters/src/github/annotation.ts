import { escapeKey } from '@backproof/core/source'
import type { ReportRow } from '../model/row.js'
import { targetPhrase } from '../model/target-phrase.js'
import { oneLine } from '../text/one-line.js'
import type { Annotation, AnnotationLevel } from './command.js'

/** `undefined`: no annotation. A status of a later version is a warning, never nothing. */
export const annotationLevel = ({
  status,
  severity,
  waiver,
}: Pick<ReportRow, 'status' | 'severity' | 'waiver'>): AnnotationLevel | undefined => {
  if (status === 'pass' || status === 'not-applicable') return undefined
  if (waiver !== undefined || status === 'review') return 'notice'
  if (status === 'error') return 'error'
  if (status === 'fail') return severity === 'critical' || severity === 'high' ? 'error' : 'warning'
  return 'warning'
}

export const annotationOf = (row: ReportRow, fallback: string | undefined): Annotation => {
  const { title, text, status, severity, evidence, action, waiver, location } = row
  const file = location?.file ?? fallback
  const standing = waiver === undefined ? status : `${status}, waived`
  return {
    title: `${oneLine(title)}: ${standing} (${severity})`,
    ...(file !== undefined && { file: escapeKey(file), line: location?.line ?? 1 }),
    message: [
      `${targetPhrase(row)}: ${oneLine(text)}`,
      ...evidence.slice(0, EVIDENCE).map((line) => `- ${oneLine(line)}`),
      ...(waiver === undefined
        ? []
        : [oneLine(`Waived until ${waiver.expires}: ${waiver.reason}; approved by ${waiver.approver}`)]),
      ...(action === undefined ? [] : [`What to do: ${oneLine(action)}`]),
      `Rule ${escapeKey(row.rule)}`,
    ].join('\n'),
  }
}

/** Lines of evidence in an annotation, which has little room. */
const EVIDENCE = 5

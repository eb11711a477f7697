import type { AuditFinding, Severity } from '@backproof/core/audit'
import type { ObjectFinding } from '@backproof/core/report'
import type { ReportDocument } from '../model/document.js'
import { type MostSevere, mostSevere } from '../model/most-severe.js'
import { rowOf, standingOf } from '../model/rows.js'
import { statusCounts } from '../model/tally.js'
import { formatCount } from '../text/numbers.js'
import { rowLines } from './row-lines.js'

/** Most rows of a section, most pieces of evidence of a row. */
export interface SectionLimits {
  readonly rows: number
  readonly evidence: number
}

interface Chosen {
  readonly severity: Severity
  readonly finding: AuditFinding | ObjectFinding
}

/** What fails, what is undecided, and what is accepted: the most severe first, the others counted. */
export const findingSections = async (document: ReportDocument, limits: SectionLimits): Promise<readonly string[]> => {
  const groups = { failing: chosen(limits), undecided: chosen(limits), accepted: chosen(limits) }
  for await (const page of document.rows())
    for (const finding of page) {
      const { status, severity, waived } = standingOf(finding, document)
      if (status === 'pass' || status === 'not-applicable') continue
      const group = status === 'fail' ? (waived ? 'accepted' : 'failing') : 'undecided'
      groups[group].add({ severity, finding })
    }
  const { statuses, waived } = statusCounts(document)
  const section = (title: string, group: MostSevere<Chosen>, all: number): readonly string[] =>
    sectionOf(title, group, all, document, limits)
  return [
    ...section('Failing', groups.failing, statuses.fail - waived),
    ...section('Not decided', groups.undecided, statuses.unknown + statuses.review + statuses.error),
    ...section('Failing and accepted', groups.accepted, waived),
  ]
}

const chosen = ({ rows }: SectionLimits): MostSevere<Chosen> => mostSevere(rows)

const sectionOf = (
  title: string,
  group: MostSevere<Chosen>,
  all: number,
  document: ReportDocument,
  { evidence }: SectionLimits,
): readonly string[] => {
  const shown = group.rows()
  if (all === 0 && shown.length === 0) return []
  const hidden = all - shown.length
  return [
    `## ${title}: ${formatCount(all)}`,
    shown.map(({ finding }) => rowLines(rowOf(finding, document), evidence)).join('\n'),
    ...(hidden > 0 ? [`… and ${formatCount(hidden)} more, which are not shown here.`] : []),
  ]
}

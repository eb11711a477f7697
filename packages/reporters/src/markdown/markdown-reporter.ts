import { AUDIT_STATUSES, type Framework } from '@backproof/core/audit'
import type { ReportDocument } from '../model/document.js'
import type { Reporter } from '../model/reporter.js'
import { statusCounts } from '../model/tally.js'
import { REPORT_TITLES } from '../model/titles.js'
import { verdictOf } from '../model/verdict.js'
import { formatCount } from '../text/numbers.js'
import { clauseSection } from './clauses.js'
import { findingSections } from './finding-sections.js'
import { code, prose } from './inline.js'
import { lostSection } from './lost-section.js'

export interface MarkdownOptions {
  /** Of audits: frameworks whose clauses get a table. Default: none. */
  readonly frameworks?: readonly Framework[] | undefined
  /** Most rows of a section: the most severe are shown, and the others counted. Default 100. */
  readonly rows?: number | undefined
  /** Most pieces of evidence of a row. Default 5. */
  readonly evidence?: number | undefined
}

/**
 * CommonMark with tables (GFM), for pull requests, wikis and mail: the verdict first, then totals, what fails by severity, what is
 * undecided, what is accepted. Names of others stand between backticks: they can make no markup, link, mention or HTML.
 */
export const markdownReporter = (options: MarkdownOptions = {}): Reporter => ({
  format: 'markdown',
  mediaType: 'text/markdown',
  extension: 'md',
  render: async function* (document) {
    const { frameworks = [], rows = 100, evidence = 5 } = options
    const blocks = [...headOf(document), ...(await findingSections(document, { rows, evidence }))]
    if (document.kind === 'audit') {
      const { result } = document.report
      blocks.push(...lostSection(result), ...frameworks.flatMap((framework) => clauseSection(result, framework)))
    }
    yield `${blocks.join('\n\n')}\n`
  },
})

const headOf = (document: ReportDocument): readonly string[] => {
  const { sentence, details } = verdictOf(document)
  const { findings, statuses, waived } = statusCounts(document)
  const counts = AUDIT_STATUSES.map(
    (status) =>
      `| ${status} | ${formatCount(statuses[status])}${status === 'fail' && waived > 0 ? ` (${formatCount(waived)} waived)` : ''} |`,
  )
  return [
    `# ${REPORT_TITLES[document.kind]}`,
    `**${prose(sentence)}**`,
    [...placesOf(document), ...details.map(prose)].map((line) => `- ${line}`).join('\n'),
    ['| Status | Findings |', '|---|--:|', ...counts, `| all | ${formatCount(findings)} |`].join('\n'),
  ]
}

const placesOf = (document: ReportDocument): readonly string[] => {
  if (document.kind === 'audit') return []
  const { source, replicas, expected, asOf } = document.report.result
  return [
    `as of ${asOf.from}${asOf.to === asOf.from ? '' : ` to ${asOf.to}`}`,
    `source: ${code(source.uri)}`,
    ...replicas.map(({ uri }) => `replica: ${code(uri)}`),
    ...(expected === undefined ? [] : [`held against the record ${code(expected.uri)}`]),
  ]
}

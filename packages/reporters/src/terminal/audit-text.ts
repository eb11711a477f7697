import { type AuditReport, type AuditResult, clauseView, type Framework, type LostFact } from '@backproof/core/audit'
import { describeLost, summarizeAudit } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { lostHint } from '../model/lost-hint.js'
import { wrap } from '../text/columns.js'
import { formatCount, formatDuration, plural } from '../text/numbers.js'
import { oneLine } from '../text/one-line.js'
import { plainStyle, type Style } from '../text/style.js'
import { pad } from '../text/width.js'
import { auditRows, INDENT, MARK_COLUMNS, TEXT_COLUMNS } from './audit-rows.js'
import { clauseLines } from './clause-lines.js'
import { lostName, type ShownRows } from './shown-rows.js'

export interface AuditTextOptions {
  /** Default: no colours. */
  readonly style?: Style | undefined
  /** What to do to see the rows that are not shown. Default: nothing is said. */
  readonly more?: string | undefined
  /** Frameworks by whose clauses the audit is told too. Default: none. */
  readonly frameworks?: readonly Framework[] | undefined
  /** Sentences of the host, a line each, above the last. Default: none. */
  readonly notes?: readonly string[] | undefined
}

/** An audit for people. Its last line is the one sentence that says whether everything is proven. */
export const auditText = (
  report: AuditReport,
  rows: ShownRows,
  { style = plainStyle, more: advice, frameworks = [], notes = [] }: AuditTextOptions = {},
): string => {
  const { result } = report
  const summary = summarizeAudit(result)
  const { statuses, waived } = result.totals
  const more = (shown: number, all: number, what: string): readonly string[] => moreLines(shown, all, what, advice)
  const blocks: readonly (readonly string[])[] = [
    [...auditRows(rows.failing, style), ...more(rows.failing.length, statuses.fail - waived, 'failing')],
    result.lost.flatMap((lost) => lostLines(lost, rows, style)),
    [...auditRows(rows.undecided, style), ...more(rows.undecided.length, rows.allUndecided, 'that cannot be decided')],
    [...auditRows(rows.waived, style), ...more(rows.waived.length, waived, 'waived')],
    // With a score there is something to look at above.
    result.score === null ? auditRows(rows.notApplicable, style) : [],
    ...frameworks.map((framework) => clauseLines(clauseView(result, framework), style)),
    [totals(result), ...summary.details.map(oneLine), `Took ${formatDuration(report.telemetry.elapsedMs)}`],
    notes.map(oneLine),
    [style(summary.proven ? 'green' : 'red', oneLine(summary.sentence))],
  ]
  const paragraphs = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${paragraphs.join('\n\n')}\n`
}

const lostLines = (lost: LostFact, { details }: ShownRows, style: Style): readonly string[] => {
  const detail = details.get(lostName(lost.token, lost.reason))
  const hint = lostHint(lost)
  return [
    `${style('yellow', pad('unknown', MARK_COLUMNS))}  ${oneLine(describeLost(lost))}`,
    ...wrap(`${plural(lost.findings, 'finding')} of ${lost.rules.map(escapeKey).join(', ')}`, TEXT_COLUMNS).map(
      (line) => `${INDENT}${line}`,
    ),
    ...(detail === undefined ? [] : [`${INDENT}${oneLine(detail)}`]),
    ...(hint === undefined ? [] : [style('dim', `${INDENT}do: ${oneLine(hint)}`)]),
  ]
}

const moreLines = (shown: number, all: number, what: string, advice: string | undefined): readonly string[] =>
  all > shown ? [`… and ${formatCount(all - shown)} more ${what}${advice === undefined ? '' : `: ${advice}`}`] : []

const totals = ({ totals: { statuses, waived } }: AuditResult): string =>
  Object.entries(statuses)
    .filter(([status, count]) => count > 0 || status === 'pass')
    .map(([status, count]) => {
      const accepted = status === 'fail' && waived > 0 ? ` (${formatCount(waived)} waived)` : ''
      return `${formatCount(count)} ${status}${accepted}`
    })
    .join(' · ')

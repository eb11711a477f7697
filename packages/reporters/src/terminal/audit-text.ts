import {
  type AuditFinding,
  type AuditReport,
  type AuditResult,
  clauseView,
  type Framework,
  type LostFact,
  type Severity,
} from '@backproof/core/audit'
import { describeLost, summarizeAudit } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { evidenceLine } from '../model/audit-row.js'
import { lostHint } from '../model/lost-hint.js'
import { COLUMNS, wrap } from '../text/columns.js'
import { formatCount, formatDuration, plural } from '../text/numbers.js'
import { oneLine } from '../text/one-line.js'
import { type Colour, plainStyle, type Style } from '../text/style.js'
import { pad } from '../text/width.js'
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
    [...findings(rows.failing, style), ...more(rows.failing.length, statuses.fail - waived, 'failing')],
    result.lost.flatMap((lost) => lostLines(lost, rows, style)),
    [...findings(rows.undecided, style), ...more(rows.undecided.length, rows.allUndecided, 'that cannot be decided')],
    [...findings(rows.waived, style), ...more(rows.waived.length, waived, 'waived')],
    // With a score there is something to look at above.
    result.score === null ? findings(rows.notApplicable, style) : [],
    ...frameworks.map((framework) => clauseLines(clauseView(result, framework), style)),
    [totals(result), ...summary.details.map(oneLine), `Took ${formatDuration(report.telemetry.elapsedMs)}`],
    notes.map(oneLine),
    [style(summary.proven ? 'green' : 'red', oneLine(summary.sentence))],
  ]
  const paragraphs = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${paragraphs.join('\n\n')}\n`
}

/** Pieces of evidence that a row shows. */
const EVIDENCE = 3
const MARK_COLUMNS = 'unknown'.length
const SEVERITY_COLUMNS = 'critical'.length
const INDENT = ' '.repeat(MARK_COLUMNS + 2)

const COLOURS: Readonly<Record<string, Colour>> = { fail: 'red', waived: 'dim' }
const SEVERITY_COLOURS: Readonly<Partial<Record<Severity, Colour>>> = { critical: 'red', high: 'red' }

const findings = (rows: readonly AuditFinding[], style: Style): readonly string[] =>
  rows.flatMap((row, i) => {
    // Rows that share what to do name it once, after the last of them.
    const shown = row.action !== undefined && row.action !== rows[i + 1]?.action
    return [...findingLines(row, style), ...(shown ? [style('dim', `${INDENT}do: ${oneLine(row.action)}`)] : [])]
  })

const findingLines = (row: AuditFinding, style: Style): readonly string[] => {
  const { status, severity, rule, target, subject, text, evidence = [], evidenceOmitted = 0, waiver } = row
  const mark = waiver === undefined ? status : 'waived'
  const { declaredAt } = target
  const place = declaredAt === undefined ? '' : ` (${escapeKey(declaredAt.file)}:${declaredAt.line})`
  const name = target.kind === 'estate' ? 'estate' : `${escapeKey(target.kind)} ${escapeKey(target.name ?? target.id)}`
  const part = subject === undefined ? '' : `, ${escapeKey(subject)}`
  const hidden = Math.max(0, evidence.length - EVIDENCE) + evidenceOmitted
  const marked = style(COLOURS[mark] ?? 'yellow', pad(mark, MARK_COLUMNS))
  const weight = style(SEVERITY_COLOURS[severity] ?? 'dim', pad(severity, SEVERITY_COLUMNS))
  return [
    `${marked}  ${weight}  ${escapeKey(rule)}  ${style('bold', name + part)}${place}`,
    `${INDENT}${oneLine(text)}`,
    ...evidence.slice(0, EVIDENCE).map((one) => style('dim', `${INDENT}${oneLine(evidenceLine(one))}`)),
    ...(hidden > 0 && evidence.length > 0 ? [style('dim', `${INDENT}… and ${formatCount(hidden)} more`)] : []),
    ...(waiver === undefined ? [] : [`${INDENT}${oneLine(waiverLine(waiver))}`]),
  ]
}

const waiverLine = ({ id, approver, expires, reason, ticket }: NonNullable<AuditFinding['waiver']>): string =>
  `accepted until ${expires} by ${approver}: ${reason} (waiver ${id}${ticket === undefined ? '' : `, ${ticket}`})`

const lostLines = (lost: LostFact, { details }: ShownRows, style: Style): readonly string[] => {
  const detail = details.get(lostName(lost.token, lost.reason))
  const hint = lostHint(lost)
  return [
    `${style('yellow', pad('unknown', MARK_COLUMNS))}  ${oneLine(describeLost(lost))}`,
    ...wrap(
      `${plural(lost.findings, 'finding')} of ${lost.rules.map(escapeKey).join(', ')}`,
      COLUMNS - INDENT.length,
    ).map((line) => `${INDENT}${line}`),
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

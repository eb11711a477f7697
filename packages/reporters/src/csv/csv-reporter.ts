import { escapeKey } from '@backproof/core/source'
import type { ReportDocument } from '../model/document.js'
import type { Reporter } from '../model/reporter.js'
import type { ReportRow } from '../model/row.js'
import { reportRows } from '../model/rows.js'
import { statusCounts } from '../model/tally.js'
import { verdictOf } from '../model/verdict.js'
import { oneLine } from '../text/one-line.js'
import { csvLine } from './csv-cell.js'

export interface CsvOptions {
  /** Begins the file with a byte order mark, without which some spreadsheets do not take it for UTF-8. Default false. */
  readonly byteOrderMark?: boolean | undefined
}

/**
 * A table of all rows, with a line of names (RFC 4180, UTF-8). Names of objects and targets are escaped as everywhere in text:
 * backslash, control characters and bytes that are not UTF-8 as `\\`, `\n`, `\xNN`, `\uNNNN`. Where rows of the run are not
 * in the document, a line says how many: its status is `omitted`. Where the rows alone look better than the run (it was cut off, or
 * found nothing to check), the last line has the verdict: its status is `run`, its message `exit-code-N`.
 */
export const csvReporter = ({ byteOrderMark = false }: CsvOptions = {}): Reporter => ({
  format: 'csv',
  mediaType: 'text/csv',
  extension: 'csv',
  render: (document) => lines(document, byteOrderMark),
})

async function* lines(document: ReportDocument, byteOrderMark: boolean): AsyncGenerator<string> {
  yield `${byteOrderMark ? '\ufeff' : ''}${csvLine(COLUMNS.map(([name]) => name))}`
  for await (const rows of reportRows(document)) yield rows.map(lineOf).join('')
  if (document.rowsOmitted > 0)
    yield lineAbout({ status: 'omitted', text: `${document.rowsOmitted} rows of the run are not in this table` })
  const { exitCode, sentence } = verdictOf(document)
  if (!document.report.result.complete || exitCode !== exitCodeOfRows(document))
    yield lineAbout({ status: 'run', message: `exit-code-${exitCode}`, text: oneLine(sentence) })
}

const lineOf = (row: ReportRow): string => csvLine(COLUMNS.map(([, cell]) => cell(row) ?? ''))

/** Public API: columns are only added, at the end. */
const COLUMNS: readonly (readonly [name: string, cell: (row: ReportRow) => string | undefined])[] = [
  ['status', ({ status }) => status],
  ['waived', ({ waiver }) => (waiver === undefined ? 'no' : 'yes')],
  ['severity', ({ severity }) => severity],
  ['rule', ({ rule }) => escapeKey(rule)],
  ['title', ({ title }) => oneLine(title)],
  ['target_kind', ({ target }) => escapeKey(target.kind)],
  ['target_id', ({ target }) => escapeKey(target.id)],
  ['target_name', ({ target }) => target.name && escapeKey(target.name)],
  ['subject', ({ subject }) => subject && escapeKey(subject)],
  ['message', ({ message }) => escapeKey(message)],
  ['text', ({ text }) => oneLine(text)],
  ['evidence', ({ evidence }) => evidence.map(oneLine).join(' | ')],
  ['evidence_omitted', ({ evidenceOmitted }) => String(evidenceOmitted)],
  ['action', ({ action }) => action && oneLine(action)],
  ['waiver_id', ({ waiver }) => waiver && oneLine(waiver.id)],
  ['waiver_reason', ({ waiver }) => waiver && oneLine(waiver.reason)],
  ['waiver_approver', ({ waiver }) => waiver && oneLine(waiver.approver)],
  ['waiver_expires', ({ waiver }) => waiver?.expires],
  ['file', ({ location }) => location && escapeKey(location.file)],
  ['line', ({ location }) => location && String(location.line)],
  ['fingerprint', ({ fingerprint }) => fingerprint],
]

/** What whoever counts the rows takes the run for. */
const exitCodeOfRows = (document: ReportDocument): 0 | 1 | 3 => {
  const { statuses, waived } = statusCounts(document)
  if (statuses.fail > waived) return 1
  return statuses.unknown + statuses.review + statuses.error > 0 ? 3 : 0
}

/** A line about the run, which is no row of it. */
const lineAbout = (cells: Readonly<Record<string, string>>): string =>
  csvLine(COLUMNS.map(([name]) => cells[name] ?? ''))

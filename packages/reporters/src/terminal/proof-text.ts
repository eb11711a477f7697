import { byteCount, type ObjectFinding, type Report, type RunResult, summarize } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { formatCount, formatDuration, plural } from '../text/numbers.js'
import { safeText } from '../text/safe.js'
import { plainStyle, type Style } from '../text/style.js'
import { findingsTable, type NextStep } from './findings-table.js'
import { partiesOf, type ShownParties, sideLetter } from './parties.js'

export interface ProofTextOptions {
  /** Default: the URIs of the result. */
  readonly parties?: ShownParties | undefined
  /** Default: no colours. */
  readonly style?: Style | undefined
  /** How many failing findings are shown. Default {@link SHOWN_BY_DEFAULT}. */
  readonly shown?: number | undefined
  /** Default: none is named. */
  readonly next?: NextStep | undefined
  /** Lines on what can be done about all findings of a kind, beneath the rows. Default: none. */
  readonly hints?: ((result: RunResult, rows: readonly ObjectFinding[]) => readonly string[]) | undefined
  /** What to do to see the rows that are not shown, for example `use --findings N`. Default: nothing is said. */
  readonly more?: string | undefined
}

/** Failing findings that a report for people shows. */
export const SHOWN_BY_DEFAULT = 50

/** The report for people. Its last line is the one sentence that says what was proven, or that it was not. */
export const proofText = (report: Report, options: ProofTextOptions = {}): string => {
  const { parties = partiesOf(report), style = plainStyle, shown = SHOWN_BY_DEFAULT, next, hints, more } = options
  const { result } = report
  const summary = summarize(result)
  const rows = result.findings.slice(0, shown)
  const hidden = result.findings.length - rows.length + result.findingsOmitted
  const blocks: readonly (readonly string[])[] = [
    legend(parties),
    [
      ...findingsTable(rows, parties, { style, next }),
      ...[...openDamage(result, rows), ...(hints?.(result, rows) ?? [])].map((hint) => style('dim', hint)),
      ...(hidden > 0 ? [`… and ${formatCount(hidden)} more${more === undefined ? '' : `: ${more}`}`] : []),
    ],
    [totals(result), effort(report), ...summary.details.map(safeText)],
    [style(summary.proven ? 'green' : 'red', safeText(summary.sentence))],
  ]
  const paragraphs = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${paragraphs.join('\n\n')}\n`
}

/** Which place each letter of the rows stands for. */
export const legend = ({ source, replicas, expected }: ShownParties): readonly string[] => [
  `A  ${escapeKey(source.given)}`,
  ...replicas.map(({ given }, i) => `${sideLetter('replica', i)}  ${escapeKey(given)}`),
  ...(expected === undefined ? [] : [`held against the record ${escapeKey(expected.given)}`]),
]

const totals = ({ totals: { outcomes }, options }: RunResult): string =>
  Object.entries(outcomes)
    .filter(([outcome, count]) => count > 0 || outcome === 'match')
    .map(([outcome, count]) => {
      const allowed = outcome === 'extra' && options['extras'] === 'allow' ? ' (allowed)' : ''
      return `${formatCount(count)} ${outcome}${allowed}`
    })
    .join(' · ')

const effort = ({ telemetry: { bytesRead, elapsedMs, readInstead = 0 } }: Report): string => {
  const rate = bytesRead > 0 && elapsedMs > 0 ? ` (${byteCount(Math.round((bytesRead * 1000) / elapsedMs))}/s)` : ''
  const instead =
    readInstead > 0 ? `; ${plural(readInstead, 'object')} read rather than asked about, as that costs no more` : ''
  return `Read ${byteCount(bytesRead)} in ${formatDuration(elapsedMs)}${rate}${instead}`
}

/** Contents differ, and nothing tells which are right. Sizes alone seldom do: one side may be the older version. */
const openDamage = ({ kind }: RunResult, rows: readonly ObjectFinding[]): readonly string[] => {
  const open = kind === 'compare' ? rows.filter(isUndecidedDamage).length : 0
  return open === 0
    ? []
    : [`Which side is damaged cannot be told of ${plural(open, 'mismatch', 'mismatches')}: keep both until it is known`]
}

const isUndecidedDamage = ({ outcome, reason, rotten }: ObjectFinding): boolean =>
  outcome === 'mismatch' && rotten === undefined && (reason === 'bytes' || reason === 'digest' || reason === 'size')

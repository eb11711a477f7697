import { byteCount, type Report, type RunResult, summarize } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { findingHints } from './hints.js'
import { formatCount, formatDuration, plural } from './numbers.js'
import { type Parties, sideLetter } from './parties.js'
import { safeText } from './safe.js'
import type { Style } from './style.js'
import { findingsTable } from './table.js'

export interface HumanOptions {
  readonly parties: Parties
  readonly style: Style
  /** How many failing findings are shown. */
  readonly shown: number
}

/** The report for people. Its last line is the one sentence that says what was proven, or that it was not. */
export const humanReport = (report: Report, { parties, style, shown }: HumanOptions): string => {
  const { result } = report
  const summary = summarize(result)
  const rows = result.findings.slice(0, shown)
  const more = result.findings.length - rows.length + result.findingsOmitted
  const blocks: readonly (readonly string[])[] = [
    legend(parties),
    [
      ...findingsTable(rows, parties, { style, next: true }),
      ...findingHints(result, rows).map((hint) => style('dim', hint)),
      ...(more > 0 ? [`… and ${formatCount(more)} more: use --ndjson FILE for all rows, or --findings N`] : []),
    ],
    [totals(result), effort(report), ...summary.details.map(safeText)],
    [style(summary.proven ? 'green' : 'red', safeText(summary.sentence))],
  ]
  const paragraphs = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${paragraphs.join('\n\n')}\n`
}

/** Which place each letter of the rows stands for. */
export const legend = ({ source, replicas, expected }: Parties): readonly string[] => [
  `A  ${escapeKey(source.given)}`,
  ...replicas.map(({ given }, i) => `${sideLetter('replica', i)}  ${escapeKey(given)}`),
  ...(expected === undefined ? [] : [`held against the record ${escapeKey(expected.given)}`]),
]

const totals = ({ totals: { outcomes } }: RunResult): string =>
  Object.entries(outcomes)
    .filter(([outcome, count]) => count > 0 || outcome === 'match')
    .map(([outcome, count]) => `${formatCount(count)} ${outcome}`)
    .join(' · ')

const effort = ({ telemetry: { bytesRead, elapsedMs, readInstead = 0 } }: Report): string => {
  const rate = bytesRead > 0 && elapsedMs > 0 ? ` (${byteCount(Math.round((bytesRead * 1000) / elapsedMs))}/s)` : ''
  const instead =
    readInstead > 0 ? `; ${plural(readInstead, 'object')} read rather than asked about, as that costs no more` : ''
  return `Read ${byteCount(bytesRead)} in ${formatDuration(elapsedMs)}${rate}${instead}`
}

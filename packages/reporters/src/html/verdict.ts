import type { ReportDocument } from '../model/document.js'
import { REPORT_TITLES } from '../model/titles.js'
import type { RunVerdict } from '../model/verdict.js'
import { html, type Markup } from './markup.js'
import { moment } from './words.js'

/** The time or times that the result speaks of. */
export const timesOf = ({ kind, report }: ReportDocument): string => {
  const { asOf } = report.result
  if (kind === 'audit' || typeof asOf === 'string') return moment(String(asOf))
  return asOf.from === asOf.to ? moment(asOf.from) : `${moment(asOf.from)} to ${moment(asOf.to)}`
}

const STYLES: Readonly<Record<RunVerdict['exitCode'], string>> = { 0: 'proven', 1: 'failed', 3: 'undecided' }

/** Title and the one sentence. */
export const verdict = (document: ReportDocument, { exitCode, sentence }: RunVerdict): Markup => {
  const [, word = '', rest = sentence] = /^(NOT proven|Proven)([\s\S]*)$/.exec(sentence) ?? []
  return html`<header class="top">
<p class="brand">Backproof</p>
<h1>${REPORT_TITLES[document.kind]}</h1>
<p class="times">As of ${timesOf(document)}</p>
<p class="verdict ${STYLES[exitCode]}"><strong>${word}</strong>${rest}</p>
</header>
`
}

import type { ReportDocument } from '../model/document.js'
import { formatDuration } from '../text/numbers.js'
import { html, type Markup } from './markup.js'
import { moment } from './words.js'

/** What the report is, and how the run went. */
export const foot = ({ report }: ReportDocument): Markup => {
  const { result, telemetry } = report
  return html`<footer>
<dl>
<div><dt>Report</dt><dd class="code">${result.schema}</dd></div>
<div><dt>Options</dt><dd class="code">sha256 ${result.optionsHash}</dd></div>
<div><dt>Started</dt><dd>${moment(telemetry.startedAt)}, took ${formatDuration(telemetry.elapsedMs)}</dd></div>
</dl>
<p>Made by Backproof. This file is complete in itself: it loads nothing and sends nothing.</p>
</footer>
`
}

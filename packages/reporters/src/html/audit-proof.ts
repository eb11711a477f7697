import type { LostFact } from '@backproof/core/audit'
import { describeLost } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import type { AuditDocument } from '../model/document.js'
import { lostHint } from '../model/lost-hint.js'
import { statusCounts } from '../model/tally.js'
import type { RunVerdict } from '../model/verdict.js'
import { formatCount, plural } from '../text/numbers.js'
import { type Content, html, type Markup } from './markup.js'
import { sentences, tiles, withCode } from './pieces.js'
import { percent } from './words.js'

/** What an audit decided, what it read for that, and what it could not read. */
export const auditProof = (document: AuditDocument, { details }: RunVerdict): Markup => {
  const { result } = document.report
  return html`${tiles(counts(document))}${sentences(details)}${lost(result.lost)}`
}

const counts = (document: AuditDocument): Parameters<typeof tiles>[0] => {
  const { statuses, waived } = statusCounts(document)
  const { score } = document.report.result
  const tile = (name: string, value: number, style?: string): Parameters<typeof tiles>[0] =>
    value === 0 && name !== 'failing' && name !== 'passing'
      ? []
      : [{ name, value: formatCount(value), ...(value > 0 && { style }) }]
  return [
    ...tile('failing', statuses.fail - waived, 'fail'),
    ...tile('failing, waived', waived, 'waived'),
    ...tile('not known', statuses.unknown, 'unknown'),
    ...tile('could not be judged', statuses.error, 'error'),
    ...tile('for a person to judge', statuses.review, 'review'),
    ...tile('passing', statuses.pass, 'pass'),
    ...tile('not applicable', statuses['not-applicable']),
    ...(score === null ? [] : [{ name: 'score: share that passes', value: percent(score) }]),
  ]
}

const lost = (facts: readonly LostFact[]): Content =>
  facts.length === 0
    ? undefined
    : html`<h3>What could not be read</h3>
<ul class="losses">
${facts.map(lostItem)}</ul>
`

const lostItem = (fact: LostFact): Markup => {
  const hint = lostHint(fact)
  return html`<li><p><b>${describeLost(fact)}</b></p>
<p>${plural(fact.findings, 'check')} not known: <span class="by">${fact.rules.map(escapeKey).join(', ')}</span></p>
${hint === undefined ? undefined : html`<p>What to do: ${withCode(hint)}</p>`}</li>
`
}

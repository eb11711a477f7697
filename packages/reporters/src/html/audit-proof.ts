import type { AuditResult, LostFact } from '@backproof/core/audit'
import { describeLost, type Summary } from '@backproof/core/report'
import type { AuditDocument } from '../model/document.js'
import { lostHint } from '../model/lost-hint.js'
import { statusCounts } from '../model/tally.js'
import { formatCount, plural } from '../text/numbers.js'
import { type Content, html, type Markup } from './markup.js'
import { sentences, table, tiles } from './pieces.js'
import { percent } from './words.js'

/** What an audit decided, what it read for that, and what it could not read. */
export const auditProof = (document: AuditDocument, { details }: Summary): Markup => {
  const { result } = document.report
  return html`${tiles(counts(document))}${sentences(details)}${lost(result.lost)}${histories(result)}`
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
    ...(score === null ? [] : [{ name: 'score: passing of all that was applicable', value: percent(score) }]),
  ]
}

const lost = (facts: readonly LostFact[]): Content =>
  facts.length === 0
    ? undefined
    : html`<h3>What could not be read</h3>
${table(
  'Facts that nobody could read, and what is not known for that',
  ['Fact', 'Permission that is missing', 'What to do', 'Checks not known', 'Rules'],
  facts.map((one) => [
    describeLost({ ...one, missingPermission: undefined }),
    one.missingPermission === undefined
      ? html`<span class="none">none is known</span>`
      : html`<code>${one.missingPermission}</code>`,
    lostHint(one) ?? '',
    formatCount(one.findings),
    one.rules.join(', '),
  ]),
  [3],
)}`

const histories = ({ histories: all }: AuditResult): Content => {
  const read = all.filter(({ sources }) => sources.length > 0)
  return read.length === 0
    ? undefined
    : html`<h3>Histories that were read</h3>
${table(
  'Histories, item by item',
  ['History', 'Items', 'Told twice', 'Not of what is audited', 'From'],
  read.map(({ token, items, duplicates, unassigned, sources }) => [
    token,
    formatCount(items),
    formatCount(duplicates),
    formatCount(unassigned),
    sources.length > MOST_SOURCES
      ? `${sources.slice(0, MOST_SOURCES).join(', ')} and ${plural(sources.length - MOST_SOURCES, 'more source')}`
      : sources.join(', '),
  ]),
  [1, 2, 3],
)}`
}

const MOST_SOURCES = 10

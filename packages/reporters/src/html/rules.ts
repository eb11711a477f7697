import type { AuditResult, RuleSummary } from '@backproof/core/audit'
import { formatCount } from '../text/numbers.js'
import { type Content, html, type Markup } from './markup.js'

/** The rules of an audit: what each came to, why it matters, and how it was set. */
export const rules = ({ rules: all }: AuditResult): Content =>
  all.length === 0 ? undefined : html`${all.map(ruleMarkup)}`

const ruleMarkup = (rule: RuleSummary): Markup => html`<details class="rule">
<summary><span class="name">${rule.title}</span> <span class="code">${rule.rule}</span> <span class="severity">${rule.severity}</span>
<span class="shares">${countsOf(rule)}</span></summary>
<div class="more"><dl>
<dt>Why it matters</dt><dd>${rule.rationale}</dd>
<dt>What to do</dt><dd>${rule.action}</dd>
${rule.rule === rule.id ? undefined : html`<dt>Rule</dt><dd class="code">${rule.id}</dd>`}
${optionsOf(rule)}
${rule.clauses.length === 0 ? undefined : html`<dt>Clauses</dt><dd>${rule.clauses.map(({ framework, clause }) => `${framework} ${clause}`).join('; ')}</dd>`}
</dl></div>
</details>
`

const countsOf = ({ statuses, waived }: RuleSummary): Content =>
  (
    [
      ['fail', statuses.fail - waived, 'failing'],
      ['waived', waived, 'waived'],
      ['unknown', statuses.unknown, 'not known'],
      ['error', statuses.error, 'not judged'],
      ['review', statuses.review, 'for a person'],
      ['pass', statuses.pass, 'passing'],
      ['not-applicable', statuses['not-applicable'], 'not applicable'],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([style, count, words]) => html`<span class="share ${style}"><b>${formatCount(count)}</b> ${words}</span> `)

const optionsOf = ({ options }: RuleSummary): Content => {
  const entries = Object.entries(options)
  return entries.length === 0
    ? undefined
    : html`<dt>Options</dt><dd class="code">${entries.map(([name, value]) => html`${name} = ${JSON.stringify(value)}<br>`)}</dd>`
}

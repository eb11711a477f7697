import {
  type AuditResult,
  CLAUSE_STATUSES,
  type ClauseStanding,
  type ClauseStatus,
  type ClauseView,
  clauseView,
  FRAMEWORKS,
  type Framework,
} from '@backproof/core/audit'
import { formatCount, plural } from '../text/numbers.js'
import { type Content, html, type Markup } from './markup.js'

/** Frameworks that rules or attestations of the audit speak to. */
export const frameworksOf = (result: AuditResult): readonly Framework[] => {
  const named = new Set([
    ...result.rules.flatMap(({ clauses }) => clauses.map(({ framework }) => framework)),
    ...(result.attestations ?? []).flatMap(({ clauses }) => clauses.map((clause) => clause.split(' ', 1)[0]!)),
  ])
  return FRAMEWORKS.filter(({ id }) => named.has(id))
}

/** The audit, clause by clause. */
export const clauses = (result: AuditResult, frameworks: readonly Framework[]): Content =>
  frameworks.length === 0
    ? undefined
    : html`<p class="proposal"><strong>A working proposal.</strong> That a rule speaks to a clause is our reading of it. An auditor has to review the mapping before anybody relies on it; this page certifies nothing.</p>
<dl class="legend">
${CLAUSE_STATUSES.map(
  (status) => html`<div><dt>${clauseMark(status)}</dt><dd>${MEANINGS[status]}</dd></div>
`,
)}</dl>
${frameworks.map((framework) => frameworkMarkup(clauseView(result, framework)))}`

const MEANINGS: Readonly<Record<ClauseStatus, string>> = {
  automated: 'rules speak to it, and all that was applicable passes',
  attested: 'no rule decides it; somebody vouches for it, in date',
  'accepted-risk': 'everything that fails is waived',
  gap: 'something fails, cannot be decided, or nothing speaks to it',
}

const NAMES: Readonly<Record<ClauseStatus, string>> = {
  automated: 'automated',
  attested: 'attested',
  'accepted-risk': 'accepted risk',
  gap: 'gap',
}

const clauseMark = (status: ClauseStatus): Markup => html`<span class="mark ${status}">${NAMES[status]}</span>`

const frameworkMarkup = ({
  framework,
  counts,
  clauses: all,
}: ClauseView): Markup => html`<details class="framework paper">
<summary><span class="name">${framework.title}</span> <span class="edition">${framework.version}</span>
<span class="shares">${CLAUSE_STATUSES.filter((status) => counts[status] > 0).map((status) => html`<span class="share ${status}"><b>${formatCount(counts[status])}</b> ${NAMES[status]}</span> `)}</span></summary>
<ul class="clauses">
${all.map(clauseItem)}</ul>
</details>
`

const clauseItem = (
  clause: ClauseStanding,
): Markup => html`<li>${clauseMark(clause.status)} <b class="clause">${clause.clause}</b> <span class="what">${clause.about}</span>
<span class="why">${clause.reason}${checks(clause)}${clause.strength === undefined ? undefined : html`; ${STRENGTHS[clause.strength]}`}</span>
${clause.rules.length === 0 ? undefined : html`<span class="by">${clause.rules.join(', ')}</span>`}</li>
`

const STRENGTHS: Readonly<Record<NonNullable<ClauseStanding['strength']>, string>> = {
  full: 'rules cover it in full',
  partial: 'rules cover a part of it',
  supporting: 'rules only support it',
}

const checks = ({ status, passes, waived, undecided, failing }: ClauseStanding): string => {
  const more = [
    ...(passes > 0 && status !== 'automated' ? [`${plural(passes, 'check')} ${passes === 1 ? 'passes' : 'pass'}`] : []),
    ...(waived > 0 && status !== 'accepted-risk' ? [`${formatCount(waived)} waived`] : []),
    ...(undecided > 0 && failing > 0 ? [`${formatCount(undecided)} cannot be decided`] : []),
  ]
  return more.length === 0 ? '' : `; ${more.join(', ')}`
}

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
  attested: 'no rule decides it; somebody vouches for it, in date and with evidence',
  'accepted-risk': 'everything that fails is waived',
  gap: 'something fails, cannot be decided, or nothing speaks to it',
}

const NAMES: Readonly<Record<ClauseStatus, string>> = {
  automated: 'automated',
  attested: 'attested',
  'accepted-risk': 'accepted risk',
  gap: 'gap',
}

const PLURALS: Readonly<Record<ClauseStatus, string>> = { ...NAMES, 'accepted-risk': 'accepted risks', gap: 'gaps' }

const clauseMark = (status: ClauseStatus): Markup => html`<span class="mark ${status}">${NAMES[status]}</span>`

const frameworkMarkup = ({ framework, counts, clauses: all }: ClauseView): Markup => {
  const silent = all.filter(({ rules, attestations }) => rules.length + attestations.length === 0)
  return html`<details class="framework paper">
<summary><span class="name">${framework.title}</span> <span class="edition">${framework.version}</span>
<span class="shares">${CLAUSE_STATUSES.filter((status) => counts[status] > 0).map((status) => html`<span class="share ${status}"><b>${formatCount(counts[status])}</b> ${counts[status] === 1 ? NAMES[status] : PLURALS[status]}</span> `)}</span></summary>
<ul class="clauses">
${all.filter((one) => !silent.includes(one)).map(clauseItem)}</ul>
${[...new Set(silent.map(({ reason }) => reason))].map((reason) =>
  silentClauses(
    reason,
    silent.filter((one) => one.reason === reason),
  ),
)}</details>
`
}

/** Clauses that only a reason can be given for: they are many, and need little room. */
const silentClauses = (
  reason: string,
  all: readonly ClauseStanding[],
): Markup => html`<p class="silent-title">${clauseMark('gap')} ${all.length === 1 ? 'A clause' : `${formatCount(all.length)} clauses`}: ${reason}</p>
<ul class="silent">${all.map(
  ({ clause, about }) => html`<li><b class="clause">${clause}</b> ${about}</li>
`,
)}</ul>
`

const clauseItem = (
  clause: ClauseStanding,
): Markup => html`<li>${clauseMark(clause.status)} <b class="clause">${clause.clause}</b> <span class="what">${clause.about}</span>
<span class="why">${clause.reason}${checks(clause)}${clause.strength === undefined || clause.status === 'automated' ? undefined : html`; ${STRENGTHS[clause.strength]}`}</span>
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

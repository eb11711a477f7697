import type { ReportDocument } from '../model/document.js'
import { formatCount, plural } from '../text/numbers.js'
import { type HeldRows, standingCounts } from './held-rows.js'
import { type Content, html, type Markup } from './markup.js'
import { SEVERITY_NAMES, STANDINGS, type Standing } from './page-data.js'
import { rowGroups, STANDING_WORDS, type Tree } from './row-tree.js'

/** The findings: filters, which the script makes work, and the first open rows, which need no script. */
export const findings = (document: ReportDocument, { first, held }: HeldRows): Markup => {
  const counts = standingCounts(document)
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const open = OPEN.reduce((sum, standing) => sum + counts[standing], 0)
  return html`${filters(counts, open)}
${held === all ? undefined : html`<p class="note">${`${plural(all - held, 'row')} of ${formatCount(all)} ${all - held === 1 ? 'is' : 'are'} not in this file.`}</p>`}
<p id="shown" class="note" role="status">${shown(first.length, open, all)}</p>
<noscript><p class="note">Filters and all other rows need JavaScript, which this page was opened without. Counts and verdict above are of all rows.</p></noscript>
<div id="rows" tabindex="-1" role="group" aria-label="Rows">${rowGroups(first).map(markupOf)}</div>
<nav id="pager" class="pager" aria-label="Pages of rows" hidden><button type="button" id="previous">Previous</button> <span id="position"></span> <button type="button" id="next">Next</button></nav>
`
}

const OPEN: readonly Standing[] = STANDINGS.filter((standing) => standing !== 'pass' && standing !== 'not-applicable')

const shown = (first: number, open: number, all: number): string => {
  if (all === 0) return 'This run has no rows.'
  if (open === 0) return `Nothing is open in ${plural(all, 'row')}.`
  return first === open
    ? `${plural(open, 'row')} of ${formatCount(all)} ${open === 1 ? 'is' : 'are'} open.`
    : `The first ${formatCount(first)} of ${plural(open, 'open row')}; ${formatCount(all)} in all.`
}

const filters = (
  counts: Readonly<Record<Standing, number>>,
  open: number,
): Markup => html`<form id="filters" class="filters" autocomplete="off" hidden>
<p class="field search"><label for="search">Search</label> <input type="search" id="search" spellcheck="false" placeholder="target, rule, words, fingerprint"></p>
<p class="field"><label for="rule">Rule</label> <select id="rule"><option value="">All rules</option></select></p>
<p class="field"><button type="reset">Reset</button></p>
<fieldset><legend>Status</legend>
${STANDINGS.map((standing, i) =>
  counts[standing] === 0
    ? undefined
    : choice(
        'standing',
        i,
        STANDING_WORDS[standing],
        formatCount(counts[standing]),
        open === 0 || OPEN.includes(standing),
      ),
)}</fieldset>
<fieldset><legend>Severity</legend>
${SEVERITY_NAMES.map((severity, i) => choice('severity', i, severity, undefined, true))}</fieldset>
</form>`

const choice = (name: string, value: number, words: string, count: string | undefined, checked: boolean): Content =>
  html`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${checked ? html` checked` : undefined}> ${words}${count === undefined ? undefined : html` <span class="count">${count}</span>`}</label>
`

const markupOf = (tree: Tree): Content => {
  if (typeof tree === 'string') return tree
  const { tag, style, children } = tree
  const inner = children.map(markupOf)
  const start = style === undefined ? undefined : html` class="${style}"`
  return TAGS[tag](start, inner)
}

/** Names of elements are no values of templates: each has its own. */
const TAGS: Readonly<Record<Exclude<Tree, string>['tag'], (style: Content, inner: Content) => Markup>> = {
  li: (style, inner) => html`<li${style}>${inner}</li>
`,
  ol: (style, inner) => html`<ol${style}>${inner}</ol>
`,
  ul: (style, inner) => html`<ul${style}>${inner}</ul>`,
  details: (style, inner) => html`<details${style}>${inner}</details>`,
  summary: (style, inner) => html`<summary${style}>${inner}</summary>`,
  span: (style, inner) => html`<span${style}>${inner}</span>`,
  dl: (style, inner) => html`<dl${style}>${inner}</dl>`,
  dt: (style, inner) => html`<dt${style}>${inner}</dt>`,
  dd: (style, inner) => html`<dd${style}>${inner}</dd>`,
  div: (style, inner) => html`<div${style}>${inner}</div>`,
  section: (style, inner) => html`<section${style}>${inner}</section>
`,
  h3: (style, inner) => html`<h3${style}>${inner}</h3>
`,
  h4: (style, inner) => html`<h4${style}>${inner}</h4>
`,
}

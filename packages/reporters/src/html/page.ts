import { createHash } from 'node:crypto'
import type { Framework } from '@backproof/core/audit'
import type { ReportDocument } from '../model/document.js'
import { REPORT_TITLES } from '../model/titles.js'
import { verdictOf } from '../model/verdict.js'
import { auditProof } from './audit-proof.js'
import { charts } from './charts/charts.js'
import { clauses, frameworksOf } from './clauses.js'
import { findings } from './findings.js'
import { foot } from './foot.js'
import { lookThrough, rowScripts } from './held-rows.js'
import { type Content, html, type Markup, markupText } from './markup.js'
import { objectProof } from './object-proof.js'
import { PAGE_SCRIPT } from './page-script.js'
import { PAGE_STYLE } from './page-style.js'
import { rules } from './rules.js'
import { timesOf, verdict } from './verdict.js'

export interface PageOptions {
  readonly rows: number
  /** `undefined`: those that the rules of the audit speak to. */
  readonly frameworks: readonly Framework[] | undefined
}

/** The page, piece by piece. All but the rows is bounded; they are gone through twice. */
export async function* page(document: ReportDocument, { rows, frameworks }: PageOptions): AsyncGenerator<string> {
  const held = await lookThrough(document, rows)
  const said = verdictOf(document)
  const all: readonly Section[] = [
    {
      id: 'proof',
      title: 'What was proven, and how',
      short: 'Proof',
      body: document.kind === 'audit' ? auditProof(document, said) : objectProof(document, said),
    },
    { id: 'findings', title: 'Findings', body: findings(document, held) },
    ...(document.kind === 'audit'
      ? [
          {
            id: 'clauses',
            title: 'By clauses of frameworks',
            short: 'Clauses',
            body: clauses(document.report.result, frameworks ?? frameworksOf(document.report.result)),
          },
        ]
      : []),
    { id: 'charts', title: 'Measured', body: charts(document) },
    ...(document.kind === 'audit'
      ? [{ id: 'rules', title: 'Rules that were asked', short: 'Rules', body: rules(document.report.result) }]
      : []),
  ]
  const sections = all.filter(({ body }) => body !== undefined)
  yield head(document)
  yield markupText(html`<body>
<main>
${verdict(document, said)}<nav class="sections" aria-label="Sections">${sections.map(({ id, title, short = title }) => html`<a href="#${id}">${short}</a> `)}</nav>
${sections.map(sectionMarkup)}</main>
${foot(document)}`)
  yield* rowScripts(document, rows)
  yield `<script>${PAGE_SCRIPT}</script>\n</body>\n</html>\n`
}

interface Section {
  readonly id: string
  readonly title: string
  /** In the list of sections. */
  readonly short?: string | undefined
  readonly body: Content
}

const sectionMarkup = ({ id, title, body }: Section): Markup => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}</section>
`

/** Nothing is loaded, nothing is sent, and nothing runs but what is named here by its hash. */
const head = (document: ReportDocument): string => {
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(PAGE_STYLE)}`,
    `script-src ${hashOf(PAGE_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const start = markupText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Backproof">
<title>${REPORT_TITLES[document.kind]}, ${timesOf(document)}</title>
`)
  return `${start}<style>${PAGE_STYLE}</style>\n</head>\n`
}

/** CSP Level 3: the hash is over the text of the element. */
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

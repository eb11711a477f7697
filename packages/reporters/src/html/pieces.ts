import { codeParts } from './code-parts.js'
import { type Content, html, type Markup } from './markup.js'

/** A table with names of columns; those of `numbers` (indexes) are aligned to the right. It scrolls by itself where it is too wide. */
export const table = (
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Content[])[],
  numbers: readonly number[] = [],
): Markup => {
  const style = (i: number): string => (numbers.includes(i) ? 'number' : 'words')
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((name, i) => html`<th scope="col" class="${style(i)}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (cells) =>
    html`<tr>${cells.map((cell, i) => (i === 0 ? html`<th scope="row" class="${style(i)}">${cell}</th>` : html`<td class="${style(i)}">${cell}</td>`))}</tr>
`,
)}</tbody>
</table></div>
`
}

/** Counts side by side. Those that stand for something that is not well have a style. */
export const tiles = (
  counts: readonly { readonly name: string; readonly value: string; readonly style?: string | undefined }[],
): Markup =>
  html`<ul class="tiles">${counts.map(({ name, value, style = 'plain' }) => html`<li class="${style}"><b>${value}</b> ${name}</li>`)}</ul>
`

/** A sentence of ours, in which code stands between backticks. */
export const withCode = (sentence: string): Content =>
  codeParts(sentence).map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))

/** Sentences, one after the other. */
export const sentences = (lines: readonly string[]): Content =>
  lines.length === 0
    ? undefined
    : html`<ul class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ul>
`

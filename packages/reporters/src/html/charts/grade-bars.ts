import type { PlaceGrades, ProofGrades } from '../../measures/shapes.js'
import { formatCount, plural } from '../../text/numbers.js'
import { type Content, html, type Markup } from '../markup.js'
import { moment } from '../words.js'

const PARTS = ['read', 'stored', 'claimed', 'size', 'other'] as const

const PART_WORDS: Readonly<Record<(typeof PARTS)[number], string>> = {
  read: 'read',
  stored: 'stored',
  claimed: 'claimed',
  size: 'size only',
  other: 'not proven',
}

/** Places that are seen at once; the others unfold. */
const SEEN = 12

/** How much of each place was proven at which grade: a bar each, with its numbers beneath it. Those with something unproven come first. */
export const gradeBars = ({ places, placesOmitted }: ProofGrades): Content => {
  const sorted = [...places].sort((a, b) => Number(b.other > 0) - Number(a.other > 0))
  const rest = sorted.slice(SEEN)
  return [
    html`<ul class="legend keys">${PARTS.map((part) => html`<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="part ${part}" width="10" height="10"/></svg> ${PART_WORDS[part]}</li>`)}</ul>
${placeBars(sorted.slice(0, SEEN))}`,
    rest.length === 0
      ? undefined
      : html`<details class="table paper"><summary>${plural(rest.length, 'further comparison or verification', 'further comparisons and verifications')}</summary>
${placeBars(rest)}</details>
`,
    placesOmitted === 0 ? undefined : html`<p class="note">${plural(placesOmitted, 'further place')} not shown.</p>`,
  ]
}

const placeBars = (places: readonly PlaceGrades[]): Markup => html`<ul class="places">
${places.map(placeBar)}</ul>
`

const placeBar = (place: PlaceGrades): Markup => {
  const total = PARTS.reduce((sum, part) => sum + place[part], 0)
  const said = PARTS.filter((part) => place[part] > 0)
    .map((part) => `${formatCount(place[part])} ${PART_WORDS[part]}`)
    .join(' · ')
  let start = 0
  return html`<li><p><span class="name">${place.source}</span>${place.replica === null ? undefined : html` <span class="to">and</span> <span class="name">${place.replica}</span>`} <span class="when">${moment(place.asOf)}</span></p>
<svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">${PARTS.map((part) => {
    if (place[part] === 0) return undefined
    const width = (place[part] / total) * 1000
    const x = start
    start += width
    return html`<rect class="part ${part}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="14"/>`
  })}</svg>
<p class="said">${total === 0 ? 'nothing was looked at' : said}</p></li>
`
}

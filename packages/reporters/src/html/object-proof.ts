import { GRADES, type Grade, OUTCOMES, type Outcome } from '@backproof/core/evidence'
import { byteCount, type RunResult, type SourceIdentity } from '@backproof/core/report'
import type { ProofDocument } from '../model/document.js'
import { standingOfOutcome } from '../model/object-row.js'
import type { RunVerdict } from '../model/verdict.js'
import { formatCount } from '../text/numbers.js'
import { type Content, html, type Markup } from './markup.js'
import { sentences, table, tiles } from './pieces.js'

/** What a comparison or verification found, how strong its evidence is, and what was read for it. */
export const objectProof = ({ report: { result } }: ProofDocument, { details }: RunVerdict): Markup =>
  html`${tiles(counts(result))}${sentences(details)}${grades(result)}${methods(result)}${sides(result)}`

const counts = (result: RunResult): Parameters<typeof tiles>[0] =>
  OUTCOMES.filter((outcome) => outcome === 'match' || result.totals.outcomes[outcome] > 0).map((outcome) => {
    const value = result.totals.outcomes[outcome]
    return {
      name: OUTCOME_WORDS[outcome],
      value: formatCount(value),
      ...(value > 0 && { style: standingOfOutcome(outcome, result).status }),
    }
  })

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  match: 'match',
  mismatch: 'mismatch',
  missing: 'missing',
  extra: 'extra',
  unreadable: 'unreadable',
  changed: 'changed meanwhile',
  unverifiable: 'unverifiable',
  error: 'error',
}

const grades = ({ totals }: RunResult): Content =>
  totals.outcomes.match === 0
    ? undefined
    : html`<h3>How strong the evidence is</h3>
${table(
  'Matches by grade, strongest first',
  ['Grade', 'What it rests on', 'Matches'],
  GRADES.map((grade) => [html`<code>${grade}</code>`, GRADE_WORDS[grade], formatCount(totals.grades[grade])]),
  [2],
)}`

const GRADE_WORDS: Readonly<Record<Grade, string>> = {
  read: 'bytes that were read in this run',
  stored: 'a digest that the storage service computed or validated',
  claimed: 'a digest that a client stored, and nobody validated',
  size: 'nothing but the size',
}

const methods = ({ totals }: RunResult): Content => {
  const used = Object.entries(totals.methods).filter(([, count]) => count > 0)
  const algorithms = Object.entries(totals.algorithms)
  return used.length === 0
    ? undefined
    : html`<h3>How matches were proven</h3>
${table(
  'Matches by how they were proven, and by the digest that proved them',
  ['Method or digest', 'Matches'],
  [...used, ...algorithms].map(([name, count]) => [html`<code>${name}</code>`, formatCount(count)]),
  [1],
)}`
}

const sides = ({ kind, source, replicas, expected }: RunResult): Content => {
  const all: readonly (readonly [string, SourceIdentity])[] = [
    ['Source', source],
    ...replicas.map((one): readonly [string, SourceIdentity] => ['Replica', one]),
    ...(expected === undefined ? [] : [['Record', expected] as const]),
  ]
  return html`<h3>${kind === 'compare' ? 'What was compared' : 'What was verified'}</h3>
${table(
  'Places, what they hold, and what was read of them',
  ['Place', 'Part', 'Objects', 'Size', 'Read for proofs', 'Left out'],
  all.map(([part, one]) => [
    html`<span class="name">${one.uri}</span>`,
    part,
    formatCount(one.objects),
    byteCount(one.bytes),
    byteCount(one.bytesRead),
    formatCount(Object.values(one.excluded).reduce((sum, count) => sum + count, 0)),
  ]),
  [2, 3, 4, 5],
)}`
}

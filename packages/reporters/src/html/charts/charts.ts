import { describeLost } from '@backproof/core/report'
import { placeGrades } from '../../measures/proof-grades.js'
import type { ReportDocument } from '../../model/document.js'
import { type Content, html } from '../markup.js'
import { type Reading, readCapacityDays, readJobDays, readProofGrades } from '../read-measures.js'
import { capacityCharts } from './capacity-charts.js'
import { figureOf } from './figure.js'
import { gradeBars } from './grade-bars.js'
import { jobCharts } from './job-charts.js'

/** Drawings of what the run measured. Nothing measured: no section. */
export const charts = (document: ReportDocument): Content => {
  const drawn =
    document.kind === 'audit'
      ? auditCharts(document.report.result)
      : [coverage({ places: placeGrades(document.report.result), placesOmitted: 0 })]
  return drawn.every((one) => one === undefined) ? undefined : drawn
}

const auditCharts = (result: Parameters<typeof jobCharts>[1]): readonly Content[] => [
  measured(
    readJobDays(result),
    'Backup jobs',
    ({ days }) => days.length > 0,
    (value) => jobCharts(value, result),
  ),
  measured(
    readCapacityDays(result),
    'Capacity',
    ({ stores }) => stores.length > 0,
    (value) => capacityCharts(value, result),
  ),
  measured(readProofGrades(result), 'Coverage by grade', ({ places }) => places.length > 0, coverage),
]

const coverage = (value: Parameters<typeof gradeBars>[0]): Content =>
  figureOf(
    'Coverage by grade of evidence',
    'Objects that were proven, by the weakest evidence that each match rests on',
    gradeBars(value),
  )

const measured = <T>(
  reading: Reading<T>,
  what: string,
  isThere: (value: T) => boolean,
  draw: (value: T) => Content,
): Content => {
  if (reading === undefined) return undefined
  if ('unknown' in reading)
    return html`<p class="note">${what}: not known, as ${whyUnknown(reading.unknown)}.</p>
`
  if (!isThere(reading.value))
    return html`<p class="note">${what}: there is nothing to draw.</p>
`
  return html`<div class="charts">
${reading.partial ? html`<p class="note">${what}: only a part of the facts could be read.</p>` : undefined}${draw(reading.value)}</div>
`
}

/** An audit says `job.runs: denied`, several of them with commas between. What is said in another way stays as it is. */
const whyUnknown = (why: string): string =>
  why
    .split(', ')
    .map((one) => {
      const [, token, reason] = /^([\w./-]+): ([\w-]+)$/.exec(one) ?? []
      return token === undefined || reason === undefined ? one : describeLost({ token, reason })
    })
    .join(', ')

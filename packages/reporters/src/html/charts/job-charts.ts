import type { AuditResult } from '@backproof/core/audit'
import { byteCount } from '@backproof/core/report'
import type { JobDay, JobDays } from '../../measures/shapes.js'
import { formatCount, plural } from '../../text/numbers.js'
import { type Content, html, type Markup } from '../markup.js'
import { table } from '../pieces.js'
import { percent } from '../words.js'
import { figureOf } from './figure.js'
import { limitOf } from './limits.js'
import { type LineChart, lineChart } from './line-chart.js'

/** Success rate, duration and size, day by day, and one table of all. */
export const jobCharts = ({ days }: JobDays, result: AuditResult): Content => [
  successRate(days, limitOf(result, 'job-success-rate', 'minPercent', 98)),
  durations(days),
  sizes(days),
  html`<details class="table"><summary>Backup jobs, day by day, as a table</summary>
${table(
  'Backup jobs by day, UTC',
  ['Day', 'Ended', 'Succeeded', 'Rate', 'Median duration', 'Bytes read'],
  days.map(({ day, ended, succeeded, medianMinutes, bytes }) => [
    day,
    formatCount(ended),
    formatCount(succeeded),
    ended === 0 ? NOT_KNOWN : percent(succeeded / ended),
    medianMinutes === null ? NOT_KNOWN : minutes(medianMinutes),
    bytes === null ? NOT_KNOWN : byteCount(bytes),
  ]),
  [1, 2, 3, 4, 5],
)}</details>
`,
]

const NOT_KNOWN = 'not known'

const successRate = (days: readonly JobDay[], limit: number): Markup => {
  const values = days.map(({ day, ended, succeeded }) => ({
    day,
    value: ended === 0 ? null : (100 * succeeded) / ended,
  }))
  const [ended, succeeded] = [sum(days.map((one) => one.ended)), sum(days.map((one) => one.succeeded))]
  const least = Math.min(limit, ...values.flatMap(({ value }) => value ?? []))
  const below = values.filter(({ value }) => value !== null && value < limit).length
  const said = `${formatCount(succeeded)} of ${plural(ended, 'run')} succeeded${ended === 0 ? '' : ` (${percent(succeeded / ended)})`}; ${below === 0 ? 'no day is' : below === 1 ? '1 day is' : `${formatCount(below)} days are`} below ${limit} %`
  return figureOf(
    'Success rate of backup jobs',
    said,
    lineChart({
      label: `Success rate of backup jobs by day: ${said}.`,
      values,
      from: Math.min(80, Math.floor(least / 20) * 20),
      to: 100,
      show: (value) => `${Math.round(value)} %`,
      limit: { value: limit, text: `${limit} %`, bad: 'below' },
    }),
  )
}

const durations = (days: readonly JobDay[]): Markup =>
  lineOf('Duration of backup jobs', 'Median of the day', {
    label: 'Median duration of backup jobs by day',
    values: days.map(({ day, medianMinutes }) => ({ day, value: medianMinutes })),
    words: minutes,
    show: minutes,
  })

const sizes = (days: readonly JobDay[]): Markup =>
  lineOf('Size of backups', 'Bytes read from sources in a day', {
    label: 'Bytes that backup jobs read by day',
    values: days.map(({ day, bytes }) => ({ day, value: bytes })),
    words: byteCount,
    show: axisBytes,
  })

/** A line with its range in words. Where nobody says any value, these words alone: an empty drawing looks like zeros. */
const lineOf = (
  title: string,
  what: string,
  { label, values, words, show }: LineChart & { readonly words: (value: number) => string },
): Markup => {
  const known = values.flatMap(({ value }) => value ?? [])
  const said = rangeOf(known, words)
  const drawing = known.length === 0 ? undefined : lineChart({ label: `${label}: ${said}.`, values, show })
  return figureOf(title, `${what}; ${said}`, drawing)
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

/** Short enough for an axis. */
const axisBytes = (bytes: number): string => (bytes === 0 ? '0' : byteCount(Math.round(bytes)))

const minutes = (value: number): string =>
  `${value >= 10 ? formatCount(Math.round(value)) : Number(value.toFixed(1))} min`

const rangeOf = (values: readonly number[], show: (value: number) => string): string => {
  const [first, last] = [values[0], values.at(-1)]
  if (first === undefined || last === undefined) return 'nobody says how much'
  return `first ${show(first)}, last ${show(last)}, at most ${show(Math.max(...values))}`
}

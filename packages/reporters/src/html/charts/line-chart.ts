import { type Content, html, type Markup } from '../markup.js'

export interface DayValue {
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** `null`: nobody says; the line has a gap there. */
  readonly value: number | null
}

export interface LineChart {
  /** What a reader who does not see it is told. */
  readonly label: string
  /** Ascending days. */
  readonly values: readonly DayValue[]
  /** The lower end of the axis; default 0. */
  readonly from?: number | undefined
  /** The upper end; default: a round number above all values. */
  readonly to?: number | undefined
  readonly show: (value: number) => string
  /** A line that should not be crossed, and from which side: values beyond it are marked. */
  readonly limit?: { readonly value: number; readonly text: string; readonly bad: 'above' | 'below' } | undefined
}

/** Units of the drawing, which is as wide as its place. */
const WIDTH = 420
const HEIGHT = 170
const LEFT = 58
/** Room for the text of a limit. */
const RIGHT = 40
const TOP = 12
const BOTTOM = 26
const STEPS = 4
const DAY_MS = 86_400_000
/** With more points than this, only those that are alone or beyond the limit are dots. */
const MOST_DOTS = 45

/** A line over days, drawn without a script. */
export const lineChart = ({ label, values, from = 0, to, show, limit }: LineChart): Markup => {
  const known = values.filter((one): one is DayValue & { readonly value: number } => one.value !== null)
  const most = Math.max(limit?.value ?? 0, ...known.map(({ value }) => value))
  const top = to ?? roundAbove(most)
  const first = Date.parse(values[0]!.day) / DAY_MS
  const days = Math.max(1, Date.parse(values.at(-1)!.day) / DAY_MS - first)
  const x = (day: string): number =>
    values.length === 1
      ? (LEFT + WIDTH - RIGHT) / 2
      : LEFT + ((Date.parse(day) / DAY_MS - first) / days) * (WIDTH - LEFT - RIGHT)
  const y = (value: number): number => HEIGHT - BOTTOM - ((value - from) / (top - from || 1)) * (HEIGHT - TOP - BOTTOM)
  const beyond = (value: number): boolean =>
    limit !== undefined && (limit.bad === 'above' ? value > limit.value : value < limit.value)
  const alone = (i: number): boolean =>
    (values[i - 1]?.value ?? null) === null && (values[i + 1]?.value ?? null) === null
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${grid(from, top, y, show)}${dayLabels(values)}${limit === undefined ? undefined : limitLine(limit, y)}<path class="line" d="${pathOf(values, x, y)}"/>
${values.map(({ day, value }, i) =>
  value !== null && (beyond(value) || alone(i) || values.length <= MOST_DOTS)
    ? html`<circle class="${beyond(value) ? 'dot bad' : 'dot'}" cx="${at(x(day))}" cy="${at(y(value))}" r="${beyond(value) ? 2.6 : 1.8}"/>`
    : undefined,
)}
</svg>`
}

/** One digit after the point is enough for a screen. */
const at = (value: number): string => value.toFixed(1)

const pathOf = (values: readonly DayValue[], x: (day: string) => number, y: (value: number) => number): string =>
  values
    .map(({ day, value }, i) =>
      value === null ? '' : `${(values[i - 1]?.value ?? null) === null ? 'M' : 'L'}${at(x(day))} ${at(y(value))}`,
    )
    .join('')

const grid = (from: number, top: number, y: (value: number) => number, show: (value: number) => string): Content =>
  Array.from({ length: STEPS + 1 }, (_, i) => {
    const value = from + ((top - from) * i) / STEPS
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(value))}" y2="${at(y(value))}"/><text class="axis end" x="${LEFT - 6}" y="${at(y(value) + 3.5)}">${show(value)}</text>
`
  })

const dayLabels = (values: readonly DayValue[]): Content => {
  const [first, last] = [values[0]!.day, values.at(-1)!.day]
  const y = HEIGHT - 8
  return first === last
    ? html`<text class="axis middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${y}">${first}</text>
`
    : html`<text class="axis" x="${LEFT}" y="${y}">${first}</text><text class="axis end" x="${WIDTH - RIGHT}" y="${y}">${last}</text>
`
}

const limitLine = ({ value, text }: NonNullable<LineChart['limit']>, y: (value: number) => number): Markup =>
  html`<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(value))}" y2="${at(y(value))}"/><text class="limit-text" x="${WIDTH - RIGHT + 5}" y="${at(y(value) + 3.5)}">${text}</text>
`

/** A number that divides well into the steps of the grid. */
const roundAbove = (value: number): number => {
  if (!(value > 0)) return STEPS
  const unit = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((one) => one * unit >= value) ?? 10
  return factor * unit
}

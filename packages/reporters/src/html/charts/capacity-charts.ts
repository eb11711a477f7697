import type { AuditResult } from '@backproof/core/audit'
import { byteCount } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import type { CapacityDays, StoreCapacity } from '../../measures/shapes.js'
import { plural } from '../../text/numbers.js'
import { type Content, html, type Markup } from '../markup.js'
import { table } from '../pieces.js'
import { percent } from '../words.js'
import { figureOf } from './figure.js'
import { limitOf } from './limits.js'
import { lineChart } from './line-chart.js'

/** How full stores are, a drawing each; against their limits where they have some. */
export const capacityCharts = ({ stores, storesOmitted }: CapacityDays, result: AuditResult): Content => {
  const limit = limitOf(result, 'capacity-utilization', 'warnPercent', 80)
  const drawn = stores.filter(({ days }) => days.length > 0)
  return [
    drawn.map((store) => storeChart(store, limit)),
    storesOmitted === 0
      ? undefined
      : html`<p class="note">${plural(storesOmitted, 'further store')} not shown: these are the fullest.</p>`,
    drawn.length === 0
      ? undefined
      : html`<details class="table"><summary>Capacity at the end, as a table</summary>
${table(
  'Capacity of stores, by the last sample',
  ['Store', 'Day', 'Used', 'Limit', 'Full'],
  drawn.map(({ store, days }) => {
    const { day, usedBytes, limitBytes } = days.at(-1)!
    return [
      escapeKey(store),
      day,
      byteCount(usedBytes),
      limitBytes === null ? 'none is known' : byteCount(limitBytes),
      limitBytes === null || limitBytes === 0 ? 'not known' : percent(usedBytes / limitBytes),
    ]
  }),
  [2, 3, 4],
)}</details>
`,
  ]
}

const storeChart = ({ store, days }: StoreCapacity, limit: number): Markup => {
  const name = escapeKey(store)
  const last = days.at(-1)!
  const limited = days.some(({ limitBytes }) => limitBytes !== null && limitBytes > 0)
  if (!limited) {
    const said = `${byteCount(last.usedBytes)} used on ${last.day}; no limit is known`
    return figureOf(
      `Capacity of ${name}`,
      said,
      lineChart({
        label: `Bytes used of ${name} by day: ${said}.`,
        values: days.map(({ day, usedBytes }) => ({ day, value: usedBytes })),
        show: (value) => (value === 0 ? '0' : byteCount(Math.round(value))),
      }),
    )
  }
  const values = days.map(({ day, usedBytes, limitBytes }) => ({
    day,
    value: limitBytes === null || limitBytes === 0 ? null : (100 * usedBytes) / limitBytes,
  }))
  const above = values.filter(({ value }) => value !== null && value > limit).length
  const now = values.at(-1)!.value
  const said = `${now === null ? 'How full it is at the end is not known' : `${percent(now / 100)} full on ${last.day}`}; ${above === 0 ? 'on no day' : `on ${plural(above, 'day')}`} above ${limit} %`
  return figureOf(
    `Capacity of ${name}`,
    said,
    lineChart({
      label: `How full ${name} is by day: ${said}.`,
      values,
      to: Math.max(100, ...values.map(({ value }) => Math.ceil((value ?? 0) / 20) * 20)),
      show: (value) => `${Math.round(value)} %`,
      limit: { value: limit, text: `${limit} %`, bad: 'above' },
    }),
  )
}

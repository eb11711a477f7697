import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LineChart, lineChart } from '../../../src/html/charts/line-chart.js'
import { markupText } from '../../../src/html/markup.js'

const drawn = (chart: Partial<LineChart> & Pick<LineChart, 'values'>): string =>
  markupText(lineChart({ label: 'a line', show: (value) => `${value}`, ...chart }))

const dots = (text: string): readonly (readonly [style: string, x: number, y: number])[] =>
  [...text.matchAll(/<circle class="([^"]*)" cx="([^"]*)" cy="([^"]*)"/g)].map(([, style, x, y]) => [
    style!,
    Number(x),
    Number(y),
  ])

const path = (text: string): string => /<path class="line" d="([^"]*)"/.exec(text)?.[1] ?? ''

const days = (values: readonly (number | null)[]): LineChart['values'] =>
  values.map((value, i) => ({ day: new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10), value }))

describe('lineChart', () => {
  it('draws later days further right, and more further up, within its frame', () => {
    const [first, second] = dots(drawn({ values: days([10, 40]) }))
    expect(second![1]).toBeGreaterThan(first![1])
    expect(second![2]).toBeLessThan(first![2])
  })

  it('keeps the distance between days that have others missing between them', () => {
    const [first, second, last] = dots(
      drawn({
        values: [
          { day: '2026-01-01', value: 1 },
          { day: '2026-01-02', value: 1 },
          { day: '2026-01-11', value: 1 },
        ],
      }),
    ).map(([, x]) => x)
    expect((last! - first!) / (second! - first!)).toBeCloseTo(10, 0)
  })

  it('leaves a gap where nobody says, and shows a value that stands alone', () => {
    const text = drawn({ values: days([...Array.from({ length: 60 }, () => 5), null, 5, null, 5, 5]) })
    expect(path(text).match(/M/g)).toHaveLength(3)
    expect(dots(text)).toHaveLength(1)
  })

  it('marks what is beyond the limit, on the side that is bad', () => {
    const values = days([70, 80, 90])
    const styles = (bad: 'above' | 'below'): readonly string[] =>
      dots(drawn({ values, limit: { value: 80, text: '80 %', bad } })).map(([style]) => style)
    expect(styles('above')).toEqual(['dot', 'dot', 'dot bad'])
    expect(styles('below')).toEqual(['dot bad', 'dot', 'dot'])
  })

  it('draws the limit where a value of the same size would be', () => {
    const text = drawn({ values: days([80, 10]), limit: { value: 80, text: '80 %', bad: 'above' } })
    expect(Number(/<line class="limit" [^>]*y1="([^"]*)"/.exec(text)?.[1])).toBe(dots(text)[0]![2])
    expect(text).toContain('>80 %</text>')
  })

  it('stays within its frame, whatever the values, and draws no number that is none', () => {
    const value = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e18, noNaN: true }), fc.nat(100))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const text = drawn({ values: days(values), limit: { value: 80, text: '80 %', bad: 'above' } })
        expect(text).not.toMatch(/NaN|Infinity/)
        for (const [, x, y] of dots(text)) {
          expect(x).toBeGreaterThanOrEqual(58)
          expect(x).toBeLessThanOrEqual(380)
          expect(y).toBeGreaterThanOrEqual(12)
          expect(y).toBeLessThanOrEqual(144)
        }
      }),
      { numRuns: 60 },
    )
  })
})

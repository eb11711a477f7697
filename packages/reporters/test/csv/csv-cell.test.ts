import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvLine } from '../../src/csv/csv-cell.js'
import { HOSTILE, hostileName } from '../support/hostile.js'

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

it('reads back as it was, but for an apostrophe before what a spreadsheet would run', () => {
  const text = fc.oneof(hostileName, fc.string({ unit: 'binary' })).map((cell) => cell.toWellFormed())
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (cells) => {
      const [read, ...more] = parse(csvLine(cells), { recordDelimiter: '\r\n' }) as string[][]
      expect(more).toEqual([])
      expect(read).toEqual(cells.map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell)))
    }),
  )
})

it.each(['=1+1', '+1', '-1', '@A1', '\t=1', '\r=1', '\n=1', ' =1', '\uff1d1', "=cmd|' /C calc'!A0"])(
  'guards %j',
  (cell) => {
    expect(csvLine([cell])).toBe(`"'${cell}"\r\n`)
  },
)

it.each(['a=1', "'=1", '"=1', '1-1', ''])('leaves %j alone', (cell) => {
  expect(csvLine([cell])).toBe(`"${cell.replaceAll('"', '""')}"\r\n`)
})

it('lets no hostile name out of its cell', () => {
  for (const name of HOSTILE) {
    const rows = parse(csvLine(['a', name, 'b']) + csvLine(['c', 'd', 'e']), { recordDelimiter: '\r\n' }) as string[][]
    expect(rows.map(({ length }) => length)).toEqual([3, 3])
    expect(rows[0]![2]).toBe('b')
  }
})

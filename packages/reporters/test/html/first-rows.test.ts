import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFirstRows } from '../../src/html/first-rows.js'
import { compareGroups, type PageRow } from '../../src/html/page-data.js'

describe('createFirstRows', () => {
  it('keeps what sorting all of them would have first', () => {
    const aRow = fc.record({ standing: fc.nat(2), severity: fc.nat(2), rule: fc.constantFrom('a', 'b') })
    fc.assert(
      fc.property(fc.array(aRow, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (some, limit) => {
        const rows = some.map((row, i) => ({ ...row, name: String(i) }) as PageRow)
        const first = createFirstRows(limit)
        for (const row of rows) first.add(row)
        expect(first.rows()).toEqual([...rows].sort(compareGroups).slice(0, limit))
      }),
    )
  })
})

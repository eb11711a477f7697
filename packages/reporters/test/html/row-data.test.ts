import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PackedRows, type PageRow, SEVERITY_NAMES, STANDINGS, unpackRow } from '../../src/html/page-data.js'
import { createRowPacker, pageRow } from '../../src/html/row-data.js'
import type { ReportRow } from '../../src/index.js'
import { hostileName } from '../support/hostile.js'

const texts = [
  'rule',
  'title',
  'kind',
  'name',
  'id',
  'subject',
  'message',
  'text',
  'action',
  'waiver',
  'place',
  'fingerprint',
] as const

const aRow: fc.Arbitrary<PageRow> = fc.record({
  standing: fc.nat({ max: STANDINGS.length - 1 }),
  severity: fc.nat({ max: SEVERITY_NAMES.length - 1 }),
  ...(Object.fromEntries(texts.map((name) => [name, fc.oneof(fc.constantFrom('', 'a', 'b'), hostileName)])) as Record<
    (typeof texts)[number],
    fc.Arbitrary<string>
  >),
  evidence: fc.array(hostileName),
  omitted: fc.nat(),
})

const unpacked = (pieces: readonly string[]): readonly PageRow[] => {
  const known: string[] = []
  return pieces.flatMap((piece) => {
    const { texts: more, rows } = JSON.parse(piece) as PackedRows
    known.push(...more)
    return rows.map((row) => unpackRow(row, known))
  })
}

const row: ReportRow = {
  status: 'fail',
  severity: 'high',
  rule: 'a-rule',
  title: 'A rule',
  target: { kind: 'asset', id: 'shop' },
  message: 'bad',
  text: 'it is bad',
  evidence: [],
  evidenceOmitted: 0,
  fingerprint: '0'.repeat(32),
}

describe('createRowPacker', () => {
  it('packs rows that unpack to the same, piece by piece', () => {
    fc.assert(
      fc.property(fc.array(fc.array(aRow, { maxLength: 4 }), { maxLength: 4 }), (pieces) => {
        expect(unpacked(pieces.map(createRowPacker()))).toEqual(pieces.flat())
      }),
      { numRuns: 50 },
    )
  })

  it('writes a text once that many rows have, until it knows 10,000', () => {
    const page = pageRow({ ...row, title: 'told once' })
    const pack = createRowPacker()
    expect([pack([page, page]), pack([page])].join('').split('told once')).toHaveLength(2)
    const many = Array.from({ length: 12_000 }, (_, i) => ({ ...page, subject: `s${i}` }))
    expect((JSON.parse(pack(many)) as PackedRows).texts.length).toBeLessThan(10_000)
    expect(unpacked([createRowPacker()(many)])).toEqual(many)
  })
})

describe('pageRow', () => {
  it('says of a waived failure that it is waived, and of a status that nobody knows that it is not known', () => {
    const waiver = { id: 'w', reason: 'known', approver: 'Dana', expires: '2026-12-01T00:00:00.000Z' }
    expect(STANDINGS[pageRow({ ...row, waiver }).standing]).toBe('waived')
    expect(pageRow({ ...row, waiver }).waiver).toBe('until 2026-12-01T00:00:00.000Z by Dana: known (waiver w)')
    expect(STANDINGS[pageRow({ ...row, status: 'splendid' as never }).standing]).toBe('unknown')
    expect(STANDINGS[pageRow({ ...row, status: 'pass' }).standing]).toBe('pass')
  })

  it('shows the name of a target, and its id beside it where that is another', () => {
    expect(pageRow(row)).toMatchObject({ name: 'shop', id: '' })
    expect(pageRow({ ...row, target: { kind: 'asset', id: 'a\u202eb', name: 'The shop' } })).toMatchObject({
      name: 'The shop',
      id: 'a\\u202eb',
    })
  })
})

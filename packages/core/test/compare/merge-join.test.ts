import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeJoin } from '../../src/compare/merge-join.js'
import type { JoinEntry, Row } from '../../src/compare/row.js'
import { compareKeys } from '../../src/source/key.js'

const entry = (key: string): JoinEntry => ({ key, entry: { key, ref: key, kind: 'object', size: key.length } })
const blind = (key: string): JoinEntry => ({
  key,
  entry: { key, ref: key, kind: 'special', problem: { code: 'access-denied', message: 'denied' } },
})

async function* paged(entries: readonly JoinEntry[], size: number): AsyncGenerator<readonly JoinEntry[]> {
  for (let i = 0; i < entries.length; i += size) yield entries.slice(i, i + size)
}

const join = async (sides: readonly (readonly JoinEntry[])[], page: number, rows: number): Promise<Row[]> => {
  const out: Row[] = []
  for await (const batch of mergeJoin(
    sides.map((side) => paged(side, page)),
    { rows, bytes: 1_000_000 },
  ))
    out.push(...batch)
  return out
}

const keys = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
    fc.constantFrom('a', 'b', 'a/b', 'a.b', '\uffee', '😀'),
  ),
  {
    maxLength: 40,
  },
)

describe('mergeJoin', () => {
  it('gives the rows of a naive map, whatever the pages and batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(keys, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        async (sets, page, rows) => {
          const sides = sets.map((set) => [...set].sort(compareKeys).map(entry))
          const all = [...new Set(sets.flat())].sort(compareKeys)
          const joined = await join(sides, page, rows)
          expect(joined.map((row) => row.key)).toEqual(all)
          for (const row of joined) {
            expect(row.entries.map((side) => side?.key)).toEqual(
              sets.map((set) => (set.includes(row.key) ? row.key : undefined)),
            )
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('cuts batches by rows and by bytes', async () => {
    const side = ['a', 'b', 'c', 'd', 'e'].map(entry)
    const batches: number[] = []
    for await (const batch of mergeJoin([paged(side, 2)], { rows: 2, bytes: 100 })) batches.push(batch.length)
    expect(batches).toEqual([2, 2, 1])
    batches.length = 0
    for await (const batch of mergeJoin([paged(side, 5)], { rows: 100, bytes: 3 })) batches.push(batch.length)
    expect(batches).toEqual([3, 2])
  })

  it('knows what a folder that cannot be listed hides, on its side only', async () => {
    const rows = await join([['a', 'd/x', 'd/y', 'e'].map(entry), [entry('a'), blind('d/'), entry('d0')]], 2, 10)
    expect(rows.map((row) => [row.key, row.hidden?.map((problem) => problem?.code)])).toEqual([
      ['a', undefined],
      ['d/', undefined],
      ['d/x', [undefined, 'access-denied']],
      ['d/y', [undefined, 'access-denied']],
      ['d0', undefined],
      ['e', undefined],
    ])
  })

  it('lets a silent entry hide without being a row', async () => {
    const rows = await join([['d/x'].map(entry), [{ ...blind('d/'), silent: true }]], 2, 10)
    expect(rows.map((row) => row.key)).toEqual(['d/x'])
    expect(rows[0]!.hidden?.[1]?.code).toBe('access-denied')
  })

  it('releases every side when the consumer leaves or a side fails', async () => {
    let released = 0
    async function* side(fail: boolean): AsyncGenerator<readonly JoinEntry[]> {
      try {
        yield [entry('a')]
        if (fail) throw new Error('listing failed')
        yield [entry('b')]
      } finally {
        released += 1
      }
    }
    for await (const _ of mergeJoin([side(false), side(false)], { rows: 1, bytes: 1 })) break
    expect(released).toBe(2)
    await expect(async () => {
      for await (const _ of mergeJoin([side(false), side(true)], { rows: 100, bytes: 100 }));
    }).rejects.toThrow('listing failed')
    expect(released).toBe(4)
  })
})

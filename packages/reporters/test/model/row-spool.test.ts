import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRowSpool, type RowSpool } from '../../src/index.js'
import { hostileName } from '../support/hostile.js'

const read = async <F>(spool: RowSpool<F>): Promise<F[]> => {
  const rows: F[] = []
  for await (const page of spool.rows()) rows.push(...page)
  return rows
}

it('gives back what was added, in its order, as often as asked', async () => {
  const pages = fc.array(fc.array(fc.record({ key: hostileName, n: fc.integer() }), { maxLength: 5 }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(pages, async (added) => {
      await using spool = createRowSpool<{ key: string; n: number }>()
      for (const page of added) await spool.add(page)
      const rows = await Promise.all([read(spool), read(spool)])
      expect(rows).toEqual([added.flat(), added.flat()])
    }),
    { numRuns: 50 },
  )
})

it('keeps what is more than a few megabytes on disk, and leaves nothing there', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'backproof-spool-'))
  try {
    const spool = createRowSpool<{ key: string; i: number }>({ tempDirectory: directory })
    // Characters of two and four bytes lie across the pieces that are read.
    const page = (i: number) => Array.from({ length: 100 }, (_, j) => ({ key: 'ключ😀'.repeat(40), i: i * 100 + j }))
    for (let i = 0; i < 150; i += 1) await spool.add(page(i))
    const rows = await read(spool)
    expect(rows.map(({ i }) => i)).toEqual(Array.from({ length: 15_000 }, (_, i) => i))
    expect(rows.every(({ key }) => key === 'ключ😀'.repeat(40))).toBe(true)
    await spool[Symbol.asyncDispose]()
    expect(readdirSync(directory)).toEqual([])
  } finally {
    await rm(directory, { recursive: true })
  }
})

it('says which directory it cannot use', async () => {
  await using spool = createRowSpool<{ key: string }>({ tempDirectory: join(tmpdir(), 'not', 'there') })
  const large = Array.from({ length: 50 }, () => ({ key: 'x'.repeat(100_000) }))
  await expect(spool.add(large)).rejects.toMatchObject({ code: 'invalid-config' })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareItems } from '../../src/audit/engine/item-order.js'
import { historySchema, type JobRun, jobLines, writeJobLines } from '../../src/history/index.js'
import { lineSource } from '../../src/history/line-source.js'
import { writeLines } from '../../src/history/line-writer.js'
import { jobRunRow } from '../../src/history/rows.js'
import { itemOf, ROWS } from './arbitrary-rows.js'
import { NOW, readAll, readItems } from './read-lines.js'

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

/** What is written, as lines. */
const written = async <T>(write: (to: PassThrough) => Promise<T>): Promise<string[]> => {
  const to = new PassThrough()
  const chunks: Buffer[] = []
  to.on('data', (chunk: Buffer) => chunks.push(chunk))
  await write(to)
  const text = Buffer.concat(chunks).toString('utf8')
  expect(text.endsWith('\n')).toBe(true)
  return text.slice(0, -1).split('\n')
}

describe('what is written', () => {
  const schema = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(historySchema())

  for (const row of ROWS) {
    it(`is read as it was, and is what the schema describes: ${row.history.name}`, async () => {
      const pages = fc.array(fc.array(itemOf(row), { maxLength: 4 }), { maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(pages, async (given) => {
          const lines = await written((to) => writeLines('write', row, { pages: given, to }))
          for (const line of lines) {
            const valid = schema(JSON.parse(line))
            expect(valid ? [] : [line, schema.errors]).toEqual([])
            // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal or a reader of lines could misread
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e\ufeff]/)
          }
          expect(await readItems(lineSource('read', row, { lines: () => lines }))).toEqual(given.flat())
        }),
        { numRuns: 60 },
      )
    })

    it(`keeps the order that is promised, and refuses another: ${row.history.name}`, async () => {
      const compare = compareItems(row.history)
      await fc.assert(
        fc.asyncProperty(fc.array(itemOf(row), { minLength: 2, maxLength: 8 }), async (items) => {
          const sorted = items.toSorted(compare)
          const options = { order: 'target-time' as const, pages: [sorted] }
          const lines = await written((to) => writeLines('write', row, { ...options, to }))
          const { traits, items: read } = await readAll(lineSource('read', row, { lines: () => lines }))
          expect(traits.order).toBe('target-time')
          expect(read).toEqual(sorted)
          const backwards = sorted.toReversed()
          fc.pre(compare(backwards[0], backwards.at(-1)) !== 0)
          const wrong = writeLines('write', row, { ...options, pages: [backwards], to: new PassThrough().resume() })
          await expect(wrong).rejects.toMatchObject({ code: 'invalid-config' })
        }),
        { numRuns: 30 },
      )
    })
  }

  it('comes back from files, plain and gzip, wherever their chunks end', async () => {
    const run = (i: number): JobRun => ({
      id: `${i}`,
      asset: 'größe/\udc80 \u2028 \u{1f4be}',
      start: NOW + i,
      status: 'success',
      rawStatus: '\u{1f4be}'.repeat(i % 97),
    })
    const runs = Array.from({ length: 3_000 }, (_, i) => run(i))
    for (const name of ['runs.jsonl', 'runs.jsonl.gz']) {
      const path = join(temp, name)
      expect(await writeJobLines({ pages: [runs.slice(0, 7), [], runs.slice(7)], to: path })).toEqual({ items: 3_000 })
      expect(await readItems(jobLines({ path }))).toEqual(runs)
    }
  })

  it('keeps what the header says', async () => {
    const header = { order: 'target-time', from: NOW - 5, asOf: NOW - 1, partial: true } as const
    const lines = await written((to) => writeJobLines({ pages: [], to, ...header }))
    expect(lines).toEqual([
      '{"schema":"backproof.history/v1","history":"job.runs","order":"target-time","from":"2026-11-22T11:59:59.995Z","asOf":"2026-11-22T11:59:59.999Z","partial":true}',
    ])
    const { traits } = await readAll(jobLines({ lines: () => lines, id: 'export' }))
    expect(traits).toEqual({
      order: 'target-time',
      source: 'export',
      from: NOW - 5,
      observedAt: NOW - 1,
      partial: true,
    })
  })
})

describe('reader and schema', () => {
  it('agree on every row, but for days that months do not have', async () => {
    const schema = new Ajv2020({ strict: true, strictRequired: false }).compile(historySchema())
    const broken = fc.constantFrom<unknown>(
      null,
      '',
      'x',
      '2026-11-01T03:00:00Z',
      -1,
      1.5,
      2 ** 53,
      true,
      [],
      ['a'],
      {},
      {
        count: 1,
      },
    )
    const names = fc.constantFrom(...Object.keys(jobRunRow.members), 'x-note', 'X-note', 'note')
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(itemOf(jobRunRow), names, broken, async (item, name, value) => {
        const [, line] = await written((to) => writeJobLines({ pages: [[item]], to }))
        const row: unknown = { ...(JSON.parse(line!) as object), [name]: value }
        const read = await readItems(jobLines({ lines: () => [JSON.stringify(row)] })).then(
          () => true,
          () => false,
        )
        if (read) accepted += 1
        expect({ row, accepted: read }).toEqual({ row, accepted: schema(row) })
      }),
      { numRuns: 200 },
    )
    expect(accepted).toBeGreaterThan(10)
    expect(accepted).toBeLessThan(190)
  })
})

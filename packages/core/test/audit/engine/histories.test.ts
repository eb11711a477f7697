import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defineRule } from '../../../src/audit/index.js'
import { BackupError } from '../../../src/errors.js'
import { asset, brief, DAY, enough, NOW, run, steady, type Tick, tick, ticking, ticks } from './parts.js'

const targets = [asset('a'), asset('b')]

/** Counts what all assets have together. */
const overall = defineRule({
  ...enough.meta,
  id: 'overall',
  scope: 'estate',
  options: {},
  messages: { seen: { status: 'pass', text: '{ticks} ticks of {assets}' } },
  folds: (fold) => ({
    all: fold(ticks, {
      init: () => [] as string[],
      step: (state, { asset: id }) => (state.at(-1) === id ? state : [...state, id]),
    }),
  }),
  evaluate: ({ folds: { all } }) => ({ message: 'seen', data: { ticks: all.items, assets: all.value.join(',') } }),
})

describe('histories', () => {
  it('come by target and time, whatever the order of their source', async () => {
    const items = [tick('b', 3), tick('a', 2), tick('b', 1, false), tick('a', 1)]
    for (const pages of [[items], [...items.map((item) => [item])], [[], items, []]]) {
      const { rows, result, report } = await run([steady()], [ticking(pages)], { targets })
      expect(rows.map(({ data }) => data)).toEqual([
        { ticks: 2, bad: 0, last: 'a2', order: 'a1;a2;' },
        { ticks: 2, bad: 1, last: 'b3', order: 'b1;b3;' },
      ])
      expect(result.histories).toEqual([
        { token: 'test.ticks', sources: ['ticking'], items: 4, unassigned: 0, duplicates: 0 },
      ])
      expect(report.telemetry).toMatchObject({ sortedItems: 4, spilledItems: 0 })
    }
  })

  it('that promise an order are not sorted, and are refused where they break it', async () => {
    const sorted = ticking([[tick('a', 1), tick('a', 2)], [tick('b', 1)]], { order: 'target-time' })
    const { rows, report } = await run([steady()], [sorted], { targets })
    expect(brief(rows)).toEqual(['a steady pass steady', 'b steady pass steady'])
    expect(report.telemetry.sortedItems).toBe(0)
    const broken = ticking([[tick('a', 2), tick('a', 1)]], { order: 'target-time' })
    await expect(run([steady()], [broken], { targets })).rejects.toMatchObject({ code: 'contract' })
  })

  it('of targets that are not audited are counted, and seen by rules of the estate', async () => {
    const items = [tick('0', 1), tick('a', 1), tick('aa', 1), tick('aa', 2), tick('b', 1), tick('z', 1)]
    const { rows, result } = await run([steady(), overall()], [ticking([items])], { targets })
    expect(result.histories[0]).toMatchObject({ items: 6, unassigned: 4 })
    expect(brief(rows)).toEqual(['a steady pass steady', 'b steady pass steady', 'estate overall pass seen'])
    expect(rows[2]?.text).toBe('6 ticks of 0,a,aa,b,z')
    const alone = await run([overall()], [ticking([items])], { targets: [] })
    expect(alone.rows[0]?.text).toBe('6 ticks of 0,a,aa,b,z')
  })

  it('from several sources are one; what two of them tell counts once, as the one observed later says', async () => {
    const old = ticking([[tick('a', 1), tick('a', 2, false)]], { source: 'old', observedAt: NOW - 1 })
    const fresh = ticking([[tick('a', 2, true), tick('a', 3)]], { source: 'new' })
    for (const sources of [
      [old, fresh],
      [fresh, old],
    ]) {
      const { rows, result } = await run([steady()], sources, { targets: [asset('a')] })
      expect(rows[0]).toMatchObject({ status: 'pass', data: { order: 'a1;a2;a3;' }, facts: [{ source: 'new, old' }] })
      expect(result.histories[0]).toMatchObject({ items: 3, duplicates: 1, sources: ['new', 'old'] })
    }
  })

  it('without items are known, and the rule decides', async () => {
    expect(brief((await run([steady()], [ticking([])], { targets })).rows)).toEqual([
      'a steady unknown silent',
      'b steady unknown silent',
    ])
  })

  it('that nobody gives, cannot be described, or are stale make their rules unknown', async () => {
    const failing = {
      ...ticking([]),
      describe: () => Promise.reject(new BackupError({ code: 'access-denied', message: 'no' })),
    }
    const cases = [
      [[], 'not-collected'],
      [[failing], 'denied'],
      [[ticking([[tick('a', 1)]], { observedAt: NOW - DAY - 1 })], 'stale'],
      [[ticking([[tick('a', 1)]]), failing], 'denied'],
    ] as const
    for (const [sources, reason] of cases) {
      const { rows } = await run([steady()], sources, { targets: [asset('a')] })
      expect(rows[0]).toMatchObject({ status: 'unknown', facts: [{ token: 'test.ticks', reason }] })
    }
  })

  it('of which a part is missing never pass', async () => {
    const { rows } = await run([steady()], [ticking([[tick('a', 1), tick('b', 1, false)]], { partial: true })], {
      targets,
    })
    expect(brief(rows)).toEqual(['a steady unknown fact-partial', 'b steady fail unsteady'])
  })

  it('that break off leave what is not judged yet unknown', async () => {
    const breaking = {
      ...ticking([], { order: 'target-time' }),
      read: async function* () {
        yield [tick('a', 1)]
        throw new BackupError({ code: 'corrupt', message: 'line 7 is no JSON' })
      },
    }
    const { rows } = await run([steady(), overall()], [breaking], { targets })
    expect(rows.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(rows[1]?.facts?.[0]).toMatchObject({ state: 'unknown', reason: 'failed', detail: 'line 7 is no JSON' })
  })

  it('with items that are none are refused', async () => {
    for (const item of [null, { asset: 'a', id: 'x' }, { asset: 1, at: 1, id: 'x' }, tick('a', Number.NaN)])
      await expect(run([steady()], [ticking([[item as Tick]])], { targets })).rejects.toMatchObject({
        code: 'contract',
      })
  })

  it('may not be folded by rules of another kind', async () => {
    const rule = { ...steady(), meta: { ...steady.meta, scope: 'store' } }
    await expect(run([rule], [], { targets })).rejects.toThrow('folds the history test.ticks of the kind asset')
  })

  it('with long texts are weighed by them', async () => {
    const long = 'x'.repeat(100_000)
    const items = Array.from({ length: 500 }, (_, i) => ({ ...tick('a', NOW - i), note: long }))
    const { report } = await run([steady()], [ticking([items])], { targets: [asset('a')] })
    expect(report.telemetry.spilledItems).toBeGreaterThan(0)
  })

  it('larger than memory go to disk, and nothing stays there', async () => {
    const temp = await mkdtemp(join(tmpdir(), 'backproof-audit-'))
    try {
      const count = 120_000
      const pages = Array.from({ length: count / 1_000 }, (_, page) =>
        Array.from({ length: 1_000 }, (_, i) => {
          const n = ((page * 1_000 + i) * 48_271) % count
          return tick(`a${n % 100}`, n, true, `${n}`.padEnd(400, '.'))
        }),
      )
      const hundred = Array.from({ length: 100 }, (_, i) => asset(`a${i}`))
      // Not `steady`: it keeps the ids.
      const { report, rows } = await run([overall()], [ticking(pages)], { targets: hundred, tempDirectory: temp })
      expect(rows[0]?.data).toMatchObject({ ticks: count })
      expect(report.telemetry.sortedItems).toBe(count)
      expect(report.telemetry.spilledItems).toBeGreaterThan(0)
      expect(await readdir(temp)).toEqual([])
    } finally {
      await rm(temp, { recursive: true, force: true })
    }
  })
})

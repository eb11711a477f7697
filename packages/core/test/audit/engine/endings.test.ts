import { getEventListeners } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type AuditCollector,
  type AuditOptions,
  type AuditRule,
  audit,
  type HistorySource,
} from '../../../src/audit/index.js'
import { canonicalJson } from '../../../src/report/canonical.js'
import { asset, counting, doing, enough, known, NOW, run, steady, type Tick, tick, ticking } from './parts.js'

const targets = Array.from({ length: 200 }, (_, i) => asset(`a${String(i).padStart(3, '0')}`))
const after = <T>(act: () => void, value: T): T => {
  act()
  return value
}
const never = (): Promise<never> => new Promise(() => undefined)

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backproof-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Many items in no order: more than memory takes, so that they go to disk. */
const many = (onPage: (page: number) => void, onEnd: () => void = () => undefined): HistorySource<Tick> => ({
  ...ticking([]),
  read: async function* () {
    try {
      for (let page = 0; page < 150; page++) {
        onPage(page)
        yield Array.from({ length: 1_000 }, (_, i) =>
          tick(targets[(page * 7 + i * 13) % 200]!.id, NOW - i, true, `${page} ${'x'.repeat(400)}`),
        )
      }
    } finally {
      onEnd()
    }
  },
})

/** Calls `abort` where each place of a run is reached. */
const places: Record<
  string,
  (abort: () => void) => {
    readonly rules: readonly AuditRule[]
    readonly collectors: readonly AuditCollector[]
    readonly targets?: AuditOptions['targets']
  }
> = {
  'before it begins': (abort) => {
    abort()
    return { rules: [enough()], collectors: [] }
  },
  'targets are looked for': (abort) => ({
    rules: [enough()],
    collectors: [{ ...counting(() => known(1)), discover: () => after(abort, never()) }],
    targets: undefined,
  }),
  'a history is described': (abort) => ({
    rules: [steady()],
    collectors: [{ ...ticking([]), describe: () => after(abort, never()) }],
  }),
  'a history hangs': (abort) => ({
    rules: [steady()],
    collectors: [
      {
        ...ticking([]),
        read: async function* () {
          abort()
          await never()
          yield []
        },
      },
    ],
  }),
  'a history in order hangs': (abort) => ({
    rules: [steady()],
    collectors: [
      {
        ...ticking([], { order: 'target-time' }),
        read: async function* () {
          yield [tick('a000', NOW)]
          abort()
          await never()
        },
      },
    ],
  }),
  'a history is sorted on disk': (abort) => ({
    rules: [steady()],
    collectors: [many((page) => page === 140 && abort())],
  }),
  'facts are collected': (abort) => ({
    rules: [enough()],
    collectors: [counting(({ id }) => (id === 'a100' ? after(abort, never()) : known(1)))],
  }),
  'a collector throws at once': (abort) => ({
    rules: [enough()],
    collectors: [
      {
        ...counting(() => known(1)),
        collect: () => {
          abort()
          throw new Error('at once')
        },
      },
    ],
  }),
  'a rule is asked': (abort) => ({ rules: [doing(() => after(abort, { message: 'fine' }))], collectors: [] }),
}

describe('an abort', () => {
  it.each(Object.keys(places))('while %s ends the run, and leaves nothing', async (place) => {
    const controller = new AbortController()
    const { signal } = controller
    const reason = new Error('enough of it')
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    let most = 0
    const add = signal.addEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      add(...given)
      most = Math.max(most, getEventListeners(signal, 'abort').length)
    }
    const { rules, collectors, ...more } = places[place]!(() => controller.abort(reason))
    const started = audit({
      rules,
      collectors,
      targets,
      tempDirectory: folder,
      signal,
      now: () => new Date(NOW),
      ...more,
    })
    const loop = async (): Promise<void> => {
      for await (const _ of started);
    }
    await expect(loop()).rejects.toBe(reason)
    const { result } = await started.report()
    expect(result.complete).toBe(false)
    expect(result.incomplete).toContainEqual({ reason: 'aborted' })
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(most).toBeLessThanOrEqual(1)
    expect(await readdir(folder)).toEqual([])
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('who leaves early', () => {
  it('closes the histories, also those on disk', async () => {
    const onEnd = vi.fn()
    const { signal } = new AbortController()
    const ordered: HistorySource<Tick> = {
      ...ticking([], { order: 'target-time' }),
      read: async function* () {
        try {
          for (const { id } of targets) yield [tick(id, NOW)]
        } finally {
          onEnd()
        }
      },
    }
    const started = audit({
      rules: [steady()],
      collectors: [many(() => undefined), ordered],
      targets,
      tempDirectory: folder,
      signal,
      now: () => new Date(NOW),
    })
    for await (const _ of started) break
    const { result, telemetry } = await started.report()
    expect(result.incomplete).toEqual([{ reason: 'left-early' }])
    expect(telemetry.spilledItems).toBeGreaterThan(0)
    expect(onEnd).toHaveBeenCalledOnce()
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a history that breaks off', () => {
  it('closes those beside it', async () => {
    const onEnd = vi.fn()
    const open: HistorySource<Tick> = {
      ...ticking([], { order: 'target-time' }),
      read: async function* () {
        try {
          yield [tick('a000', NOW)]
          yield [tick('a001', NOW)]
        } finally {
          onEnd()
        }
      },
    }
    const broken: HistorySource<Tick> = {
      ...ticking([], { order: 'target-time', source: 'broken' }),
      read: async function* () {
        yield await Promise.reject<never>(new Error('broken'))
      },
    }
    const { result } = await run([steady()], [broken, open], { targets: targets.slice(0, 2) })
    expect(result.totals.statuses).toMatchObject({ unknown: 2 })
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('is not described before those beside it have answered', async () => {
    const onAnswer = vi.fn()
    const slow = {
      ...ticking([]),
      describe: async () => {
        await new Promise((done) => setTimeout(done, 20))
        onAnswer()
        throw new Error('slow')
      },
    }
    const quick = { ...ticking([], { source: 'zz' }), describe: () => Promise.reject(new Error('quick')) }
    const { rows } = await run([steady()], [quick, slow as never], { targets: targets.slice(0, 1) })
    expect(onAnswer).toHaveBeenCalledOnce()
    // By the order of ids, whoever was first.
    expect(rows[0]!.facts).toMatchObject([{ detail: 'slow' }])
  })
})

describe('the same bytes', () => {
  const later = <T>(value: T): Promise<T> => new Promise((done) => setTimeout(done, Math.random() * 5, value))
  const parts = targets.slice(0, 40)
  const found = (id: string, tier: string, order: 1 | -1): AuditCollector => ({
    ...counting(
      ({ id: one }) =>
        later(
          one.endsWith('7') ? { state: 'unknown', reason: id } : known(Number(one.slice(1)), { partial: id === 'one' }),
        ),
      id,
    ),
    discover: () =>
      later(
        parts
          .toSorted((a, b) => order * (a.id < b.id ? -1 : 1))
          .map(({ id: one }) => asset(one, { tier, [tier]: true })),
      ),
  })
  const failing = (id: string, message: string): AuditCollector => ({
    ...counting(() => later(undefined), id),
    discover: () => later(0).then(() => Promise.reject(new Error(message))),
  })
  const sources = (): readonly AuditCollector[] => [
    found('one', 'gold', 1),
    found('two', 'tin', -1),
    found('three', 'lead', 1),
    failing('x', 'first'),
    failing('x', 'second'),
  ]
  const gold = (): AuditRule => ({
    ...doing(() => ({ message: 'bad', data: { why: 'gold' } })),
    select: { attributes: { tier: ['gold', 'tin'] } },
  })
  const waivers = ['b', 'a', 'c'].map((id) => ({
    id,
    select: { rule: 'doing' },
    reason: 'r',
    approver: 'p',
    expires: '2026-11-20',
  }))
  const at = async (concurrency: number, order: 1 | -1, size: number): Promise<string> => {
    const flip = <T>(list: readonly T[]): readonly T[] => (order === 1 ? list : list.toReversed())
    const items = flip(parts.flatMap(({ id }) => [tick(id, NOW - 2), tick(id, NOW - 1, false)]))
    const pages = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
      items.slice(i * size, (i + 1) * size),
    )
    const slow: HistorySource<Tick> = {
      ...ticking([]),
      read: async function* () {
        for (const page of pages) yield await later(page)
      },
    }
    const { rows, result } = await run(
      flip([enough(), steady(), gold()]),
      flip([...sources(), slow, ticking([items], { source: 'again' })]),
      { targets: undefined, waivers: flip(waivers), concurrency },
    )
    return canonicalJson([rows, result])
  }

  it('come of any concurrency, order, size of pages and delays', async () => {
    const one = await at(1, 1, 80)
    expect(one).toContain('"complete":false')
    expect(await Promise.all([at(1, -1, 3), at(4, 1, 7), at(4, -1, 1), at(32, 1, 80), at(32, -1, 20)])).toEqual(
      Array(5).fill(one),
    )
  })
})

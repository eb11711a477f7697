import { describe, expect, it } from 'vitest'
import { BackupError } from '../../src/errors.js'
import { abortable } from '../../src/run/abort.js'
import { createRun, RunIncomplete } from '../../src/run/create-run.js'

const pages = (log: string[], options: { failAt?: number; error?: Error; signal?: AbortSignal } = {}) =>
  createRun<number, { incomplete: unknown; log: string[] }>({
    signal: options.signal,
    async *findings(signal) {
      log.push('started')
      try {
        for (let i = 0; i < 5; i++) {
          signal.throwIfAborted()
          if (i === options.failAt) throw options.error
          yield [i]
        }
      } finally {
        log.push('released')
      }
    },
    report: (incomplete) => ({ incomplete, log }),
  })

describe('createRun', () => {
  it('is cold, and report() drains it', async () => {
    const log: string[] = []
    const run = pages(log)
    await Promise.resolve()
    expect(log).toEqual([])
    expect((await run.report()).incomplete).toBeUndefined()
    expect(log).toEqual(['started', 'released'])
    expect(await run.report()).toBe(await run.report())
  })

  it('yields everything once, to one consumer', async () => {
    const run = pages([])
    const seen: number[] = []
    for await (const page of run) seen.push(...page)
    expect(seen).toEqual([0, 1, 2, 3, 4])
    expect((await run.report()).incomplete).toBeUndefined()
    expect(() => run[Symbol.asyncIterator]()).toThrow('iterated once')
  })

  it('says incomplete when the loop is left early, and releases', async () => {
    const log: string[] = []
    const run = pages(log)
    for await (const _ of run) break
    expect(log).toEqual(['started', 'released'])
    expect((await run.report()).incomplete).toEqual({ reason: 'left-early' })
  })

  it('says incomplete when the consumer leaves while it waits for a page, and releases', async () => {
    let released = false
    const run = createRun<number, { incomplete: unknown }>({
      signal: undefined,
      async *findings(signal) {
        try {
          await abortable(new Promise<never>(() => undefined), signal)
        } finally {
          released = true
        }
      },
      report: (incomplete) => ({ incomplete }),
    })
    const iterator = run[Symbol.asyncIterator]()
    const waiting = iterator.next()
    const left = iterator.return?.()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    expect(await left).toEqual({ done: true, value: undefined })
    expect(released).toBe(true)
    expect((await run.report()).incomplete).toEqual({ reason: 'left-early' })
  })

  it('rejects the loop with signal.reason, and still reports', async () => {
    const controller = new AbortController()
    const run = pages([], { signal: controller.signal })
    const reason = new Error('stop now')
    await expect(async () => {
      for await (const page of run) if (page[0] === 2) controller.abort(reason)
    }).rejects.toBe(reason)
    expect((await run.report()).incomplete).toEqual({ reason: 'aborted' })
  })

  it('reports incomplete when it was aborted before it started', async () => {
    const run = pages([], { signal: AbortSignal.abort(new Error('early')) })
    expect((await run.report()).incomplete).toEqual({ reason: 'aborted' })
  })

  it('keeps what was found when a part failed, and rejects when nothing can be trusted', async () => {
    const original = new BackupError({ code: 'unavailable', message: 'gone' })
    const part = new RunIncomplete(
      { reason: 'failed', side: 'replica', replica: 0, error: original.toJSON() },
      original,
    )
    const run = pages([], { failAt: 3, error: part })
    expect((await run.report()).incomplete).toMatchObject({ reason: 'failed', side: 'replica' })
    await expect(async () => {
      for await (const _ of pages([], { failAt: 0, error: part }));
    }).rejects.toBe(original)
    const broken = new BackupError({ code: 'contract', message: 'order' })
    await expect(pages([], { failAt: 3, error: broken }).report()).rejects.toBe(broken)
  })

  it('adds one listener to the signal and takes it away', async () => {
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...args)
    }
    const run = pages([], { signal })
    for await (const page of run) if (page[0] === 1) expect(listeners).toBe(1)
    expect(listeners).toBe(0)
  })
})

it('warns of no listeners, however many waits there are at once', async () => {
  const warnings: string[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning.name)
  process.on('warning', onWarning)
  const run = createRun<number, number>({
    signal: undefined,
    async *findings(signal) {
      const waits = Array.from({ length: 40 }, (_, i) =>
        abortable(new Promise((resolve) => setTimeout(resolve, 5)), signal).then(() => i),
      )
      yield await Promise.all(waits)
    },
    report: () => 0,
  })
  await run.report()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})

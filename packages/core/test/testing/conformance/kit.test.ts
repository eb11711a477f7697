import { describe, expect, it } from 'vitest'
import { BackupError } from '../../../src/errors.js'
import type { BackupSource } from '../../../src/source/index.js'
import { type ConformanceHarness, conformanceCaseNames, sourceConformance } from '../../../src/testing/index.js'
import { memoryHarness } from './memory-harness.js'

const ONE = ['spec-version']

/** A harness that counts what is open. */
const counting = (wrap: (source: BackupSource) => BackupSource = (source) => source) => {
  const counts = { opened: 0, disposed: 0, closed: 0, openAtOnce: 0 }
  const inner = memoryHarness()
  const harness: ConformanceHarness = {
    ...inner,
    manyObjects: 60,
    largeBytes: 300_000,
    open: async (content) => {
      const source = await inner.open(content)
      counts.opened += 1
      counts.openAtOnce = Math.max(counts.openAtOnce, counts.opened - counts.disposed)
      let disposed = false
      return wrap({
        ...source,
        [Symbol.asyncDispose]: async () => {
          if (!disposed) counts.disposed += 1
          disposed = true
          await source[Symbol.asyncDispose]?.()
        },
      })
    },
    close: async () => {
      counts.closed += 1
    },
  }
  return { harness, counts }
}

describe('sourceConformance', () => {
  it('refuses names that no case has', async () => {
    expect(() => sourceConformance({ ...memoryHarness(), required: ['list-compleet'] })).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('list-compleet') }),
    )
    await expect(sourceConformance(memoryHarness()).run({ only: ['nothing'] })).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })

  it('gives every case a name of its own, and runs those that are asked for', async () => {
    expect(new Set(conformanceCaseNames).size).toBe(conformanceCaseNames.length)
    const seen: string[] = []
    const only = ['list-unique', 'spec-version']
    const report = await sourceConformance(memoryHarness()).run({ only, onResult: ({ name }) => seen.push(name) })
    expect(seen).toEqual(['spec-version', 'list-unique'])
    expect(report).toMatchObject({ ok: true, passed: 2, failed: 0, skipped: 0 })
  })

  it('never calls a run good in which nothing passed', async () => {
    const report = await sourceConformance(memoryHarness()).run({ only: ['scan-complete'] })
    expect(report).toMatchObject({ ok: false, passed: 0, failed: 0, skipped: 1 })
    expect(report.results[0]?.reason).toContain('no scan')
  })

  it('opens one source at a time, disposes of each, and closes after every case', async () => {
    const { harness, counts } = counting()
    const report = await sourceConformance(harness).run()
    expect(report.failed).toBe(0)
    expect(counts.openAtOnce).toBe(1)
    expect(counts.disposed).toBe(counts.opened)
    expect(counts.closed).toBeGreaterThanOrEqual(report.passed)
  })

  it('disposes and closes after a case that failed, and runs cases one by one when they are started together', async () => {
    const { harness, counts } = counting((source) => ({ ...source, specVersion: 'v2' as 'v1' }))
    const { cases } = sourceConformance(harness)
    const runs = await Promise.allSettled(cases.slice(0, 8).map((one) => one.run()))
    expect(runs.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(counts.openAtOnce).toBe(1)
    // One more: the large listing is opened for all cases, and closed by itself.
    expect(counts).toMatchObject({ disposed: counts.opened, closed: 9 })
  })

  it('tells what hangs, and stops on abort', async () => {
    const hanging: ConformanceHarness = { ...memoryHarness(), timeoutMs: 50, open: () => new Promise(() => undefined) }
    const report = await sourceConformance(hanging).run({ only: ONE })
    expect(report.results[0]).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('within 50 ms') })
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(sourceConformance(memoryHarness()).run({ signal })).rejects.toBe(reason)
  })

  it('tells errors of the harness as they are', async () => {
    const error = new BackupError({ code: 'access-denied', message: 'no place' })
    const refusing: ConformanceHarness = { ...memoryHarness(), open: () => Promise.reject(error) }
    expect((await sourceConformance(refusing).run({ only: ONE })).results[0]).toMatchObject({
      outcome: 'failed',
      error,
    })
    const stuck: ConformanceHarness = { ...memoryHarness(), close: () => Promise.reject(error) }
    expect((await sourceConformance(stuck).run({ only: ONE })).results[0]).toMatchObject({ outcome: 'failed', error })
  })
})

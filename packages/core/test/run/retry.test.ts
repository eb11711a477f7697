import { describe, expect, it } from 'vitest'
import { BackupError } from '../../src/errors.js'
import { abortable } from '../../src/run/abort.js'
import type { Progress } from '../../src/run/options.js'
import { orderedParallel } from '../../src/run/ordered-parallel.js'
import { createProgress } from '../../src/run/progress.js'
import { retryDelay, retryPolicy, withRetry } from '../../src/run/retry.js'

const { signal } = new AbortController()
const policy = retryPolicy({ attempts: 3, baseDelayMs: 1 })
const passing = new BackupError({ code: 'unavailable', message: 'passing' })

describe('withRetry', () => {
  it('tries again what may pass, as often as it was told', async () => {
    let tries = 0
    let retries = 0
    const flaky = async (): Promise<string> => {
      tries += 1
      if (tries < 3) throw passing
      return 'done'
    }
    expect(await withRetry(flaky, { policy, signal, onRetry: () => retries++ })).toBe('done')
    expect([tries, retries]).toEqual([3, 2])
    tries = -10
    await expect(withRetry(flaky, { policy, signal })).rejects.toBe(passing)
    expect(tries).toBe(-7)
  })

  it('does not try again what cannot succeed', async () => {
    let tries = 0
    const denied = async (): Promise<void> => {
      tries += 1
      throw new BackupError({ code: 'access-denied', message: 'no' })
    }
    await expect(withRetry(denied, { policy, signal })).rejects.toThrow('no')
    expect(tries).toBe(1)
  })

  it('waits at least what the service asked for, and never more than the ceiling otherwise', () => {
    const asked = new BackupError({ code: 'throttled', message: 'slow', retryAfterMs: 1_000 })
    for (let i = 0; i < 100; i++) {
      expect(retryDelay(asked, 2, policy)).toBeGreaterThanOrEqual(1_000)
      expect(retryDelay(passing, 12, retryPolicy({ maxDelayMs: 50 }))).toBeLessThanOrEqual(50)
    }
  })

  it('ends its wait when the signal aborts', async () => {
    const controller = new AbortController()
    const slow = retryPolicy({ baseDelayMs: 60_000, maxDelayMs: 60_000 })
    const waiting = withRetry(() => Promise.reject(passing), { policy: slow, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('stop')), 20)
    await expect(waiting).rejects.toThrow('stop')
  })
})

describe('abortable', () => {
  it('does not wait for a promise that never ends', async () => {
    const controller = new AbortController()
    const waiting = abortable(new Promise(() => undefined), controller.signal)
    controller.abort(new Error('stop'))
    await expect(waiting).rejects.toThrow('stop')
  })
})

describe('orderedParallel', () => {
  async function* numbers(log: number[] = []): AsyncGenerator<number> {
    for (let i = 0; i < 20; i++) {
      log.push(i)
      yield i
    }
  }

  it('keeps the order and the window', async () => {
    let running = 0
    let most = 0
    const out: number[] = []
    const map = async (i: number): Promise<number> => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, (i * 7) % 5))
      running -= 1
      return i
    }
    for await (const value of orderedParallel(numbers(), 4, map)) out.push(value)
    expect(out).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(most).toBe(4)
  })

  it('starts nothing after a failure and leaves nothing running', async () => {
    const log: number[] = []
    let running = 0
    const map = async (i: number): Promise<number> => {
      running += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
      running -= 1
      if (i === 2) throw new Error('third')
      return i
    }
    await expect(async () => {
      for await (const _ of orderedParallel(numbers(log), 3, map));
    }).rejects.toThrow('third')
    expect(running).toBe(0)
    expect(log.length).toBeLessThan(8)
  })
})

describe('createProgress', () => {
  it('estimates the rest from what is done, and is silent without a listener', async () => {
    const seen: Progress[] = []
    const progress = createProgress({ onProgress: (snapshot) => seen.push(snapshot), sides: 2 })
    progress.total(10, 1_000)
    for (let i = 0; i < 5; i++) progress.finished(`k${i}`, 100)
    await new Promise((resolve) => setTimeout(resolve, 30))
    progress.end()
    const last = seen.at(-1)!
    expect(last).toMatchObject({ objects: 5, bytes: 500, current: 'k4', totalObjects: 10, totalBytes: 1_000 })
    expect(last.remainingMs).toBeGreaterThan(10)
    expect(last.remainingMs).toBeLessThan(1_000)
    createProgress({ onProgress: undefined, sides: 1 }).end()
  })
})

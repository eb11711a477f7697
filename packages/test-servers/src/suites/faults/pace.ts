import { afterEach, expect, test } from 'vitest'
import type { Fault, FaultRequest } from '../../http/faults.js'
import type { FaultPlatform } from './platform.js'
import { KEYS, type Vault } from './vault.js'

/** How long a run waits before it asks again, by the clock of the server. */
export const pacedRetries = (vault: () => Vault, { operations, failures }: FaultPlatform): void => {
  const { list, read } = operations
  afterEach(() => {
    vault().fault()
  })

  /** Milliseconds between the first two requests of a kind, of which the first is told to slow down. */
  const gapAfter = async (
    operation: string,
    key: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<number> => {
    const arrivals: number[] = []
    vault().fault({
      operation,
      key,
      fault: () => {
        arrivals.push(performance.now())
        return arrivals.length === 1 ? { ...failures.throttled, headers } : undefined
      },
    })
    const told = await vault().compare(`paced ${operation}`, operation === read ? { require: 'read' } : {})
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0, retries: 1 })
    expect(arrivals).toHaveLength(2)
    return arrivals[1]! - arrivals[0]!
  }

  for (const [operation, key] of [
    [list, ''],
    [read, KEYS.plain],
  ] as const) {
    test(`${operation}: Retry-After of one second is waited for, though retries are quick`, async () => {
      const gap = await gapAfter(operation, key, { 'retry-after': '1' })
      expect(gap).toBeGreaterThanOrEqual(990)
      expect(gap).toBeLessThan(4_000)
    })
  }

  test('Retry-After as a date is waited for', async () => {
    // Dates have whole seconds: one to two from now.
    const date = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 1_000)
    const start = Date.now()
    await gapAfter(read, KEYS.plain, { 'retry-after': date.toUTCString() })
    expect(Date.now()).toBeGreaterThanOrEqual(date.getTime())
    expect(Date.now() - start).toBeLessThan(6_000)
  })

  test('a burst that hits every object twice: all match, each retry counted', async () => {
    const seen = new Map<string, number>()
    const fault = ({ key }: FaultRequest): Fault | undefined => {
      seen.set(key, (seen.get(key) ?? 0) + 1)
      return seen.get(key)! <= 2 ? failures.throttled : undefined
    }
    vault().fault({ operation: read, fault })
    const told = await vault().compare('a burst over all', { require: 'read' })
    const { size } = vault().files
    expect(told).toMatchObject({ keys: vault().allMatch, exit: 0, complete: true, retries: 2 * size })
    expect(told.report?.telemetry.operations?.[read]).toBe(3 * size)
  })

  test('without Retry-After: by the policy of the run', async () => {
    expect(await gapAfter(read, KEYS.plain, {})).toBeLessThan(900)
  })

  test('a Retry-After that is neither: by the policy of the run', async () => {
    expect(await gapAfter(read, KEYS.plain, { 'retry-after': 'soon' })).toBeLessThan(900)
  })
}

import { SPEEDS, secondsOf } from '@backproof/core/evidence'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('secondsOf', () => {
  it.each([
    ['nothing', { requests: 0, bytes: 0, concurrency: 16 }, 0],
    ['one request', { requests: 1, bytes: 0, concurrency: 1 }, 0.03],
    ['requests one after the other', { requests: 100, bytes: 0, concurrency: 1 }, 3],
    ['requests at the same time', { requests: 1_600, bytes: 0, concurrency: 16 }, 3],
    ['one large object', { requests: 1, bytes: 100e6, concurrency: 1 }, 1.03],
    ['large objects, which share one line', { requests: 16, bytes: 1_600e6, concurrency: 16 }, 16],
    ['a large file', { requests: 1, bytes: 500e6, concurrency: 1, local: true }, 1.000_1],
    ['small files', { requests: 10_000, bytes: 0, concurrency: 4, local: true }, 0.25],
    ['a concurrency below one', { requests: 100, bytes: 0, concurrency: 0 }, 3],
  ])('of %s', (_, work, seconds) => {
    expect(secondsOf(work)).toBeCloseTo(seconds, 9)
  })

  it('takes the figures of the host', () => {
    const speeds = { ...SPEEDS, requestSeconds: 1, networkBytesPerSecond: 10 }
    expect(secondsOf({ requests: 2, bytes: 100, concurrency: 1 }, speeds)).toBe(12)
    expect(secondsOf({ requests: 2, bytes: 100, concurrency: 1, local: true }, speeds)).toBeLessThan(0.01)
  })

  const count = fc.integer({ min: 0, max: 1e9 })
  const work = fc.record({
    requests: count,
    bytes: count,
    concurrency: fc.integer({ min: 1, max: 256 }),
    local: fc.boolean(),
  })

  it('never falls with more work, and never grows with more concurrency', () => {
    fc.assert(
      fc.property(work, count, count, fc.integer({ min: 0, max: 256 }), (some, requests, bytes, workers) => {
        const seconds = secondsOf(some)
        expect(seconds).toBeGreaterThanOrEqual(0)
        expect(secondsOf({ ...some, requests: some.requests + requests })).toBeGreaterThanOrEqual(seconds)
        expect(secondsOf({ ...some, bytes: some.bytes + bytes })).toBeGreaterThanOrEqual(seconds)
        expect(secondsOf({ ...some, concurrency: some.concurrency + workers })).toBeLessThanOrEqual(seconds)
      }),
    )
  })
})

import { collected, judge, storePolicy } from '@backproof/core/audit'
import { type CapacitySample, capacitySamples } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roomOf } from '../src/capacity.js'
import { capacityRunway } from '../src/rules/capacity-runway.js'
import { capacityUtilization } from '../src/rules/capacity-utilization.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
const LIMIT = 1_000_000

const noPolicy = collected(storePolicy, { state: 'absent', source: 'policy', observedAt: NOW })
const messages = (rule: Parameters<typeof judge>[0], items: readonly CapacitySample[]): readonly string[] =>
  judge(rule, {
    target: { kind: 'store', id: 'basement' },
    facts: [noPolicy],
    histories: [{ history: capacitySamples, items }],
    now: new Date(NOW),
  }).map(({ message }) => message)

describe('the runway of a store', () => {
  const DAYS = 60
  const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: DAYS, maxLength: DAYS })
  const wild = fc.array(fc.tuple(fc.integer({ min: 1, max: DAYS - 1 }), fc.nat(LIMIT)), { maxLength: DAYS / 5 })

  it('is found through noise as large as the growth of a day, and a fifth of days that say anything', () => {
    const runway = fc.oneof(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 120, max: 400 }))
    fc.assert(
      fc.property(runway, fc.integer({ min: 100, max: 1_000 }), noise, wild, (days, growth, noisy, outliers) => {
        const used = noisy.map((part, ago) => LIMIT - growth * (days + ago) + part * growth)
        for (const [ago, value] of outliers) used[ago] = value
        const samples = used.map((usedBytes, ago) => ({
          store: 'basement',
          at: NOW - ago * DAY,
          usedBytes: Math.max(0, usedBytes),
          limitBytes: LIMIT,
        }))
        expect(messages(capacityRunway(), samples)).toEqual([days < 90 ? 'too-short' : 'enough'])
      }),
      { numRuns: 150 },
    )
  })
})

describe('what is used of a store', () => {
  const amount = fc.integer({ min: 0, max: 10_000 })

  it('passes up to 80 % and never above, whatever the numbers', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 10_000 }), (usedBytes, limitBytes) => {
        const [message] = messages(capacityUtilization(), [{ store: 'basement', at: NOW, usedBytes, limitBytes }])
        // In whole numbers: 80 % are four fifths.
        expect(message === 'within').toBe(usedBytes * 5 <= limitBytes * 4)
        expect(message === 'nearly-full').toBe(usedBytes * 10 > limitBytes * 9)
      }),
      { numRuns: 300 },
    )
  })

  it('is held against the tighter of two limits', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(limit, limit, (limitBytes, quota) => {
        const sample = { store: 'basement', at: NOW, usedBytes: 1, limitBytes }
        const { limit: taken } = roomOf('bytes', sample, { id: 'basement', quotaBytes: quota ?? undefined })
        const known = [limitBytes, quota].filter((one) => one !== null)
        expect(taken).toBe(known.length === 0 ? null : Math.min(...known))
      }),
    )
  })
})

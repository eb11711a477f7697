import type { RecoveryPoint } from '@backproof/core/history'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addKept, createKeptTally, type Kept, keptOf, MOST_DAYS, shortOf } from '../../src/recovery-points/kept.js'

const DAY = 86_400_000
const point: RecoveryPoint = { id: 'a', asset: 'shop', created: 0 }

describe('how long a recovery point is kept', () => {
  it.each([
    ['until it expires', { expires: 35 * DAY }, 35, false],
    ['a moment less than a day is not a day', { expires: 35 * DAY - 1 }, 34, false],
    ['until its lock ends, where that is later', { expires: 7 * DAY, lockedUntil: 30 * DAY }, 30, false],
    ['without the lock that it does not have', { expires: 7 * DAY, lockedUntil: 30 * DAY, lockMode: 'none' }, 7, false],
    ['for ever', { expires: 'never' }, MOST_DAYS, false],
    ['at least as long as it is locked', { expires: null, lockedUntil: 30 * DAY }, 30, true],
    ['not for certain at all', {}, 0, true],
    ['not at all, where it expired before it was made', { expires: -DAY }, 0, false],
  ] as const)('%s', (_, more, days, open) => {
    expect(keptOf({ ...point, ...more })).toMatchObject({ days, open })
  })
})

describe('a tally', () => {
  const kept = fc
    .array(fc.integer({ min: 0, max: 100 }), { maxLength: 100 })
    .map((all) => all.map((days, i): Kept => ({ id: `${i}`, created: i, until: i + days * DAY, days, open: false })))

  it('counts all that are kept too short, and shows the shortest, earliest first', () => {
    fc.assert(
      fc.property(kept, fc.nat(120), (all, least) => {
        const tally = createKeptTally()
        for (const one of all) addKept(tally, one)
        const short = all.filter(({ days }) => days < least).sort((a, b) => a.days - b.days || a.created - b.created)
        expect(shortOf([{ tally, least }])).toEqual({ count: short.length, shown: short.slice(0, 20) })
      }),
    )
  })

  it('says the same when it is split by plan', () => {
    fc.assert(
      fc.property(kept, fc.nat(120), (all, least) => {
        const [whole, even, odd] = [createKeptTally(), createKeptTally(), createKeptTally()]
        all.forEach((one, i) => {
          addKept(whole, one)
          addKept(i % 2 === 0 ? even : odd, one)
        })
        const parts = [even, odd].map((tally) => ({ tally, least }))
        expect(shortOf(parts)).toEqual(shortOf([{ tally: whole, least }]))
      }),
    )
  })
})

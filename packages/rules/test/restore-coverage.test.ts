import type { FoldContext } from '@backproof/core/audit'
import type { Drill } from '@backproof/core/history'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assetTests, MOST_ASSETS, oldestPoints, oldestTested, shareTested } from '../src/restore-coverage.js'
import { DAY, NOW, restoreTest, shop } from './restore-test.js'

const YEAR = 365 * DAY
const context = { now: NOW, observedAt: NOW } as FoldContext<unknown>
const known = { state: 'known', items: 0, source: 'case', observedAt: NOW } as const

/** What the fold comes to. */
const folded = (tests: Iterable<Drill>) => {
  const { init, step } = assetTests(YEAR)
  let state = init()
  for (const test of tests) state = step(state, test, context)
  return { ...known, value: state }
}

const outcomes = fc.constantFrom('succeeded', 'failed', 'cancelled', 'running', 'unknown')
const test = fc.record({
  asset: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  daysAgo: fc.integer({ min: 0, max: 500 }),
  outcome: outcomes,
})

describe('the share of assets that were restored', () => {
  it('is what counting by hand gives', () => {
    fc.assert(
      fc.property(fc.array(test), fc.integer({ min: 1, max: 365 }), (rows, days) => {
        const ordered = [...rows].sort((a, b) => a.asset.localeCompare(b.asset) || b.daysAgo - a.daysAgo)
        const tests = folded(ordered.map(({ asset, daysAgo, outcome }) => restoreTest(daysAgo, { asset, outcome })))
        const assets = ['a', 'b', 'c'].map((id) => shop({ id }))
        const within = (outcome: string): ReadonlySet<string> =>
          new Set<string>(
            rows.filter((row) => row.outcome === outcome && row.daysAgo <= days).map(({ asset }) => asset),
          )
        const tested = assets.filter(({ id }) => within('succeeded').has(id))
        const open = assets.filter(({ id }) => within('unknown').has(id) && !within('succeeded').has(id))
        const share = shareTested({ assets, tests, now: NOW, until: NOW }, days * DAY)
        expect(share).toMatchObject({ assets: 3, tested: tested.length, perhaps: tested.length + open.length })
        expect(share.untested).toEqual(['a', 'b', 'c'].filter((id) => !within('succeeded').has(id)))
      }),
    )
  })

  it('is not known where a history names more assets than are remembered', () => {
    function* crowd(): Generator<Drill> {
      for (let index = 0; index <= MOST_ASSETS; index++) yield restoreTest(9, { asset: `asset-${1e6 + index}` })
    }
    const tests = folded(crowd())
    expect(tests.value.assets.size).toBe(MOST_ASSETS)
    const input = { assets: [shop(), shop({ id: 'asset-1000001' })], tests, now: NOW, until: NOW }
    expect(shareTested(input, YEAR)).toMatchObject({ tested: 1, perhaps: 2 })
    const points = {
      ...known,
      value: oldestPoints.step(oldestPoints.init(), { id: 'p', asset: 'shop', created: 1 }, context),
    }
    expect(oldestTested(input, YEAR, points).reason).toBe('not all restore tests of that time are known')
  })
})

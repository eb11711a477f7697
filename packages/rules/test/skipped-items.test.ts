import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { skippedItems } from '../src/skipped-items.js'

const ITEMS = fc.array(fc.constantFrom('/proc/1', '/proc/2', '/srv/a', '/srv/b', '/tmp/x'), { maxLength: 12 })
const IGNORE = fc.subarray(['/proc/*', '*/x', '/srv/b'])

describe('items that a run left out', () => {
  it('are counted exactly where all are named', () => {
    fc.assert(
      fc.property(ITEMS, IGNORE, (paths, ignore) => {
        const counted = paths.filter(
          (path) =>
            !(
              (path.startsWith('/proc/') && ignore.includes('/proc/*')) ||
              (path.endsWith('/x') && ignore.includes('*/x')) ||
              (path === '/srv/b' && ignore.includes('/srv/b'))
            ),
        )
        expect(skippedItems({ status: 'success', skippedItems: { count: paths.length, paths } }, ignore, 3)).toEqual({
          least: counted.length,
          most: counted.length,
          paths: counted.slice(0, 3),
        })
      }),
    )
  })

  it('are bounded truly where some are not named', () => {
    fc.assert(
      fc.property(ITEMS, IGNORE, fc.nat(12), (items, ignore, named) => {
        const { least: exact } = skippedItems(
          { status: 'warning', skippedItems: { count: items.length, paths: items } },
          ignore,
          20,
        )
        const { least, most } = skippedItems(
          { status: 'warning', skippedItems: { count: items.length, paths: items.slice(0, named) } },
          ignore,
          20,
        )
        expect(least).toBeLessThanOrEqual(exact)
        expect(most).toBeGreaterThanOrEqual(exact)
      }),
    )
  })

  it('are not fewer than those that are named, whatever the count says', () => {
    expect(skippedItems({ status: 'success', skippedItems: { count: 0, paths: ['/srv/a'] } }, [], 5).least).toBe(1)
  })

  it('are unknown where the system does not say', () => {
    expect(skippedItems({ status: 'success' }, [], 5)).toEqual({ least: 0, most: undefined, paths: [] })
    expect(skippedItems({ status: 'partial', skippedItems: null }, [], 5)).toEqual({
      least: 1,
      most: undefined,
      paths: [],
    })
  })
})
